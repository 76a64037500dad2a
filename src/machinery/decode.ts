import { canonicalQuantity, quantityFormatText } from './quantity.ts'
import { definition, type Definition, type Field, type SchemaRef, type SchemaType } from './schema/schema.ts'

export interface Decoded {
  /** A copy that may be changed: unknown fields dropped, zero values and quantities as Go would answer them. */
  readonly object: any
  /** `unknown field "spec.minAvailible"`, in the order of the input. */
  readonly strictErrors: readonly string[]
  /** What Go's JSON decoder says of the first value of a wrong type; the request is a 400 then. */
  readonly typeError?: string
}

interface Context {
  readonly path: (string | number)[]
  readonly strictErrors: string[]
  typeError: string | undefined
}

/** Reads JSON as Go would into the type that the schema names. Throws only when there is no such schema. */
export function decodeStrict(object: unknown, schema: SchemaRef): Decoded {
  const def = definition(schema)
  if (!def) throw new Error(`no schema ${String(schema)}`)
  if (def.decode) return def.decode(object)
  const context: Context = { path: [], strictErrors: [], typeError: undefined }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    const typeError = `json: cannot unmarshal ${jsonKind(object)} into Go value of type ${goStruct(def)}`
    return { object: {}, strictErrors: [], typeError }
  }
  const result = decodeStruct(context, def, object as Record<string, unknown>)
  return context.typeError === undefined
    ? { object: result, strictErrors: context.strictErrors }
    : { object: result, strictErrors: context.strictErrors, typeError: context.typeError }
}

function decodeStruct(context: Context, def: Definition, source: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const { path } = context
  const fields = def.fields
  for (const key in source) {
    const field = fields.get(key)
    if (!field) {
      path.push(key)
      if (context.strictErrors.length < 100) context.strictErrors.push(`unknown field "${fieldPath(path)}"`)
      path.pop()
      continue
    }
    const value = source[key]
    if (value === null || value === undefined) continue
    path.push(key)
    const decoded = decodeValue(context, def, field, field.type, value)
    path.pop()
    if (decoded === undefined || (!field.pointer && !field.required && isOmitted(decoded, field.type))) continue
    result[key] = decoded
  }
  if (def.always.length) addAlways(def, result)
  return result
}

function addAlways(def: Definition, result: Record<string, unknown>): void {
  for (const field of def.always) {
    if (result[field.name] !== undefined) continue
    if (!field.struct) {
      result[field.name] = field.default
      continue
    }
    const empty: Record<string, unknown> = {}
    if (field.type.definition?.always.length) addAlways(field.type.definition, empty)
    result[field.name] = empty
  }
}

const scalarZeros: Partial<Record<SchemaType['kind'], unknown>> = {
  string: '',
  int32: 0,
  int64: 0,
  double: 0,
  boolean: false,
  quantity: '0',
  intOrString: 0,
}

/** What Go makes of null inside a list or a map. */
function zeroOf(context: Context, items: SchemaType): unknown {
  if (items.kind === 'ref') return decodeStruct(context, items.definition!, {})
  return scalarZeros[items.kind] ?? null
}

/** Would `omitempty` leave it out? */
function isOmitted(value: unknown, type: SchemaType): boolean {
  switch (type.kind) {
    case 'string':
    case 'bytes':
      return value === ''
    case 'int32':
    case 'int64':
    case 'double':
      return value === 0
    case 'boolean':
      return value === false
    case 'array':
      return (value as unknown[]).length === 0
    case 'map':
      for (const _ in value as object) return false
      return true
    default:
      return false
  }
}

function decodeValue(context: Context, owner: Definition, field: Field, type: SchemaType, value: unknown): unknown {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? value : mismatch(context, owner, value, field.goType ?? 'string')
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(context, owner, value, 'bool')
    case 'int32':
    case 'int64':
      return decodeInteger(context, owner, type.kind, value)
    case 'double':
      return typeof value === 'number' ? value : mismatch(context, owner, value, 'float64')
    case 'ref':
      if (typeof value === 'object' && !Array.isArray(value))
        return decodeStruct(context, type.definition!, value as Record<string, unknown>)
      return mismatch(context, owner, value, goStruct(type.definition!))
    case 'array':
      return Array.isArray(value)
        ? decodeArray(context, owner, field, type.items!, value)
        : mismatch(context, owner, value, goType(type))
    case 'map':
      if (typeof value === 'object' && !Array.isArray(value))
        return decodeMap(context, owner, field, type.items!, value as Record<string, unknown>)
      return mismatch(context, owner, value, goType(type))
    case 'quantity': {
      const canonical = typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : undefined
      return canonical ?? fail(context, quantityFormatText)
    }
    case 'intOrString':
      if (typeof value === 'string') return value
      return decodeInteger(context, owner, 'int32', value)
    case 'bytes':
      return decodeBytes(context, owner, value)
    case 'time':
    case 'microtime':
      return decodeTime(context, owner, type.kind === 'microtime', value)
    default:
      return value
  }
}

function decodeArray(
  context: Context,
  owner: Definition,
  field: Field,
  items: SchemaType,
  value: readonly unknown[],
): unknown[] {
  const result: unknown[] = new Array(value.length)
  for (let index = 0; index < value.length; index++) {
    const item = value[index]
    context.path.push(index)
    if (item === null) result[index] = zeroOf(context, items)
    else result[index] = decodeValue(context, owner, field, items, item)
    context.path.pop()
  }
  return result
}

function decodeMap(
  context: Context,
  owner: Definition,
  field: Field,
  items: SchemaType,
  value: Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key in value) {
    const item = value[key]
    let decoded: unknown
    if (item === null) decoded = zeroOf(context, items)
    else if (items.kind === 'string' && typeof item === 'string') decoded = item
    else {
      context.path.push(key)
      decoded = decodeValue(context, owner, field, items, item)
      context.path.pop()
    }
    // A key named __proto__ would set the prototype instead.
    if (key === '__proto__')
      Object.defineProperty(result, key, { value: decoded, enumerable: true, writable: true, configurable: true })
    else result[key] = decoded
  }
  return result
}

function decodeInteger(context: Context, owner: Definition, kind: 'int32' | 'int64', value: unknown): unknown {
  if (typeof value !== 'number') return mismatch(context, owner, value, kind)
  const limit = kind === 'int64' ? 2 ** 63 : 2 ** 31
  if (Number.isInteger(value) && value < limit && value >= -limit) return value
  return mismatch(context, owner, value, kind, `number ${value}`)
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function decodeBytes(context: Context, owner: Definition, value: unknown): unknown {
  if (typeof value !== 'string') return mismatch(context, owner, value, '[]uint8')
  // Go ignores line breaks inside base64 and answers without them.
  const text = value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]/g, '') : value
  return base64.test(text) ? text : fail(context, `illegal base64 data at input byte ${firstIllegal(value)}`)
}

function firstIllegal(text: string): number {
  const index = text.search(/[^A-Za-z0-9+/=\r\n]/)
  if (index >= 0) return index
  const padding = text.indexOf('=')
  if (padding >= 0) {
    if (padding % 4 < 2) return padding
    const end = padding % 4 === 2 ? padding + 2 : padding + 1
    if (text.slice(padding, end) !== '='.repeat(end - padding)) return Math.min(text.length, padding + 1)
    return end
  }
  return Math.floor(text.length / 4) * 4 + (text.length % 4 ? Math.max(0, text.length % 4) : 0)
}

const rfc3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

function decodeTime(context: Context, owner: Definition, micro: boolean, value: unknown): unknown {
  if (typeof value !== 'string') return mismatch(context, owner, value, 'string')
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00'
  if (!rfc3339.test(value)) {
    const stuck = /^\d{4}/.test(value) ? value.slice(4) : value
    return fail(
      context,
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(stuck)} as ${JSON.stringify(stuck === value ? '2006' : '-')}`,
    )
  }
  if (!micro) return value.replace(/\.\d+/, '')
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? ''
  return value.replace(/(\.\d+)?(?=Z|[+-]\d\d:\d\d$)/, `.${fraction.slice(0, 6).padEnd(6, '0')}`)
}

function fail(context: Context, message: string): undefined {
  context.typeError ??= message
  return undefined
}

function mismatch(
  context: Context,
  owner: Definition,
  value: unknown,
  goTypeName: string,
  what = jsonKind(value),
): undefined {
  const names = context.path.filter((part) => typeof part === 'string')
  // A map's key is no struct field: Go names the map.
  const known = structPath(context.path, owner) ?? names
  return fail(
    context,
    `json: cannot unmarshal ${what} into Go struct field ${owner.short}.${known.join('.')} of type ${goTypeName}`,
  )
}

/** The path without list indices, and without a map's key at its end. */
function structPath(path: readonly (string | number)[], owner: Definition): string[] | undefined {
  const names = path.filter((part): part is string => typeof part === 'string')
  const last = names.at(-1)
  if (last !== undefined && !owner.fields.has(last)) return names.slice(0, -1)
  const before = names.at(-2)
  const parent = before === undefined ? undefined : owner.fields.get(before)
  if (parent?.type.kind === 'map' && parent.type.items?.kind !== 'ref' && path.length > 1) return names.slice(0, -1)
  return names
}

function jsonKind(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function goStruct(def: Definition): string {
  const parts = def.name.split('.')
  return `${parts.at(-2)}.${def.short}`
}

function goType(type: SchemaType): string {
  switch (type.kind) {
    case 'array':
      return `[]${goType(type.items!)}`
    case 'map':
      return type.items!.kind === 'quantity' ? 'v1.ResourceList' : `map[string]${goType(type.items!)}`
    case 'ref':
      return goStruct(type.definition!)
    case 'boolean':
      return 'bool'
    case 'double':
      return 'float64'
    case 'bytes':
      return '[]uint8'
    case 'int32':
    case 'int64':
      return type.kind
    case 'quantity':
      return 'resource.Quantity'
    case 'intOrString':
      return 'intstr.IntOrString'
    default:
      return type.kind === 'time' ? 'v1.Time' : 'string'
  }
}

/** `spec.containers[0].image`. */
export function fieldPath(path: readonly (string | number)[]): string {
  let text = ''
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text ? `.${part}` : part
  return text
}
