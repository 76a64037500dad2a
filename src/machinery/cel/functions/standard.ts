import {
  linearPattern,
  PatternError,
  PatternTooCostly,
  type LinearPattern,
} from '../../../lib/linear-pattern/pattern.ts'
import { utf8Bytes, utf8Text } from '../../../lib/utf8.ts'
import {
  CelCostError,
  CelError,
  checkInt,
  compare,
  Duration,
  equal,
  listItems,
  mapSize,
  mapValue,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
} from '../values.ts'
import type { Meter } from '../meter.ts'
import { overload, type Implementation, type Overload } from './overload.ts'

const codePoints = (text: string, meter: Meter) => BigInt([...meter.text(text)].length)

/** A pattern from outside, compiled within bounds. */
function patternOf(source: string, meter: Meter): LinearPattern {
  meter.charge(1 + source.length)
  try {
    return linearPattern(source)
  } catch (error) {
    if (error instanceof PatternTooCostly) throw new CelCostError()
    if (error instanceof PatternError) throw new CelError(error.message)
    throw error
  }
}

/** What goes through a text with a pattern costs by both. */
function withPattern<T>(text: string, source: string, meter: Meter, run: (pattern: LinearPattern) => T): T {
  const pattern = patternOf(source, meter)
  meter.charge(1 + (text.length * pattern.size) / 40)
  try {
    return run(pattern)
  } catch (error) {
    if (error instanceof PatternTooCostly) throw new CelCostError()
    throw error
  }
}

function divide(a: bigint, b: bigint, what: 'division' | 'modulus'): bigint {
  if (b === 0n) throw new CelError(`${what} by zero`)
  return checkInt(what === 'division' ? a / b : a % b)
}

const arithmetic: readonly Overload[] = [
  overload('_+_(int, int): int', ([a, b]: bigint[]) => checkInt(a! + b!)),
  overload('_-_(int, int): int', ([a, b]: bigint[]) => checkInt(a! - b!)),
  overload('_*_(int, int): int', ([a, b]: bigint[]) => checkInt(a! * b!)),
  overload('_/_(int, int): int', ([a, b]) => divide(a, b, 'division')),
  overload('_%_(int, int): int', ([a, b]) => divide(a, b, 'modulus')),
  overload('-_(int): int', ([a]: bigint[]) => checkInt(-a!)),
  overload('_+_(uint, uint): uint', ([a, b]) => new Uint(a.value + b.value)),
  overload('_-_(uint, uint): uint', ([a, b]: Uint[]) => new Uint(a!.value - b!.value)),
  overload('_*_(uint, uint): uint', ([a, b]: Uint[]) => new Uint(a!.value * b!.value)),
  overload('_/_(uint, uint): uint', ([a, b]) => new Uint(divide(a.value, b.value, 'division'))),
  overload('_%_(uint, uint): uint', ([a, b]) => new Uint(divide(a.value, b.value, 'modulus'))),
  overload('_+_(double, double): double', ([a, b]) => a + b),
  overload('_-_(double, double): double', ([a, b]) => a - b),
  overload('_*_(double, double): double', ([a, b]) => a * b),
  overload('_/_(double, double): double', ([a, b]) => a / b),
  overload('-_(double): double', ([a]) => -a),
  overload('_+_(string, string): string', ([a, b], meter) => meter.text(a + b)),
  overload('_+_(bytes, bytes): bytes', ([a, b], meter) => {
    meter.charge((a.length + b.length) / 10)
    return new Uint8Array([...a, ...b])
  }),
  overload('_+_(list(T), list(T)): list(T)', ([a, b], meter) => {
    meter.charge(a.length + b.length)
    return [...listItems(a), ...listItems(b)]
  }),
  overload('_+_(duration, duration): duration', ([a, b]) => new Duration(a.nanos + b.nanos)),
  overload('_+_(timestamp, duration): timestamp', ([a, b]) => new Timestamp(a.nanos + b.nanos)),
  overload('_+_(duration, timestamp): timestamp', ([a, b]) => new Timestamp(a.nanos + b.nanos)),
  overload('_-_(timestamp, timestamp): duration', ([a, b]: { nanos: bigint }[]) => new Duration(a!.nanos - b!.nanos)),
  overload('_-_(timestamp, duration): timestamp', ([a, b]: { nanos: bigint }[]) => new Timestamp(a!.nanos - b!.nanos)),
  overload('_-_(duration, duration): duration', ([a, b]: { nanos: bigint }[]) => new Duration(a!.nanos - b!.nanos)),
]

const ordered = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
const numbers = ['int', 'uint', 'double']
const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '_<_': (order) => order < 0,
  '_<=_': (order) => order <= 0,
  '_>_': (order) => order > 0,
  '_>=_': (order) => order >= 0,
}

const comparisons: readonly Overload[] = Object.entries(orders).flatMap(([name, holds]) => {
  const run: Implementation = ([a, b], meter) => {
    if (typeof a === 'string') meter.text(a)
    const order = compare(a, b)
    if (order === undefined) throw new CelError('no such overload')
    return holds(order)
  }
  const mixed = numbers.flatMap((left) => numbers.filter((right) => right !== left).map((right) => [left, right]))
  return [...ordered.map((type) => [type, type]), ...mixed].map(([left, right]) =>
    overload(`${name}(${left}, ${right}): bool`, run),
  )
})

const access: readonly Overload[] = [
  overload('_==_(T, T): bool', ([a, b], meter) => equal(a, b, meter.step)),
  overload('_!=_(T, T): bool', ([a, b], meter) => !equal(a, b, meter.step)),
  overload('!_(bool): bool', ([a]) => !a),
  overload('@in(T, list(T)): bool', ([item, list], meter) =>
    listItems(list).some((one) => equal(item, one, meter.step)),
  ),
  overload('@in(K, map(K, V)): bool', ([key, map]) => mapValue(map, key) !== undefined),
  overload('size(string): int', ([text], meter) => codePoints(text, meter)),
  overload('string.size(): int', ([text], meter) => codePoints(text, meter)),
  overload('size(bytes): int', ([bytes]) => BigInt(bytes.length)),
  overload('bytes.size(): int', ([bytes]) => BigInt(bytes.length)),
  overload('size(list(T)): int', ([list]) => BigInt(list.length)),
  overload('list(T).size(): int', ([list]) => BigInt(list.length)),
  overload('size(map(K, V)): int', ([map]) => BigInt(mapSize(map))),
  overload('map(K, V).size(): int', ([map]) => BigInt(mapSize(map))),
]

function wholeNumber(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError('integer overflow')
  return BigInt(Math.trunc(value))
}

function parsed(text: string, pattern: RegExp, to: string): string {
  if (!pattern.test(text)) throw new CelError(`type conversion error from 'string' to '${to}'`)
  return text
}

const booleans: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
}

const conversions: readonly Overload[] = [
  overload('int(int): int', ([a]) => a),
  overload('int(uint): int', ([a]) => checkInt(a.value)),
  overload('int(double): int', ([a]) => wholeNumber(a)),
  overload('int(string): int', ([a]) => checkInt(BigInt(parsed(a, /^-?\d{1,30}$/, 'int')))),
  overload('uint(uint): uint', ([a]) => a),
  overload('uint(int): uint', ([a]) => new Uint(a)),
  overload('uint(double): uint', ([a]) => new Uint(wholeNumber(a))),
  overload('uint(string): uint', ([a]) => new Uint(BigInt(parsed(a, /^\d{1,30}$/, 'uint')))),
  overload('double(double): double', ([a]) => a),
  overload('double(int): double', ([a]) => Number(a)),
  overload('double(uint): double', ([a]) => Number(a.value)),
  overload('double(string): double', ([a]) => Number(parsed(a, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, 'double'))),
  overload('string(string): string', ([a]) => a),
  overload('string(bool): string', ([a]) => String(a)),
  overload('string(int): string', ([a]) => String(a)),
  overload('string(uint): string', ([a]) => String(a.value)),
  overload('string(double): string', ([a]) => doubleText(a)),
  overload('string(bytes): string', ([a], meter) => meter.text(utf8Text(a))),
  overload('bytes(string): bytes', ([a], meter) => Uint8Array.from(utf8Bytes(meter.text(a)))),
  overload('bytes(bytes): bytes', ([a]) => a),
  overload('bool(bool): bool', ([a]) => a),
  overload('bool(string): bool', ([a]) => {
    if (!Object.hasOwn(booleans, a)) throw new CelError("type conversion error from 'string' to 'bool'")
    return booleans[a]
  }),
  overload('dyn(T): dyn', ([a]) => a),
  overload('type(T): type', ([a]) => new TypeValue(typeNameOf(a))),
]

/** A double as Go's %g with the shortest digits. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e21 || size < 1e-4)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string]
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
  }
  return String(value)
}

const texts: readonly Overload[] = [
  overload('string.contains(string): bool', ([a, b], meter) => meter.text(a).includes(b)),
  overload('string.startsWith(string): bool', ([a, b], meter) => meter.text(a).startsWith(b)),
  overload('string.endsWith(string): bool', ([a, b], meter) => meter.text(a).endsWith(b)),
  overload('string.matches(string): bool', ([a, b], meter) => withPattern(a, b, meter, (pattern) => pattern.test(a))),
  overload('matches(string, string): bool', ([a, b], meter) => withPattern(a, b, meter, (pattern) => pattern.test(a))),
  overload('string.find(string): string', ([a, b], meter) =>
    withPattern(a, b, meter, (pattern) => {
      const match = pattern.find(a)
      return match ? a.slice(match.start, match.end) : ''
    }),
  ),
  overload('string.findAll(string): list(string)', ([a, b], meter) =>
    withPattern(a, b, meter, (pattern) => pattern.findAll(a)),
  ),
  overload('string.findAll(string, int): list(string)', ([a, b, limit], meter) =>
    withPattern(a, b, meter, (pattern) => pattern.findAll(a, limit < 0n ? Infinity : Number(limit))),
  ),
]

/** Operators and conversions of the language itself. `&&`, `||`, `?:` and indexing are the evaluator's. */
export const standardFunctions: readonly Overload[] = [
  ...arithmetic,
  ...comparisons,
  ...access,
  ...conversions,
  ...texts,
]
