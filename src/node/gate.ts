import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * May a request come in at all? A page of another site must reach nothing here, by whatever name it finds the port: it
 * would name its own host, or its own origin. Returns why not.
 */
export function refusal(headers: IncomingHttpHeaders, hosts: readonly string[]): string | undefined {
  const host = hostOf(headers.host)
  if (host === undefined || !hosts.includes(host)) return 'This host is not served.'
  const { origin } = headers
  if (origin === undefined) return undefined
  try {
    const from = new URL(origin).hostname.replace(/^\[|\]$/g, '')
    return hosts.includes(from) ? undefined : 'Requests from this origin are refused.'
  } catch {
    return 'Requests from this origin are refused.'
  }
}

/** `[::1]:8443` → `::1` */
function hostOf(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header)
  return match ? (match[1] ?? match[2])!.toLowerCase() : undefined
}

/** Compares two secrets in a time that tells nothing of them. */
export function sameSecret(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
