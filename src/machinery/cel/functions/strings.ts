import {
  CelError,
  Duration,
  isList,
  isMapValue,
  listItems,
  mapKeys,
  mapValue,
  Timestamp,
  TypeValue,
  Uint,
} from '../values.ts'
import type { Meter } from '../meter.ts'
import { overload, type Overload } from './overload.ts'
import { doubleText } from './standard.ts'
import { durationText, timestampText } from './time.ts'

/** Positions count code points, as cel-go's strings extension counts them. */
function pointsOf(text: string, meter: Meter): readonly string[] {
  return [...meter.text(text)]
}

function within(index: bigint, length: number): number {
  if (index < 0n || index > BigInt(length)) throw new CelError(`index out of range: ${index}`)
  return Number(index)
}

function indexOf(text: string, part: string, from: bigint, meter: Meter): bigint {
  const chars = pointsOf(text, meter)
  const wanted = [...part]
  meter.charge((chars.length * wanted.length) / 20)
  for (let at = within(from, chars.length); at + wanted.length <= chars.length; at++)
    if (wanted.every((char, offset) => chars[at + offset] === char)) return BigInt(at)
  return -1n
}

function lastIndexOf(text: string, part: string, from: bigint | undefined, meter: Meter): bigint {
  const chars = pointsOf(text, meter)
  const wanted = [...part]
  meter.charge((chars.length * wanted.length) / 20)
  const start = from === undefined ? chars.length : within(from, chars.length)
  for (let at = Math.min(start, chars.length - wanted.length); at >= 0; at--)
    if (wanted.every((char, offset) => chars[at + offset] === char)) return BigInt(at)
  return -1n
}

function substring(text: string, start: bigint, end: bigint | undefined, meter: Meter): string {
  const chars = pointsOf(text, meter)
  const to = end === undefined ? chars.length : within(end, chars.length)
  const from = within(start, chars.length)
  if (from > to) throw new CelError(`invalid substring range. start: ${from}, end: ${to}`)
  return chars.slice(from, to).join('')
}

function replace(text: string, from: string, to: string, limit: bigint, meter: Meter): string {
  meter.text(text)
  const parts = from === '' ? [...text] : text.split(from)
  const count = limit < 0n ? Infinity : Number(limit)
  let result = ''
  let done = 0
  // An empty text is found before each character, and at the end.
  if (from === '' && done < count) {
    result += to
    done++
  }
  for (const [index, part] of parts.entries()) {
    result += part
    const isLast = index === parts.length - 1
    if (isLast && from !== '') break
    if (done < count) {
      meter.charge(1 + to.length / 10)
      result += to
      done++
    } else if (!isLast) result += from
  }
  return meter.text(result)
}

function split(text: string, separator: string, limit: bigint, meter: Meter): string[] {
  meter.text(text)
  if (limit === 0n) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  meter.charge(parts.length)
  const count = Number(limit)
  if (limit < 0n || parts.length <= count) return parts
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]
}

const ascii = (text: string, change: (char: string) => string, pattern: RegExp) => text.replace(pattern, change)

function join(list: Parameters<typeof listItems>[0], separator: string, meter: Meter): string {
  const items = listItems(list).map((item) => {
    if (typeof item !== 'string') throw new CelError(`no such overload`)
    meter.charge(1 + (item.length + separator.length) / 10)
    return item
  })
  return items.join(separator)
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

// oxlint-disable-next-line no-control-regex -- what Go's %q escapes
const special = /[\u0007\b\f\n\r\t\v\\"]/g

export const stringFunctions: readonly Overload[] = [
  overload('string.charAt(int): string', ([text, index], meter) => {
    const chars = pointsOf(text, meter)
    return chars[within(index, chars.length)] ?? ''
  }),
  overload('string.indexOf(string): int', ([text, part], meter) => indexOf(text, part, 0n, meter)),
  overload('string.indexOf(string, int): int', ([text, part, from], meter) => indexOf(text, part, from, meter)),
  overload('string.lastIndexOf(string): int', ([text, part], meter) => lastIndexOf(text, part, undefined, meter)),
  overload('string.lastIndexOf(string, int): int', ([text, part, from], meter) => lastIndexOf(text, part, from, meter)),
  overload('string.lowerAscii(): string', ([text], meter) =>
    ascii(meter.text(text), (one) => one.toLowerCase(), /[A-Z]+/g),
  ),
  overload('string.upperAscii(): string', ([text], meter) =>
    ascii(meter.text(text), (one) => one.toUpperCase(), /[a-z]+/g),
  ),
  overload('string.replace(string, string): string', ([text, from, to], meter) => replace(text, from, to, -1n, meter)),
  overload('string.replace(string, string, int): string', ([text, from, to, limit], meter) =>
    replace(text, from, to, limit, meter),
  ),
  overload('string.split(string): list(string)', ([text, separator], meter) => split(text, separator, -1n, meter)),
  overload('string.split(string, int): list(string)', ([text, separator, limit], meter) =>
    split(text, separator, limit, meter),
  ),
  overload('string.substring(int): string', ([text, start], meter) => substring(text, start, undefined, meter)),
  overload('string.substring(int, int): string', ([text, start, end], meter) => substring(text, start, end, meter)),
  overload('string.trim(): string', ([text], meter) => meter.text(text).trim()),
  overload('string.reverse(): string', ([text], meter) => [...pointsOf(text, meter)].reverse().join('')),
  overload('list(string).join(): string', ([list], meter) => join(list, '', meter)),
  overload('list(string).join(string): string', ([list, separator], meter) => join(list, separator, meter)),
  overload(
    'strings.quote(string): string',
    ([text], meter) => `"${meter.text(text).replace(special, (char: string) => escapes[char]!)}"`,
  ),
  overload('string.format(list(dyn)): string', ([text, list], meter) => format(text, listItems(list), meter)),
]

const maxPrecision = 50

function format(text: string, args: readonly unknown[], meter: Meter): string {
  let next = 0
  const result = meter
    .text(text)
    .replace(
      /%(?:%|(?:\.(\d{1,3}))?([a-zA-Z]))|%/g,
      (clause, precision: string | undefined, verb: string | undefined) => {
        if (clause === '%%') return '%'
        if (!verb) throw new CelError('could not parse formatting clause: unexpected end of string')
        if (next >= args.length) throw new CelError(`index ${next} out of range`)
        return meter.text(formatted(verb, args[next++], Math.min(maxPrecision, Number(precision ?? 6))))
      },
    )
  return meter.text(result)
}

function formatted(verb: string, value: unknown, precision: number): string {
  const wrong = (what: string) =>
    new CelError(`error during formatting: ${what} clause can only be used on ${allowed[verb] ?? 'other types'}`)
  const number = typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined
  switch (verb) {
    case 's':
      return textOf(value, 0)
    case 'd':
      if (number === undefined && typeof value !== 'number') throw wrong('decimal')
      return String(number ?? value)
    case 'f':
      if (number === undefined && typeof value !== 'number') throw wrong('fixed-point')
      return Number(number ?? value).toFixed(precision)
    case 'e':
      if (number === undefined && typeof value !== 'number') throw wrong('scientific')
      return Number(number ?? value)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2')
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0'
      if (number === undefined) throw wrong('binary')
      return number.toString(2)
    case 'o':
      if (number === undefined) throw wrong('octal')
      return number.toString(8)
    case 'x':
    case 'X': {
      const hex =
        number !== undefined
          ? number.toString(16)
          : typeof value === 'string' || value instanceof Uint8Array
            ? [...(typeof value === 'string' ? new Uint8Array([...value].map((char) => char.codePointAt(0)!)) : value)]
                .map((byte) => byte.toString(16).padStart(2, '0'))
                .join('')
            : undefined
      if (hex === undefined) throw wrong('hex')
      return verb === 'X' ? hex.toUpperCase() : hex
    }
    default:
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`)
  }
}

const allowed: Readonly<Record<string, string>> = {
  d: 'integers and doubles',
  f: 'doubles',
  e: 'doubles',
  b: 'integers and bools',
  o: 'integers',
  x: 'integers, byte buffers, and strings',
  X: 'integers, byte buffers, and strings',
}

function textOf(value: unknown, depth: number): string {
  if (depth > 20) throw new CelError('value is nested too deeply')
  if (typeof value === 'string') return value
  if (typeof value === 'number') return doubleText(value)
  if (value === null) return 'null'
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Timestamp) return timestampText(value)
  if (value instanceof Duration) return durationText(value)
  if (value instanceof TypeValue) return value.name
  if (value instanceof Uint8Array) return String.fromCharCode(...value.slice(0, 10_000))
  if (isList(value))
    return `[${listItems(value)
      .map((item) => textOf(item, depth + 1))
      .join(', ')}]`
  if (isMapValue(value)) {
    const entries = mapKeys(value).map(
      (key) => [textOf(key, depth + 1), textOf(mapValue(value, key), depth + 1)] as const,
    )
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}: ${item}`)
      .join(', ')}}`
  }
  return String(value)
}
