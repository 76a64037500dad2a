import { deepEqual } from '../deep-equal.ts'

/** What is wrong with a filter, or stopped one that ran. */
export class JqError extends Error {}

/** What a filter makes of one value: any number of values. */
export type Filter = (value: unknown) => readonly unknown[]

const maxOutputs = 10_000

/** The same values, unless they are too many. */
export function bounded<T>(values: readonly T[]): readonly T[] {
  if (values.length > maxOutputs) throw new JqError('too many values')
  return values
}

/** All but null and false. */
export const isTruthy = (value: unknown): boolean => value !== null && value !== undefined && value !== false

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** `.key`, `.[key]`. */
export function access(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) return null
  if (Array.isArray(value) && typeof key === 'number') return value[key < 0 ? value.length + key : key] ?? null
  if (typeof value === 'object' && !Array.isArray(value) && typeof key === 'string')
    return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null
  throw new JqError(`expected an object but got: ${typeOf(value)}`)
}

/** `.[]` */
export function each(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) throw new JqError(`cannot iterate over: ${typeOf(value)}`)
  return Array.isArray(value) ? value : Object.values(value)
}

const order = ['null', 'boolean', 'number', 'string', 'array', 'object']

function compare(a: unknown, b: unknown): number {
  const types = order.indexOf(typeOf(a)) - order.indexOf(typeOf(b))
  if (types !== 0) return types
  const [left, right] = typeof a === 'object' ? [JSON.stringify(a), JSON.stringify(b)] : [a as string, b as string]
  return left < right ? -1 : left > right ? 1 : 0
}

type Operator = (a: any, b: any) => unknown

/** An operation on two numbers, which nothing else may be. */
export function numbers(a: unknown, b: unknown, result: (a: number, b: number) => number): number {
  if (typeof a !== 'number' || typeof b !== 'number') throw new JqError('not two numbers')
  return result(a, b)
}

function sum(a: unknown, b: unknown): unknown {
  if (a === null || a === undefined) return b
  if (b === null || b === undefined) return a
  if (typeOf(a) !== typeOf(b)) throw new JqError(`cannot add: ${typeOf(a)} and ${typeOf(b)}`)
  if (Array.isArray(a)) return bounded([...a, ...(b as unknown[])])
  if (typeof a === 'object') return { ...a, ...(b as object) }
  return (a as number) + (b as number)
}

const isEqual = (a: unknown, b: unknown) => deepEqual(a ?? null, b ?? null)

/** From the loosest to the tightest. */
export const levels: readonly Readonly<Record<string, Operator>>[] = [
  {
    '==': isEqual,
    '!=': (a, b) => !isEqual(a, b),
    '<': (a, b) => compare(a, b) < 0,
    '<=': (a, b) => compare(a, b) <= 0,
    '>': (a, b) => compare(a, b) > 0,
    '>=': (a, b) => compare(a, b) >= 0,
  },
  { '+': sum, '-': (a, b) => numbers(a, b, (x, y) => x - y) },
  {
    '*': (a, b) => numbers(a, b, (x, y) => x * y),
    '/': (a, b) => numbers(a, b, (x, y) => x / y),
    '%': (a, b) => numbers(a, b, (x, y) => Math.trunc(x) % Math.trunc(y)),
  },
]

function text(value: unknown): string {
  if (typeof value !== 'string') throw new JqError(`not a string: ${typeOf(value)}`)
  return value
}

function containsAll(value: unknown, part: unknown): boolean {
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part)
  if (Array.isArray(value) && Array.isArray(part)) return part.every((one) => value.some((of) => containsAll(of, one)))
  if (typeOf(value) === 'object' && typeOf(part) === 'object')
    return Object.keys(part as object).every((key) => containsAll(access(value, key), access(part, key)))
  return isEqual(value, part)
}

function lengthOf(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value === 'number') return Math.abs(value)
  if (typeof value === 'string') return [...value].length
  return each(value).length
}

/** A filter of a function that takes and gives one value each. */
export const call = (run: (value: any, ...args: any[]) => unknown, args: readonly Filter[]): Filter => {
  return (value) => [run(value, ...args.map((arg) => arg(value)[0]))]
}

/** By their names and how many arguments they take. */
export const functions: Readonly<Record<string, (...args: Filter[]) => Filter>> = {
  'empty/0': () => () => [],
  'select/1': (condition) => (value) => (condition(value).some(isTruthy) ? [value] : []),
  'map/1': (filter) => (value) => [bounded(each(value).flatMap((one) => filter(one)))],
  'any/0': () => (value) => [each(value).some(isTruthy)],
  'all/0': () => (value) => [each(value).every(isTruthy)],
  'any/1': (filter) => (value) => [each(value).some((one) => filter(one).some(isTruthy))],
  'all/1': (filter) => (value) => [each(value).every((one) => filter(one).every(isTruthy))],
  'first/1': (filter) => (value) => filter(value).slice(0, 1),
}

/** Those that make one value of one, by their names and how many arguments they take. */
export const simple: Readonly<Record<string, (value: any, ...args: any[]) => unknown>> = {
  'not/0': (value) => !isTruthy(value),
  'length/0': lengthOf,
  'first/0': (value) => access(value, 0),
  'last/0': (value) => access(value, -1),
  'keys/0': (value) => (Array.isArray(value) ? [...value.keys()] : (each(value), Object.keys(value).sort())),
  'add/0': (value) => each(value).reduce(sum, null),
  'type/0': typeOf,
  'tostring/0': (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? null)),
  'tonumber/0': (value) => {
    const number = typeof value === 'string' && value.trim() ? Number(value) : value
    if (typeof number !== 'number' || Number.isNaN(number)) throw new JqError('not a number')
    return number
  },
  'to_entries/0': (value) => (each(value), Object.entries(value).map(([key, one]) => ({ key, value: one }))),
  'has/1': (value, key) => (each(value), Object.hasOwn(value, key)),
  'contains/1': containsAll,
  'startswith/1': (value, start) => text(value).startsWith(text(start)),
  'endswith/1': (value, end) => text(value).endsWith(text(end)),
  'ltrimstr/1': (value, start) =>
    typeof value === 'string' && value.startsWith(start) ? value.slice(start.length) : value,
  'rtrimstr/1': (value, end) =>
    typeof value === 'string' && value.endsWith(end) ? value.slice(0, value.length - end.length) : value,
  'split/1': (value, separator) => text(value).split(text(separator)),
  'join/1': (value, separator) =>
    each(value)
      .map((one) => one ?? '')
      .join(text(separator)),
  'ascii_downcase/0': (value) => text(value).toLowerCase(),
  'ascii_upcase/0': (value) => text(value).toUpperCase(),
}
