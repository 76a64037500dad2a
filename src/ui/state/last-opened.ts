const lastOpenedKey = 'kubecosm.playground'

/** This tab's playground, and the one that a new tab opens. */
export function rememberLastOpened(id: string): void {
  try {
    sessionStorage.setItem(lastOpenedKey, id)
    localStorage.setItem(lastOpenedKey, id)
  } catch {
    return
  }
}

export function recallLastOpened(): string | null {
  try {
    return sessionStorage.getItem(lastOpenedKey) ?? localStorage.getItem(lastOpenedKey)
  } catch {
    return null
  }
}
