import { type HttpAnswer, readAnswer } from '../native/http.ts'
import type { System, Wait } from '../kernel/types.ts'

/** Where a URL leads. */
export interface Target {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  /** With the query, without the fragment. */
  readonly path: string
  /** `name:secret` of the URL. */
  readonly user?: string
}

/** Reads a URL; without a scheme it is http. */
export function targetOf(url: string): Target | undefined {
  const match = /^(?:(https?|ftp):\/\/)?(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#]+)(?::(\d*))?([/?][^#]*)?/i.exec(url)
  if (!match || (/^[a-z]+:\/\//i.test(url) && !match[1])) return undefined
  const secure = /^https$/i.test(match[1] ?? '')
  const path = match[5] ?? '/'
  return {
    secure,
    host: match[3]!.replace(/^\[|\]$/g, ''),
    port: Number(match[4] || (secure ? 443 : 80)),
    path: path.startsWith('/') ? path : `/${path}`,
    ...(match[2] !== undefined && { user: match[2] }),
  }
}

/** `host:port`, the port only when it is not the scheme's own. */
export const authorityOf = ({ host, port, secure }: Target): string =>
  port === (secure ? 443 : 80) ? host : `${host}:${port}`

/** The URL that a `Location` stands for. */
export function redirected(from: Target, location: string): string {
  if (/^https?:\/\//i.test(location)) return location
  const base = `${from.secure ? 'https' : 'http'}://${authorityOf(from)}`
  return location.startsWith('/') ? base + location : base + from.path.replace(/[^/]*$/, '') + location
}

/** A question on its way: plain data. */
export interface Exchange {
  fd?: number
  address?: string
  got: string
  sent?: true
  began: number
}

export type Outcome =
  | { readonly failed: 'name' | 'connect' | 'connectTime' | 'time' | 'empty' | 'reset'; readonly errno?: string }
  | { readonly answer: HttpAnswer; readonly head: string }

export interface Limits {
  /** Virtual times. */
  readonly connectUntil?: number
  readonly until?: number
}

/** Asks, and waits for the whole answer. */
export function exchange(
  system: System,
  state: Exchange,
  where: { readonly host: string; readonly port: number },
  request: string,
  limits: Limits,
): Wait | 'again' | Outcome {
  if (state.fd === undefined) {
    const address = system.lookUp(where.host)[0]
    if (address === undefined) return { failed: 'name' }
    state.address = address
    state.fd = system.connect(address, where.port)
  }
  const { fd } = state
  const close = <Result>(result: Result): Result => {
    system.close(fd)
    delete state.fd
    return result
  }
  const status = system.socket(fd)?.status ?? 'closed'
  if (!state.sent) {
    const until = Math.min(limits.connectUntil ?? Infinity, limits.until ?? Infinity)
    if (status === 'connecting')
      return system.now() >= until
        ? close({ failed: 'connectTime' })
        : { for: 'connected', fd, ...(until !== Infinity && { until }) }
    if (status !== 'open' && status !== 'closed') return close({ failed: 'connect', errno: status })
    state.sent = true
    system.write(fd, request)
  }
  for (;;) {
    const text = system.read(fd)
    const ended = typeof text !== 'string'
    if (!ended) state.got += text
    const answer = readAnswer(state.got, ended)
    if (answer && answer.status !== 100)
      return close({ answer, head: state.got.slice(0, state.got.indexOf('\r\n\r\n')) })
    if (ended) {
      const reset = text !== undefined
      return close({ failed: reset ? 'reset' : 'empty', ...(reset && { errno: text.errno }) })
    }
    if (text === '') {
      if (limits.until !== undefined && system.now() >= limits.until) return close({ failed: 'time' })
      return { for: 'readable', fd, ...(limits.until !== undefined && { until: limits.until }) }
    }
    if (!system.spend(1)) return 'again'
  }
}

/** Has a question come to its end? */
export const isOutcome = (value: Wait | 'again' | Outcome): value is Outcome =>
  typeof value === 'object' && !('for' in value)

/** A request as it is sent. */
export const requestText = (
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
  body = '',
): string =>
  `${method} ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
