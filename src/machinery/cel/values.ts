import { compareQuantities } from '../quantity.ts'

/**
 * Values: null, boolean, bigint (int), number (double), string, Uint8Array, arrays and ListValues, Maps and MapValues,
 * and the classes here. JSON is wrapped, not copied: an object is only converted where a rule looks.
 */

/** A runtime error in cel-go's words. */
export class CelError extends Error {}

/** Kubernetes stops what costs too much. */
export class CelCostError extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded')
  }
}

export class Uint {
  readonly value: bigint
  constructor(value: bigint) {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new CelError('unsigned integer overflow')
    this.value = value
  }
}

/** `type(x)`. */
export class TypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export class Optional {
  readonly value: unknown
  static readonly none = new Optional(undefined)
  constructor(value: unknown) {
    this.value = value
  }
  get isPresent(): boolean {
    return this.value !== undefined
  }
}

/** Nanoseconds since the epoch. */
export class Timestamp {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    if (nanos < -62_135_596_800n * billion || nanos >= 253_402_300_800n * billion)
      throw new CelError('timestamp overflow')
    this.nanos = nanos
  }
}

export class Duration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    checkInt(nanos, 'duration overflow')
    this.nanos = nanos
  }
}

export const billion = 1_000_000_000n

/** A value of one of Kubernetes' own types: a quantity, an address. */
export interface Opaque {
  readonly typeName: string
  equals(other: Opaque): boolean
}

export function isOpaque(value: unknown): value is Opaque {
  return typeof value === 'object' && value !== null && typeof (value as Opaque).typeName === 'string'
}

/** A list whose items come when they are asked for. */
export interface ListValue {
  readonly length: number
  at(index: number): unknown
  /** Sets, and lists with keys, compare without regard to order. */
  readonly keyOf?: (item: unknown) => string
}

/** A map or an object whose values come when they are asked for. */
export interface MapValue {
  readonly size: number
  /** Undefined when it is not there. */
  get(key: unknown): unknown
  keys(): unknown[]
}

export class LazyList implements ListValue {
  readonly length: number
  readonly at: (index: number) => unknown
  readonly keyOf?: (item: unknown) => string
  constructor(length: number, at: (index: number) => unknown, keyOf?: (item: unknown) => string) {
    this.length = length
    this.at = at
    if (keyOf) this.keyOf = keyOf
  }
}

export class LazyMap implements MapValue {
  readonly keys: () => unknown[]
  readonly get: (key: unknown) => unknown
  constructor(keys: () => unknown[], get: (key: unknown) => unknown) {
    this.keys = keys
    this.get = get
  }
  get size(): number {
    return this.keys().length
  }
}

/** What a message literal makes: `Object{spec: Object.spec{…}}`. */
export class Message {
  readonly name: string
  readonly fields: ReadonlyMap<string, unknown>
  constructor(name: string, fields: ReadonlyMap<string, unknown>) {
    this.name = name
    this.fields = fields
  }
}

export const isList = (value: unknown): value is readonly unknown[] | LazyList =>
  Array.isArray(value) || value instanceof LazyList
export const isMapValue = (value: unknown): value is ReadonlyMap<unknown, unknown> | LazyMap =>
  value instanceof Map || value instanceof LazyMap

export function listItem(list: readonly unknown[] | LazyList, index: number): unknown {
  return list instanceof LazyList ? list.at(index) : list[index]
}

export function listItems(list: readonly unknown[] | LazyList): readonly unknown[] {
  if (!(list instanceof LazyList)) return list
  const items: unknown[] = []
  for (let index = 0; index < list.length; index++) items.push(list.at(index))
  return items
}

export function mapKeys(map: ReadonlyMap<unknown, unknown> | LazyMap): unknown[] {
  return map instanceof LazyMap ? map.keys() : [...map.keys()].map(fromKey)
}

export function mapValue(map: ReadonlyMap<unknown, unknown> | LazyMap, key: unknown): unknown {
  return map instanceof LazyMap ? map.get(key) : map.get(toKey(key))
}

export function mapSize(map: ReadonlyMap<unknown, unknown> | LazyMap): number {
  return map.size
}

/** Keys of literal maps: numbers of all kinds that are equal are one key. */
export function toKey(key: unknown): unknown {
  if (key instanceof Uint) return key.value
  if (typeof key === 'number' && Number.isInteger(key)) return BigInt(key)
  return key
}
const fromKey = (key: unknown) => key

/** JSON as CEL sees it where no schema says more: whole numbers are ints. */
export function fromJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return value ?? null
  if (Array.isArray(value)) return new LazyList(value.length, (index) => fromJson(value[index]))
  const object = value as Record<string, unknown>
  return new LazyMap(
    () => Object.keys(object),
    (key) => (typeof key === 'string' && Object.hasOwn(object, key) ? fromJson(object[key]) : undefined),
  )
}

/** A value as JSON; throws CelError for what JSON has no form of. */
export function toJson(value: unknown, depth = 0): unknown {
  if (depth > 100) throw new CelError('value is nested too deeply')
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint) return Number(value.value)
  if (isList(value)) return listItems(value).map((item) => toJson(item, depth + 1))
  if (value instanceof Message) {
    const result: Record<string, unknown> = {}
    for (const [name, item] of value.fields) define(result, name, toJson(item, depth + 1))
    return result
  }
  if (isMapValue(value)) {
    const result: Record<string, unknown> = {}
    for (const key of mapKeys(value)) {
      if (typeof key !== 'string') throw new CelError(`unexpected key type: ${typeNameOf(key)}`)
      define(result, key, toJson(mapValue(value, key), depth + 1))
    }
    return result
  }
  if (value instanceof Optional && value.isPresent) return toJson(value.value, depth + 1)
  throw new CelError(`unsupported conversion of ${typeNameOf(value)} to JSON`)
}

function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}

export function checkInt(value: bigint, message = 'integer overflow'): bigint {
  if (value > 0x7fff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) throw new CelError(message)
  return value
}

/** The name of a value's type, as `type()` and errors give it. */
export function typeNameOf(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
  }
  if (value === null || value === undefined) return 'null_type'
  if (isList(value)) return 'list'
  if (isMapValue(value)) return 'map'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp'
  if (value instanceof Duration) return 'google.protobuf.Duration'
  if (value instanceof TypeValue) return 'type'
  if (value instanceof Optional) return 'optional_type'
  if (value instanceof Message) return value.name
  return isOpaque(value) ? value.typeName : 'dyn'
}

const isNumber = (value: unknown) => typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint
const numeric = (value: unknown) => (value instanceof Uint ? value.value : (value as bigint | number))

/** `==`. Values of different kinds are unequal; numbers compare across kinds. */
export function equal(a: unknown, b: unknown, charge: () => void): boolean {
  charge()
  if (a === b) return true
  // oxlint-disable-next-line eqeqeq -- a bigint and a number of the same value
  if (isNumber(a) && isNumber(b)) return numeric(a) == numeric(b)
  if (isList(a) && isList(b)) return equalLists(a, b, charge)
  if (isMapValue(a) && isMapValue(b)) return equalMaps(a, b, charge)
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return a.length === b.length && a.every((byte, index) => byte === b[index])
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanos === b.nanos
  if (a instanceof Duration && b instanceof Duration) return a.nanos === b.nanos
  if (a instanceof TypeValue && b instanceof TypeValue) return a.name === b.name
  if (a instanceof Optional && b instanceof Optional)
    return a.isPresent && b.isPresent ? equal(a.value, b.value, charge) : a.isPresent === b.isPresent
  if (a instanceof Message && b instanceof Message)
    return a.name === b.name && equalMaps(new Map(a.fields), new Map(b.fields), charge)
  return isOpaque(a) && isOpaque(b) && a.typeName === b.typeName && a.equals(b)
}

function equalLists(a: readonly unknown[] | LazyList, b: readonly unknown[] | LazyList, charge: () => void): boolean {
  if (a.length !== b.length) return false
  const keyOf = (a instanceof LazyList && a.keyOf) || (b instanceof LazyList && b.keyOf)
  if (keyOf) {
    const byKey = new Map(listItems(b).map((item) => [keyOf(item), item]))
    return listItems(a).every((item) => {
      const other = byKey.get(keyOf(item))
      return other !== undefined && equal(item, other, charge)
    })
  }
  for (let index = 0; index < a.length; index++)
    if (!equal(listItem(a, index), listItem(b, index), charge)) return false
  return true
}

type AnyMap = ReadonlyMap<unknown, unknown> | LazyMap

function equalMaps(a: AnyMap, b: AnyMap, charge: () => void): boolean {
  const keys = mapKeys(a)
  if (keys.length !== mapSize(b)) return false
  return keys.every((key) => {
    const other = mapValue(b, key)
    return other !== undefined && equal(mapValue(a, key), other, charge)
  })
}

/** Negative, zero or positive; undefined for values that have no order among each other. */
export function compare(a: unknown, b: unknown): number | undefined {
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [numeric(a), numeric(b)]
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : NaN // oxlint-disable-line eqeqeq -- across kinds of numbers
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
  if (a instanceof Duration && b instanceof Duration) return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    for (let index = 0; index < Math.min(a.length, b.length); index++)
      if (a[index] !== b[index]) return a[index]! - b[index]!
    return a.length - b.length
  }
  return undefined
}

/** By code points, as Go compares UTF-8. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] === b[index]) continue
    const [x, y] = [a.codePointAt(index)!, b.codePointAt(index)!]
    return x - y
  }
  return a.length - b.length
}

/** A resource quantity. */
export class QuantityValue implements Opaque {
  readonly typeName = 'kubernetes.Quantity'
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  equals(other: Opaque): boolean {
    return this.compareTo(other as QuantityValue) === 0
  }
  compareTo(other: QuantityValue): number {
    return compareQuantities(this.text, other.text)
  }
}
