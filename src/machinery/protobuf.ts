import { encodeBase64 } from '../lib/base64.ts'
import { rfc3339 } from '../lib/time.ts'
import { utf8Text } from '../lib/utf8.ts'
import { parseGoJson } from './go-json.ts'
import { definition, type Definition } from './schema/schema.ts'

/** One message: its fields by number. Types are those of a FieldDescriptorProto. */
interface Message {
  readonly f: Readonly<Record<string, MessageField | undefined>>
  /** An entry of a map. */
  readonly map?: boolean
}
interface MessageField {
  readonly name: string
  readonly t: number
  /** The message's full name. */
  readonly tn?: string
  readonly rep?: boolean
}

/** All messages by full name, as facts/protobuf.json has them. Large: it stays out of the page. */
export type ProtobufTable = Readonly<Record<string, Message | undefined>>

/** What a protobuf body holds, as JSON, or why it cannot be read. */
export type ProtobufBody = { readonly value: unknown } | { readonly error: string }

const maxDepth = 100
const [int64, int32, bool, text, message, bytes] = [3, 5, 8, 9, 11, 12]
const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1'

class Unreadable extends Error {}

/** A reader of Kubernetes' protobuf bodies: `k8s\0` and a runtime.Unknown around the object. Never throws. */
export function protobufReader(table: ProtobufTable): (body: Uint8Array) => ProtobufBody {
  return (body) => {
    try {
      return { value: readEnvelope(table, body) }
    } catch (error) {
      if (error instanceof Unreadable) return { error: error.message }
      throw error
    }
  }
}

function readEnvelope(table: ProtobufTable, body: Uint8Array): unknown {
  if (body.length === 0) throw new Unreadable('empty data')
  const magic = [0x6b, 0x38, 0x73, 0x00]
  if (!magic.every((byte, index) => body[index] === byte))
    throw new Unreadable(`provided data does not appear to be a protobuf message, expected prefix [${magic.join(' ')}]`)
  let raw = new Uint8Array()
  const type = { apiVersion: '', kind: '' }
  for (const { number, value } of fieldsOf(body.subarray(magic.length))) {
    if (!(value instanceof Uint8Array)) continue
    if (number === 2) raw = new Uint8Array(value)
    if (number !== 1) continue
    for (const part of fieldsOf(value)) {
      if (!(part.value instanceof Uint8Array)) continue
      if (part.number === 1) type.apiVersion = utf8Text(part.value)
      if (part.number === 2) type.kind = utf8Text(part.value)
    }
  }
  const name = messageOf(table, type.apiVersion, type.kind)
  if (!name)
    throw new Unreadable(
      `no kind ${JSON.stringify(type.kind)} is registered for version ${JSON.stringify(type.apiVersion)}`,
    )
  return { kind: type.kind, apiVersion: type.apiVersion, ...readMessage(table, name, raw, definitionOf(name), 0) }
}

/** `apps/v1` `Deployment` is `k8s.io.api.apps.v1.Deployment`; what all groups share is the metadata's. */
function messageOf(table: ProtobufTable, apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? 'core' : apiVersion.slice(0, slash).split('.')[0]!
  const version = apiVersion.slice(slash + 1)
  const own = `k8s.io.api.${group}.${version}.${kind}`
  if (Object.hasOwn(table, own)) return own
  const shared = `${meta}.${kind}`
  return Object.hasOwn(table, shared) ? shared : undefined
}

function definitionOf(name: string): Definition | undefined {
  return definition(name.replace(/^k8s\.io\.(\w+)/, (_, part: string) => `io.k8s.${part.replaceAll('_', '-')}`))
}

function readMessage(
  table: ProtobufTable,
  name: string,
  data: Uint8Array,
  def: Definition | undefined,
  depth: number,
): Record<string, unknown> {
  if (depth > maxDepth) throw new Unreadable('exceeded max depth')
  const { f } = table[name] ?? { f: {} }
  const result: Record<string, unknown> = {}
  for (const { number, value } of fieldsOf(data)) {
    const field = Object.hasOwn(f, number) ? f[number]! : undefined
    if (!field) continue
    if (field.t === message && !isKnown(field, def)) {
      // A struct that Go embeds: its fields are the parent's.
      Object.assign(result, readMessage(table, field.tn!, bytesOf(field, value), def, depth + 1))
      continue
    }
    if (field.tn && table[field.tn]?.map) {
      const [key, item] = readEntry(table, field.tn, bytesOf(field, value), depth + 1)
      const entries = (result[field.name] ??= {}) as Record<string, unknown>
      Object.defineProperty(entries, key, { value: item, enumerable: true, writable: true, configurable: true })
      continue
    }
    const read = readValue(table, field, value, depth)
    if (read === undefined) continue
    if (!field.rep) result[field.name] = read
    else {
      const items = (result[field.name] ??= []) as unknown[]
      if (items.length >= 1_000_000) throw new Unreadable('too many items')
      items.push(read)
    }
  }
  return result
}

function isKnown({ name, rep }: MessageField, def: Definition | undefined): boolean {
  return rep === true || !def || def.fields.has(name)
}

function readEntry(table: ProtobufTable, name: string, data: Uint8Array, depth: number): [string, unknown] {
  const { f } = table[name]!
  const [key, value] = [f[1]!, f[2]!]
  let entry: [string, unknown] = [
    '',
    value.t === message
      ? readMessageValue(table, value.tn!, new Uint8Array(), depth)
      : value.t === bytes
        ? ''
        : zeroOf(value.t),
  ]
  for (const part of fieldsOf(data)) {
    if (part.number === 1) entry = [String(readValue(table, key, part.value, depth)), entry[1]]
    if (part.number === 2) entry = [entry[0], readValue(table, value, part.value, depth) ?? '']
  }
  return entry
}

const zeroOf = (type: number) => (type === text ? '' : type === bool ? false : 0)

function readValue(table: ProtobufTable, field: MessageField, value: Wire, depth: number): unknown {
  switch (field.t) {
    case text:
      return utf8Text(bytesOf(field, value))
    case bytes:
      return encodeBase64(bytesOf(field, value))
    case message:
      return readMessageValue(table, field.tn!, bytesOf(field, value), depth + 1)
    case bool:
      return numberOf(field, value) !== 0n
    case int64:
      return Number(BigInt.asIntN(64, numberOf(field, value)))
    case int32:
      return Number(BigInt.asIntN(32, numberOf(field, value)))
    default:
      throw new Unreadable(`proto: unsupported type of field ${field.name}`)
  }
}

/** The types that are something else in JSON than in protobuf. */
function readMessageValue(table: ProtobufTable, name: string, data: Uint8Array, depth: number): unknown {
  const plain = () => readMessage(table, name, data, undefined, depth)
  switch (name.slice(name.lastIndexOf('.') + 1)) {
    case 'Time':
    case 'MicroTime':
      return data.length === 0 ? undefined : timeText(plain(), name.endsWith('MicroTime'))
    case 'Quantity':
      return (plain().string as string | undefined) ?? '0'
    case 'IntOrString': {
      const { type = 0, intVal = 0, strVal = '' } = plain()
      return type === 1 ? strVal : intVal
    }
    case 'Duration':
      if (name.startsWith(meta)) return durationText(Number(plain().duration ?? 0))
      break
    case 'RawExtension':
    case 'FieldsV1':
      return embeddedJson(data)
    case 'ExtraValue':
    case 'Verbs':
      return plain().items ?? []
  }
  return readMessage(table, name, data, definitionOf(name), depth)
}

function timeText({ seconds = 0, nanos = 0 }: { seconds?: unknown; nanos?: unknown }, micro: boolean): string {
  if (Math.abs(Number(seconds)) > 253_402_300_799) throw new Unreadable('proto: time out of range')
  const whole = rfc3339(Number(seconds) * 1000)
  return micro ? whole.replace('Z', `.${String(Math.floor(Number(nanos) / 1000)).padStart(6, '0')}Z`) : whole
}

/** Nanoseconds as Go prints a time.Duration, as far as whole milliseconds go. */
function durationText(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  const sign = nanoseconds < 0 ? '-' : ''
  const total = Math.abs(nanoseconds) / 1e9
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60]
  const seconds = Number((total % 60).toFixed(9))
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`
}

function embeddedJson(data: Uint8Array): unknown {
  for (const { number, value } of fieldsOf(data)) {
    if (number !== 1 || !(value instanceof Uint8Array)) continue
    const parsed = parseGoJson(utf8Text(value))
    if (!parsed.ok) throw new Unreadable(parsed.message)
    return parsed.value
  }
  return undefined
}

type Wire = bigint | Uint8Array

function bytesOf(field: MessageField, value: Wire): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new Unreadable(`proto: wrong wireType = 0 for field ${field.name}`)
}

function numberOf(field: MessageField, value: Wire): bigint {
  if (typeof value === 'bigint') return value
  throw new Unreadable(`proto: wrong wireType = 2 for field ${field.name}`)
}

/** The fields of a message's bytes, in their order. */
function* fieldsOf(data: Uint8Array): Generator<{ number: number; value: Wire }> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++]
      if (byte === undefined) throw new Unreadable('unexpected EOF')
      if (shift >= 64n) throw new Unreadable('proto: integer overflow')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (length: number): Uint8Array => {
    if (length > data.length - at) throw new Unreadable('unexpected EOF')
    at += length
    return data.subarray(at - length, at)
  }
  while (at < data.length) {
    const tag = varint()
    const number = Number(tag >> 3n)
    if (number <= 0 || number > 0x1fffffff) throw new Unreadable(`proto: illegal tag ${number} (wire type ${tag & 7n})`)
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, value: varint() }
        break
      case 1:
        yield { number, value: take(8) }
        break
      case 2:
        yield { number, value: take(Number(varint())) }
        break
      case 5:
        yield { number, value: take(4) }
        break
      default:
        throw new Unreadable(`proto: illegal wireType ${tag & 7n}`)
    }
  }
}
