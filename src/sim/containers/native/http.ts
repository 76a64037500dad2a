import { formatDate } from '../tools/date-format.ts'

/** HTTP/1.1 as servers and those who call them speak it. Text is bytes. */
export interface HttpRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** With its question mark, or ''. */
  readonly query: string
  readonly version: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Who asks, and which port was asked. */
  readonly peer: string
  readonly port: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const headersAtMost = 32_768
const bodyAtMost = 8 * 1024 * 1024

/** The first request in what has come; undefined while it is not all there, 'bad' when it is none. */
export function readRequest(
  text: string,
  peer: string,
  port: number,
): { readonly request: HttpRequest; readonly rest: string } | 'bad' | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return text.length > headersAtMost || !/^[A-Z]{0,20}(?: |$)/.test(text) ? 'bad' : undefined
  const [first, ...lines] = text.slice(0, end).split('\r\n')
  const line = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/.exec(first!)
  if (!line) return 'bad'
  const headers: Record<string, string> = {}
  for (const one of lines) {
    const colon = one.indexOf(':')
    const name = one.slice(0, colon).toLowerCase()
    if (colon > 0 && name !== '__proto__') headers[name] = one.slice(colon + 1).trim()
  }
  const target = line[2]!.replace(/^http:\/\/[^/]*/, '') || '/'
  const question = target.indexOf('?')
  const body = bodyIn(text.slice(end + 4), headers)
  if (!body) return undefined
  if (body === 'bad') return 'bad'
  const request = {
    method: line[1]!,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question),
    version: line[3]!,
    headers,
    body: body.body,
    peer,
    port,
  }
  return { request, rest: body.rest }
}

/** What follows the headers, by length or in chunks. */
function bodyIn(
  text: string,
  headers: Readonly<Record<string, string>>,
): { readonly body: string; readonly rest: string } | 'bad' | undefined {
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return chunksIn(text)
  const length = Number(headers['content-length'] ?? 0)
  if (!Number.isSafeInteger(length) || length < 0 || length > bodyAtMost) return 'bad'
  return text.length < length ? undefined : { body: text.slice(0, length), rest: text.slice(length) }
}

function chunksIn(text: string): { readonly body: string; readonly rest: string } | 'bad' | undefined {
  let body = ''
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = Number.parseInt(text.slice(at, end), 16)
    if (!(size >= 0) || body.length + size > bodyAtMost) return 'bad'
    if (text.length < end + 4 + size) return undefined
    body += text.slice(end + 2, end + 2 + size)
    at = end + 4 + size
    if (size === 0) return { body, rest: text.slice(at) }
  }
}

/** A response that somebody else sent, once it is all there; `ended`: no more of it comes. */
export function readAnswer(text: string, ended: boolean): HttpAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)
  if (end < 0 || !status) return undefined
  const headers: Record<string, string> = {}
  for (const one of text.slice(0, end).split('\r\n').slice(1)) {
    const colon = one.indexOf(':')
    const name = one.slice(0, colon).toLowerCase()
    if (colon > 0 && name !== '__proto__') headers[name] = one.slice(colon + 1).trim()
  }
  const rest = text.slice(end + 4)
  const sized = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  const body = sized ? bodyIn(rest, headers) : ended ? { body: rest, rest: '' } : undefined
  if (body === 'bad' || !body) return ended ? { status: Number(status[1]), headers, body: rest } : undefined
  return { status: Number(status[1]), headers, body: body.body }
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
}

/** The words of a status. */
export const reasonOf = (status: number): string => reasons[status] ?? 'Unknown'

/** An answer as it is sent. */
export function answerText(
  answer: HttpAnswer,
  {
    method = 'GET',
    server,
    wall,
    close,
  }: { method?: string; server?: string | undefined; wall: number; close: boolean },
): string {
  const { status, headers = {}, body = '' } = answer
  const lines = [`HTTP/1.1 ${status} ${reasonOf(status)}`]
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  if (server && !given.has('server')) lines.push(`Server: ${server}`)
  if (!given.has('date')) lines.push(`Date: ${formatDate('%a, %d %b %Y %H:%M:%S GMT', wall)}`)
  if (!given.has('content-type') && body !== '') lines.push('Content-Type: text/plain; charset=utf-8')
  if (!given.has('content-length') && status !== 204 && status !== 304) lines.push(`Content-Length: ${body.length}`)
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  lines.push(`Connection: ${close ? 'close' : 'keep-alive'}`)
  return `${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`
}
