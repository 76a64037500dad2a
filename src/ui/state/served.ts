const key = 'kubecosm.server'
const pattern = /^#server=([0-9a-f]{16,128})$/

let token: string | null = null

/** The token of the server that shows its cluster in this page, which a link brought to this tab; null in a page of its own. */
export function serverToken(): string | null {
  return token
}

/** Takes the token out of the address, or finds the one that an earlier load of this tab took. */
export function takeServerToken(): void {
  const found = pattern.exec(location.hash)?.[1]
  try {
    if (found) sessionStorage.setItem(key, found)
    token = found ?? sessionStorage.getItem(key)
  } catch {
    // Without storage the token lasts until the next load.
    token = found ?? null
  }
  if (found) history.replaceState(null, '', location.pathname + location.search)
}
