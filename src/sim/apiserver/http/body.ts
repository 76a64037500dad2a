import { utf8Bytes, utf8Length, utf8Text } from '../../../lib/utf8.ts'
import { badRequest, StatusError, unsupportedMediaType } from '../../../machinery/errors.ts'
import { parseGoJson } from '../../../machinery/go-json.ts'
import { readYaml } from '../../../machinery/yaml.ts'
import type { HttpExtras, HttpRequest } from './messages.ts'
import { goYamlError } from './yaml-errors.ts'

/** A request's body before it is known what it should be. `text` is JSON where there is any. */
export interface RawBody {
  readonly value: unknown
  readonly text: string | undefined
  /** Keys that came twice in a YAML text, as its decoder says it. */
  readonly yamlErrors: readonly string[]
}

/** A body that cannot be read: what the decoder says, and the body for the message. */
export class UnreadableBody extends Error {
  readonly body: string
  constructor(message: string, body: string) {
    super(message)
    this.body = body
  }
}

const maxBodyBytes = 3 * 1024 * 1024
const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** The type of the body without its parameters; '' when there is none. */
export function mediaType({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}

/** 413 when the body is larger than the API server reads. */
export function checkSize({ body }: HttpRequest): void {
  if (!body || body.length * 3 <= maxBodyBytes) return
  if (body.length > maxBodyBytes || (typeof body === 'string' && utf8Length(body) > maxBodyBytes))
    throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBodyBytes}`)
}

/** The body as text; bytes are read as UTF-8. */
export function bodyText({ body = '' }: HttpRequest): string {
  return typeof body === 'string' ? body : utf8Text(body)
}

/** Reads a body in any of the types that objects come in. Throws 415, or UnreadableBody. */
export function readObjectBody(request: HttpRequest, extras: HttpExtras): RawBody {
  const type = mediaType(request) || 'application/json'
  if (!objectTypes.includes(type)) throw unsupportedMediaType(objectTypes)
  if (type === 'application/vnd.kubernetes.protobuf') return readProtobuf(request, extras)
  const text = bodyText(request)
  return type === 'application/yaml' ? readYamlText(text) : readJsonText(text)
}

function readJsonText(text: string): RawBody {
  const parsed = parseGoJson(text)
  if (!parsed.ok) throw new UnreadableBody(`couldn't get version/kind; json parse error: ${parsed.message}`, text)
  return { value: parsed.value, text, yamlErrors: [] }
}

/** YAML, or the JSON that clients also send as such. Only the first document counts. */
export function readYamlText(text: string): RawBody {
  const source = text.trimStart()
  if (source.startsWith('{')) {
    const parsed = parseGoJson(text)
    if (parsed.ok) return { value: parsed.value, text, yamlErrors: [] }
  }
  const [document] = readYaml(text, { tolerant: true })
  if (!document) return { value: null, text: undefined, yamlErrors: [] }
  if (document.error) throw new UnreadableBody(goYamlError(document.error, text), text)
  // Go turns YAML into a map first, so that what follows sees its keys in order.
  return { value: sorted(document.value), text: undefined, yamlErrors: document.duplicates ?? [] }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort())
    Object.defineProperty(result, key, {
      value: sorted((value as Record<string, unknown>)[key]),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  return result
}

function readProtobuf(request: HttpRequest, { decodeProtobuf }: HttpExtras): RawBody {
  if (!decodeProtobuf) throw unsupportedMediaType(objectTypes.slice(0, 2))
  const { body = '' } = request
  const bytes = typeof body === 'string' ? Uint8Array.from(body, (character) => character.charCodeAt(0) & 255) : body
  const decoded = decodeProtobuf(bytes)
  if ('error' in decoded) throw new UnreadableBody(decoded.error, typeof body === 'string' ? body : '')
  return { value: decoded.value, text: undefined, yamlErrors: [] }
}

/** 400 with a summary of the body. Upstream: handlers.transformDecodeError and summarizeData. */
export function unrecognized(error: UnreadableBody, kind: string): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${error.message} (${summary(error.body)})`,
  )
}

function summary(body: string): string {
  if (body.length === 0) return '<empty>'
  const limit = 30
  if (body.startsWith('{')) return body.length > limit ? `${body.slice(0, limit)} ...` : body
  const bytes = utf8Bytes(body.slice(0, limit + 1))
  const hex = bytes.slice(0, limit).map((byte) => byte.toString(16).padStart(2, '0'))
  return bytes.length > limit ? `${hex.join('')} ...` : hex.join('')
}
