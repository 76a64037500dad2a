/** What the checker knows of a value. */
export type CelType =
  | { readonly kind: Simple }
  | { readonly kind: 'list'; readonly item: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly value: CelType }
  | { readonly kind: 'object'; readonly name: string; field(name: string): CelType | undefined }
  | { readonly kind: 'opaque'; readonly name: string }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'type'; readonly of?: CelType }

type Simple = 'dyn' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'timestamp' | 'duration'

const simple = (kind: Simple): CelType => Object.freeze({ kind })
export const dyn = simple('dyn')
/** What came of an expression that is wrong: it fits anywhere, so that one mistake is told once. */
export const errorType: CelType = Object.freeze({ kind: 'dyn' as const })
export const nullType = simple('null')
export const bool = simple('bool')
export const int = simple('int')
export const uint = simple('uint')
export const double = simple('double')
export const string = simple('string')
export const bytes = simple('bytes')
export const timestamp = simple('timestamp')
export const duration = simple('duration')
export const listOf = (item: CelType): CelType => ({ kind: 'list', item })
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value })
export const optionalOf = (value: CelType): CelType => ({ kind: 'optional', value })

const simpleTypes: Readonly<Record<string, CelType | undefined>> = {
  dyn,
  null: nullType,
  bool,
  int,
  uint,
  double,
  string,
  bytes,
  timestamp,
  duration,
}

/** Reads `list(string)`, `map(K, V)`, `optional(T)`, `T`, or the name of a type with values of its own. */
export function parseType(text: string): CelType {
  const known = simpleTypes[text]
  if (known) return known
  if (/^[A-Z]$/.test(text)) return { kind: 'param', name: text }
  if (text === 'type') return { kind: 'type' }
  const composed = /^(list|map|optional)\((.*)\)$/.exec(text)
  if (!composed) return { kind: 'opaque', name: text }
  const parts = splitTypes(composed[2]!)
  if (composed[1] === 'list') return listOf(parseType(parts[0]!))
  if (composed[1] === 'optional') return optionalOf(parseType(parts[0]!))
  return mapOf(parseType(parts[0]!), parseType(parts[1]!))
}

/** Splits at the commas outside of brackets. */
export function splitTypes(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const char = text[at]
    if (char === '(') depth++
    else if (char === ')') depth--
    if ((char === ',' && depth === 0) || at === text.length) {
      if (at > start) parts.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  return parts
}

/** As cel-go writes a type in its messages. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${typeText(type.item)})`
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.value)})`
    case 'optional':
      return `optional_type(${typeText(type.value)})`
    case 'object':
    case 'opaque':
      return type.name
    case 'param':
      return 'dyn'
    case 'dyn':
      return type === errorType ? '!error!' : 'dyn'
    case 'type':
      return type.of ? `type(${typeText(type.of)})` : 'type'
    default:
      return type.kind
  }
}

export type Bindings = Map<string, CelType>

/** May a value of `actual` stand where `wanted` is asked for? Binds the parameters of `wanted`. */
export function assignable(wanted: CelType, actual: CelType, bindings: Bindings): boolean {
  if (wanted.kind === 'param') {
    const bound = bindings.get(wanted.name)
    if (!bound) {
      bindings.set(wanted.name, actual)
      return true
    }
    const joined = join(bound, actual)
    if (!joined) return false
    bindings.set(wanted.name, joined)
    return true
  }
  if (wanted.kind === 'dyn' || actual.kind === 'dyn' || actual.kind === 'param') return true
  if (actual.kind === 'null') return wanted.kind === 'null' || nullable.has(wanted.kind)
  if (wanted.kind !== actual.kind) return false
  switch (wanted.kind) {
    case 'list':
      return assignable(wanted.item, (actual as typeof wanted).item, bindings)
    case 'map': {
      const other = actual as typeof wanted
      return assignable(wanted.key, other.key, bindings) && assignable(wanted.value, other.value, bindings)
    }
    case 'optional':
      return assignable(wanted.value, (actual as typeof wanted).value, bindings)
    case 'object':
    case 'opaque':
      return wanted.name === (actual as typeof wanted).name
    default:
      return true
  }
}

/** Types whose values may be null. */
const nullable = new Set<CelType['kind']>(['object', 'opaque', 'timestamp', 'duration', 'optional'])

/** The type of either of two values; undefined when they have none in common. */
export function join(left: CelType, right: CelType): CelType | undefined {
  if (left.kind === 'dyn' || right.kind === 'dyn') return dyn
  if (left.kind === 'param') return right
  if (right.kind === 'param') return left
  if (assignable(left, right, new Map())) return right.kind === 'null' ? left : merge(left, right)
  return assignable(right, left, new Map()) ? right : undefined
}

/** Of `list(dyn)` and `list(int)`, the wider one. */
function merge(left: CelType, right: CelType): CelType {
  if (left.kind === 'list' && right.kind === 'list') return listOf(join(left.item, right.item) ?? dyn)
  if (left.kind === 'map' && right.kind === 'map')
    return mapOf(join(left.key, right.key) ?? dyn, join(left.value, right.value) ?? dyn)
  return left
}

/** A type with its parameters replaced; those that nothing bound are dyn. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  switch (type.kind) {
    case 'param':
      return bindings.get(type.name) ?? dyn
    case 'list':
      return listOf(substitute(type.item, bindings))
    case 'map':
      return mapOf(substitute(type.key, bindings), substitute(type.value, bindings))
    case 'optional':
      return optionalOf(substitute(type.value, bindings))
    default:
      return type
  }
}
