import { decodeBase64Text, encodeBase64Text } from '../base64.ts'
import { deepEqual } from '../deep-equal.ts'
import { TemplateError } from './errors.ts'
import { formatValue, quoteGo, sortedKeys } from './format.ts'
import { isTrue, type TemplateFunctions } from './functions.ts'

const maxItems = 100_000

const text = (value: unknown): string => (typeof value === 'string' ? value : formatValue(value))
const strings = (values: unknown): string[] => (Array.isArray(values) ? values : [values]).map(text)

function number(value: unknown): number {
  const found = typeof value === 'boolean' || typeof value === 'string' ? Number(value || 0) : value
  return typeof found === 'number' && !Number.isNaN(found) ? found : 0
}

const int = (value: unknown): number => Math.trunc(number(value))

function divisor(value: unknown): number {
  const found = int(value)
  if (found === 0) throw new TemplateError('runtime error: integer divide by zero')
  return found
}

function untilStep(from: unknown, to: unknown, by: unknown): number[] {
  const [start, stop, step] = [int(from), int(to), int(by)]
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step))
  if (count > maxItems) throw new TemplateError('too many items')
  return Array.from({ length: count }, (_, index) => start + index * step)
}

function dict(...pairs: unknown[]): Record<string, unknown> {
  const entries: [string, unknown][] = []
  for (let index = 0; index < pairs.length; index += 2) entries.push([text(pairs[index]), pairs[index + 1] ?? ''])
  return Object.fromEntries(entries)
}

const own = (map: any, key: unknown): boolean => typeof key === 'string' && Object.hasOwn(map, key)
const indent = (spaces: unknown, value: unknown): string => {
  const pad = ' '.repeat(Math.min(int(spaces), 1000))
  return pad + text(value).replaceAll('\n', `\n${pad}`)
}

function json(value: unknown, indentation?: number): string {
  return JSON.stringify(sorted(value, 0), null, indentation)
}

function sorted(value: unknown, depth: number): unknown {
  if (depth > 100) throw new TemplateError('value nested too deeply')
  if (Array.isArray(value)) return value.map((one) => sorted(one, depth + 1))
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    sortedKeys(value).map((key) => [key, sorted((value as Record<string, unknown>)[key], depth + 1)]),
  )
}

function fromJson(value: unknown): unknown {
  try {
    return JSON.parse(text(value))
  } catch {
    return undefined
  }
}

const trimmed = (cut: unknown, value: unknown, left: boolean, right: boolean): string => {
  const chars = [...text(value)]
  const isCut = (char: string | undefined) => char !== undefined && text(cut).includes(char)
  while (left && isCut(chars[0])) chars.shift()
  while (right && isCut(chars.at(-1))) chars.pop()
  return chars.join('')
}

function repeat(count: unknown, value: unknown): string {
  const times = int(count)
  if (times < 0 || times * text(value).length > 1_000_000) throw new TemplateError('too long')
  return text(value).repeat(times)
}

const least = (values: unknown[], isBetter: (a: number, b: number) => boolean): number =>
  values.map(int).reduce((a, b) => (isBetter(b, a) ? b : a))

/** Those of sprig's functions that Kubernetes' templates use: pure ones, without clocks, dice or the environment. */
export const sprig: TemplateFunctions = {
  default: (other, value) => (isTrue(value) ? value : other),
  empty: (value) => !isTrue(value),
  coalesce: (...values) => values.find(isTrue),
  ternary: (yes, no, condition) => (condition ? yes : no),
  all: (...values) => values.every(isTrue),
  any: (...values) => values.some(isTrue),
  fail: (message) => {
    throw new TemplateError(text(message))
  },
  toString: text,
  toStrings: strings,
  quote: (...values) =>
    values
      .filter((one) => one !== undefined && one !== null)
      .map((one) => quoteGo(text(one)))
      .join(' '),
  squote: (...values) =>
    values
      .filter((one) => one !== undefined && one !== null)
      .map((one) => `'${text(one)}'`)
      .join(' '),
  upper: (value) => text(value).toUpperCase(),
  lower: (value) => text(value).toLowerCase(),
  title: (value) => text(value).replace(/(^|\s)\S/g, (start) => start.toUpperCase()),
  trim: (value) => text(value).trim(),
  trimAll: (cut, value) => trimmed(cut, value, true, true),
  trimPrefix: (start, value) => (text(value).startsWith(start) ? text(value).slice(text(start).length) : value),
  trimSuffix: (end, value) =>
    text(value).endsWith(end) ? text(value).slice(0, text(value).length - text(end).length) : value,
  trunc: (length, value) => (int(length) < 0 ? text(value).slice(int(length)) : text(value).slice(0, int(length))),
  replace: (from, to, value) => text(value).replaceAll(text(from), () => text(to)),
  contains: (part, value) => text(value).includes(text(part)),
  hasPrefix: (part, value) => text(value).startsWith(text(part)),
  hasSuffix: (part, value) => text(value).endsWith(text(part)),
  repeat,
  nospace: (value) => text(value).replace(/\s/g, ''),
  indent,
  nindent: (spaces, value) => `\n${indent(spaces, value)}`,
  cat: (...values) => values.map(text).join(' '),
  splitList: (separator, value) => text(value).split(text(separator)),
  split: (separator, value) =>
    Object.fromEntries(
      text(value)
        .split(text(separator))
        .map((part, index) => [`_${index}`, part]),
    ),
  join: (separator, values) => strings(values).join(text(separator)),
  sortAlpha: (values) => strings(values).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  b64enc: (value) => encodeBase64Text(text(value)),
  b64dec: (value) => decodeBase64Text(text(value)),
  int,
  int64: int,
  atoi: int,
  float64: number,
  add: (...values) => values.reduce<number>((sum, value) => sum + int(value), 0),
  add1: (value) => int(value) + 1,
  sub: (a, b) => int(a) - int(b),
  mul: (...values) => values.reduce<number>((product, value) => product * int(value), 1),
  div: (a, b) => Math.trunc(int(a) / divisor(b)),
  mod: (a, b) => int(a) % divisor(b),
  max: (...values) => least(values, (a, b) => a > b),
  min: (...values) => least(values, (a, b) => a < b),
  ceil: (value) => Math.ceil(number(value)),
  floor: (value) => Math.floor(number(value)),
  until: (count) => untilStep(0, count, int(count) < 0 ? -1 : 1),
  untilStep,
  list: (...values) => values,
  first: (list) => list[0],
  last: (list) => list.at(-1),
  rest: (list) => list.slice(1),
  initial: (list) => list.slice(0, -1),
  append: (list, value) => [...list, value],
  prepend: (list, value) => [value, ...list],
  concat: (...lists) => lists.flat(),
  reverse: (list) => [...list].reverse(),
  has: (value, list) => (list ?? []).some((one: unknown) => deepEqual(one, value)),
  without: (list, ...values) => list.filter((one: unknown) => !values.some((value) => deepEqual(one, value))),
  uniq: (list) =>
    list.filter((one: unknown, index: number) => !list.slice(0, index).some((other: unknown) => deepEqual(one, other))),
  compact: (list) => list.filter(isTrue),
  dict,
  hasKey: own,
  get: (map, key) => (own(map, key) ? map[key] : ''),
  // Values are never changed in place: what is given may be an object of the store.
  set: (map, key, value) => ({ ...map, [text(key)]: value }),
  unset: (map, key) => Object.fromEntries(Object.entries(map).filter(([one]) => one !== key)),
  keys: (...maps) => maps.flatMap((map) => sortedKeys(map)),
  values: (map) => sortedKeys(map).map((key) => map[key]),
  pick: (map, ...keys) => Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key))),
  omit: (map, ...keys) => Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key))),
  merge: (...maps) => Object.assign({}, ...maps.reverse()),
  toJson: (value) => json(value),
  toPrettyJson: (value) => json(value, 2),
  fromJson,
  kindIs: (kind, value) => kind === kindOf(value),
  kindOf,
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'invalid'
  if (Array.isArray(value)) return 'slice'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map'
}
