/**
 * gRPC's health service as connections here carry it: HTTP/2's real preface, by which servers that do not speak it are
 * told apart, and behind it the call and its status as lines of text instead of frames.
 */
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const settings = 'SETTINGS\n'

/** What a server knows of a service's health; the codes are gRPC's. */
export interface Health {
  readonly code: 0 | 5 | 12
  /** A status of the health protocol, or an error's description. */
  readonly text: string
}

export const serving: Health = { code: 0, text: 'SERVING' }
export const unknownService: Health = { code: 5, text: 'unknown service' }
const names = { 0: 'OK', 5: 'NotFound', 12: 'Unimplemented' }

/** What a client sends to learn a service's health. */
export const healthRequest = (service: string): string => `${preface}grpc.health.v1.Health/Check ${service}\n`

/** Which service is asked for; 'more' when the request is not all there, undefined when it is something else. */
export function healthAsked(input: string): { readonly service: string } | 'more' | undefined {
  if (!input.startsWith(preface)) return preface.startsWith(input) ? 'more' : undefined
  const line = /^grpc\.health\.v1\.Health\/Check (.*)\n/.exec(input.slice(preface.length))
  return line ? { service: line[1]! } : 'more'
}

/** What a server that speaks gRPC says at once, and what it answers. */
export const greeting = settings
export const healthAnswer = ({ code, text }: Health): string => `${code} ${text}\n`

/** Has whoever was asked shown that it speaks gRPC? */
export const speaksGrpc = (received: string): boolean => received.startsWith(settings)

/** What an answer says, in the words of a health probe; undefined while it is not all there. */
export function healthIn(received: string): { readonly ok: boolean; readonly output: string } | undefined {
  const line = speaksGrpc(received) ? /^(0|5|12) (.*)\n/.exec(received.slice(settings.length)) : null
  if (!line) return undefined
  const [, code, text] = line
  if (code === '0')
    return text === serving.text
      ? { ok: true, output: 'service healthy' }
      : { ok: false, output: `service unhealthy (responded with "${text}")` }
  if (code === '12')
    return {
      ok: false,
      output: `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${text}`,
    }
  const name = names[Number(code) as keyof typeof names]
  return { ok: false, output: `error: health rpc probe failed: rpc error: code = ${name} desc = ${text}` }
}
