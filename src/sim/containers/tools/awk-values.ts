import { AwkError } from './awk-tokens.ts'
import { float, convert } from './echo.ts'

/** A number, a text, or a text that came from outside and counts as a number where it looks like one. */
export type Value = number | string | { readonly s: string } | undefined

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  const text = value === undefined ? '' : typeof value === 'string' ? value : value.s
  const match = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(text)
  return match ? Number(match[0]) : 0
}

export function toText(value: Value, format = '%.6g'): string {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  if (typeof value !== 'number') return value.s
  if (Number.isInteger(value)) return Math.abs(value) < 1e16 ? String(value) : BigInt(value).toString()
  return formatted(format, [value])
}

const isNumber = (value: Value) =>
  value === undefined || typeof value === 'number' || (typeof value === 'object' && numeric.test(value.s))

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'object') return numeric.test(value.s) ? Number(value.s) !== 0 : value.s !== ''
  return value !== undefined && value !== ''
}

export function compare(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return toNumber(left) - toNumber(right)
  const [a, b] = [toText(left), toText(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** sprintf. */
export function formatted(format: string, args: readonly Value[]): string {
  let next = 0
  return format.replace(
    /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLqjzt]*([a-zA-Z]))/g,
    (all, flags: string, width?: string, precision?: string, letter?: string) => {
      if (all === '%%') return '%'
      const count = (given: string | undefined) =>
        given === '*' ? toNumber(args[next++]) : given === undefined ? undefined : Number(given)
      let wide = count(width)
      const digits = count(precision) ?? (all.includes('.') ? 0 : undefined)
      if (wide !== undefined && wide < 0) {
        flags += '-'
        wide = -wide
      }
      const arg = args[next++]
      if (letter === 'c' && typeof arg === 'number')
        return convert('s', String.fromCharCode(arg & 255), flags, wide, undefined)!
      if (letter === 's' || letter === 'c') return convert(letter, toText(arg), flags, wide, digits)!
      if ('di'.includes(letter!)) return convert('d', whole(toNumber(arg)), flags, wide, digits)!
      if ('uoxX'.includes(letter!)) return convert(letter!, whole(toNumber(arg)), flags, wide, digits)!
      if ('fFeEgG'.includes(letter!)) return float(letter!, toNumber(arg), flags, wide, digits)
      return all
    },
  )
}

const whole = (value: number) =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '-9223372036854775808'

/** The order in which busybox goes through an array: by the hash of its keys, newest first. */
export function busyboxOrder(keys: readonly string[]): string[] {
  let size = 61
  // Its table grows as keys come, by these steps.
  for (const prime of [251, 1021, 4093, 16381, 65521]) if (keys.length / size > 10) size = prime
  const buckets = new Map<number, string[]>()
  for (const key of keys) {
    let hash = 0
    for (let at = 0; at < key.length; at++)
      hash = (((key.charCodeAt(at) << 24) >> 24) + (hash << 6) + (hash >>> 26)) >>> 0
    const bucket = buckets.get(hash % size)
    if (bucket) bucket.unshift(key)
    else buckets.set(hash % size, [key])
  }
  return [...buckets].sort(([a], [b]) => a - b).flatMap(([, bucket]) => bucket)
}

/** Two numbers and what stands between them. Throws AwkError where there is no result. */
export function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '^':
      return left ** right
  }
  if (right === 0 && operator === '/') throw new AwkError('Division by zero')
  if (right === 0) throw new AwkError('Division by zero')
  return operator === '/' ? left / right : left % right
}
