/** Resource quantities. Upstream: apimachinery/pkg/api/resource. Exact to a billionth; smaller parts round up. */
export interface Quantity {
  /** In billionths. */
  readonly nano: bigint
  /** As the API stores it: `500m`, `1Gi`. */
  readonly canonical: string
  /** Thousandths, rounded up. */
  readonly milli: number
  /** Whole units, rounded up. */
  readonly value: number
}

type Format = 'decimalSI' | 'binarySI' | 'decimalExponent'

const decimalExponents: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const decimalSuffixes: Record<number, string> = {
  [-9]: 'n',
  [-6]: 'u',
  [-3]: 'm',
  0: '',
  3: 'k',
  6: 'M',
  9: 'G',
  12: 'T',
  15: 'P',
  18: 'E',
}
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/
const billion = 1_000_000_000n
const largest = 9_223_372_036_854_775_807n * billion

/** What the decoder says of a text that is no quantity. */
export const quantityFormatText =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

// A pure function's memo: the same few texts come again in every pod. Bounded, so that odd input cannot fill it.
const memo = new Map<string, Quantity | undefined>()
const memoLimit = 4096

/** Reads a quantity; undefined when the text is none. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const key = typeof text === 'number' ? String(text) : text
  let quantity = memo.get(key)
  if (quantity || memo.has(key)) return quantity
  quantity = parse(key)
  if (memo.size >= memoLimit) memo.clear()
  memo.set(key, quantity)
  return quantity
}

function parse(text: string): Quantity | undefined {
  const match = text.length <= 64 ? pattern.exec(text) : null
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', e, exponentText, suffix = ''] = match
  if (!whole && !fraction) return undefined
  const format: Format = e ? 'decimalExponent' : suffix.endsWith('i') ? 'binarySI' : 'decimalSI'
  const digits = BigInt(whole + fraction || '0')
  let numerator = digits * billion
  let exponent = -fraction.length
  if (format === 'binarySI') numerator *= 1n << BigInt(10 * binarySuffixes.indexOf(suffix))
  else exponent += e ? Number(exponentText) : decimalExponents[suffix]!
  if (Math.abs(exponent) > 200) return undefined
  let nano: bigint
  if (exponent >= 0) nano = numerator * 10n ** BigInt(exponent)
  else {
    const divisor = 10n ** BigInt(-exponent)
    nano = (numerator + divisor - 1n) / divisor
  }
  if (nano > largest) nano = largest
  if (sign === '-') nano = -nano
  return fromNano(nano, format)
}

function fromNano(nano: bigint, format: Format): Quantity {
  return {
    nano,
    canonical: canonicalText(nano, format),
    milli: Number(ceilDivide(nano, 1_000_000n)),
    value: Number(ceilDivide(nano, billion)),
  }
}

function ceilDivide(value: bigint, divisor: bigint): bigint {
  return value >= 0n ? (value + divisor - 1n) / divisor : -(-value / divisor)
}

function canonicalText(nano: bigint, wanted: Format): string {
  if (nano === 0n) return '0'
  const negative = nano < 0n
  let magnitude = negative ? -nano : nano
  let format = wanted
  if (format === 'binarySI' && (magnitude < 1024n * billion || magnitude % billion !== 0n)) format = 'decimalSI'
  const sign = negative ? '-' : ''
  if (format === 'binarySI') {
    let units = magnitude / billion
    let power = 0
    while (power < 6 && units % 1024n === 0n) {
      units /= 1024n
      power++
    }
    return `${sign}${units}${binarySuffixes[power]}`
  }
  let exponent = -9
  const highest = format === 'decimalExponent' ? Number.POSITIVE_INFINITY : 18
  while (magnitude % 1000n === 0n && exponent < highest) {
    magnitude /= 1000n
    exponent += 3
  }
  if (format === 'decimalExponent') return `${sign}${magnitude}${exponent ? `e${exponent}` : ''}`
  return `${sign}${magnitude}${decimalSuffixes[exponent]}`
}

/** The form the API stores, or undefined when the text is no quantity. */
export function canonicalQuantity(text: string | number): string | undefined {
  return parseQuantity(text)?.canonical
}

/** -1, 0 or 1; texts that are no quantity count as 0. */
export function compareQuantities(left: string | number, right: string | number): number {
  const a = parseQuantity(left)?.nano ?? 0n
  const b = parseQuantity(right)?.nano ?? 0n
  return a < b ? -1 : a > b ? 1 : 0
}

/** CPU in thousandths of a core; 0 when absent. */
export function milliValue(text: string | number | undefined): number {
  return text === undefined ? 0 : (parseQuantity(text)?.milli ?? 0)
}

/** Bytes or counts in whole units, rounded up; 0 when absent. */
export function wholeValue(text: string | number | undefined): number {
  return text === undefined ? 0 : (parseQuantity(text)?.value ?? 0)
}

/** The sum, in the left one's notation. */
export function addQuantities(left: string, right: string): string {
  const a = parseQuantity(left)
  const b = parseQuantity(right)
  const format: Format = (a && a.nano !== 0n ? left : right).endsWith('i') ? 'binarySI' : 'decimalSI'
  return canonicalText((a?.nano ?? 0n) + (b?.nano ?? 0n), format)
}

/** The difference, in the left one's notation. */
export function subtractQuantities(left: string, right: string): string {
  const a = parseQuantity(left)
  const b = parseQuantity(right)
  return canonicalText((a?.nano ?? 0n) - (b?.nano ?? 0n), left.endsWith('i') ? 'binarySI' : 'decimalSI')
}

/** A count of bytes as `1Gi`, or as a plain number when it is no multiple of 1024. */
export function bytesQuantity(bytes: number): string {
  return canonicalText(BigInt(Math.round(bytes)) * billion, 'binarySI')
}

/** Thousandths as `500m` or `2`. */
export function milliQuantity(milli: number): string {
  return canonicalText(BigInt(Math.round(milli)) * 1_000_000n, 'decimalSI')
}
