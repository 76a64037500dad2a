import { deepEqual } from '../deep-equal.ts'
import { utf8Bytes, utf8Length } from '../utf8.ts'
import { TemplateError } from './errors.ts'
import { formatValue, quoteGo, sprintf, typeName } from './format.ts'

/** A function that templates call, with plain JSON. What it throws as a TemplateError stops the template. */
export type TemplateFunction = (...values: any[]) => unknown
export type TemplateFunctions = Readonly<Record<string, TemplateFunction>>

/** What `if`, `with`, `and`, `or` and `not` go by: nothing that is zero or empty. */
export function isTrue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0
}

/** A value of a map or a list: nothing where the map has no such key. */
export function indexed(value: unknown, key: unknown): unknown {
  if (typeof value === 'string' && typeof key === 'number') return utf8Bytes(value)[at(utf8Length(value), key)]
  if (Array.isArray(value)) {
    if (typeof key !== 'number') throw new TemplateError(`cannot index slice/array with type ${typeName(key)}`)
    return value[at(value.length, key)]
  }
  if (typeof value === 'object' && value !== null) {
    if (typeof key !== 'string') throw new TemplateError(`value has type ${typeName(key)}; should be string`)
    return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  }
  if (value === undefined || value === null) throw new TemplateError('index of untyped nil')
  throw new TemplateError(`can't index item of type ${typeName(value)}`)
}

function at(length: number, key: number): number {
  if (!(key >= 0 && key < length)) throw new TemplateError(`index out of range: ${key}`)
  return key
}

function equal(a: unknown, b: unknown): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null)
  if (typeof a === 'object' || typeof b === 'object') {
    if (typeName(a) !== typeName(b)) throw new TemplateError('incompatible types for comparison')
    return deepEqual(a, b)
  }
  if (typeof a !== typeof b) throw new TemplateError('incompatible types for comparison')
  return a === b
}

function less(a: unknown, b: unknown): boolean {
  const isOrdered = typeof a === 'number' || typeof a === 'string'
  if (!isOrdered) throw new TemplateError('invalid type for comparison')
  if (typeof a !== typeof b) throw new TemplateError('incompatible types for comparison')
  return a < (b as typeof a)
}

function println(values: readonly unknown[]): string {
  return `${values.map(formatValue).join(' ')}\n`
}

/** fmt.Sprint: a space only between two of which none is a string. */
function print(values: readonly unknown[]): string {
  let text = ''
  values.forEach((value, index) => {
    if (index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string') text += ' '
    text += formatValue(value)
  })
  return text
}

const entities: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

function slice(value: unknown, from = 0, to?: number): unknown {
  if (typeof value !== 'string' && !Array.isArray(value))
    throw new TemplateError(`can't slice item of type ${typeName(value)}`)
  const end = to ?? value.length
  if (!(from >= 0 && from <= end && end <= value.length)) throw new TemplateError(`index out of range: ${from}`)
  return value.slice(from, end)
}

function length(value: unknown): number {
  if (typeof value === 'string') return utf8Length(value)
  if (typeof value !== 'object') throw new TemplateError(`len of type ${typeName(value)}`)
  if (value === null) throw new TemplateError('len of nil pointer')
  return (Array.isArray(value) ? value : Object.keys(value)).length
}

/** The functions of text/template. `and` and `or` are the interpreter's own: they may leave values unasked. */
export const builtins: TemplateFunctions = {
  not: (value) => !isTrue(value),
  len: length,
  index: (value, ...keys) => keys.reduce(indexed, value),
  slice,
  eq: (a, ...others) => others.some((other) => equal(a, other)),
  ne: (a, b) => !equal(a, b),
  lt: less,
  le: (a, b) => less(a, b) || equal(a, b),
  gt: (a, b) => !less(a, b) && !equal(a, b),
  ge: (a, b) => !less(a, b),
  print: (...values) => print(values),
  printf: (format, ...values) => sprintf(String(format), values),
  println: (...values) => println(values),
  html: (...values) => print(values).replace(/["'&<>]/g, (char) => entities[char]!),
  js: (...values) =>
    quoteGo(print(values))
      .slice(1, -1)
      .replace(/[<>&'=]/g, (char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`),
  urlquery: (...values) => encodeURIComponent(print(values)).replaceAll('%20', '+'),
}
