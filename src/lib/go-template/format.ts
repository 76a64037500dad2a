import { TemplateError } from './errors.ts'

/** What Go's `%v` makes of plain JSON. Whole numbers are ints. */
export function formatValue(value: unknown): string {
  return text(value, 0)
}

function text(value: unknown, depth: number): string {
  if (depth > 100) throw new TemplateError('value nested too deeply')
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'number') return formatNumber(value)
  if (Array.isArray(value)) return `[${value.map((one) => text(one, depth + 1)).join(' ')}]`
  if (typeof value === 'object')
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${text((value as Record<string, unknown>)[key], depth + 1)}`)
      .join(' ')}]`
  return String(value)
}

/** Keys in the order in which Go prints and ranges over a map. */
export function sortedKeys(value: object): string[] {
  return Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value)
  // Go's %v of a float64 turns to exponents below 1e-4 and has at least two digits there.
  const small = Math.abs(value) < 1e-4 ? value.toExponential() : String(value)
  return small.replace(/e([-+])(\d)$/, 'e$10$2')
}

/** A Go string literal. */
export function quoteGo(value: string): string {
  return JSON.stringify(value).replace(/\\(\\|u00)/g, (all, what) => (what === 'u00' ? '\\x' : all))
}

const longest = 10_000

/** fmt.Sprintf for the verbs that templates use. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0
  const result = format.replace(
    /%(?:%|([-+# 0]{0,5})(\d{0,5})(?:\.(\d{0,5}))?([a-zA-Z]))/g,
    (_, flags, width, precision, verb) => {
      if (verb === undefined) return '%'
      if (next >= values.length) return `%!${verb}(MISSING)`
      const value = values[next++]
      const places = precision === undefined ? undefined : Math.min(Number(precision), 100)
      const one = formatVerb(verb, value, flags, places)
      if (one === undefined) return `%!${verb}(${typeName(value)}=${formatValue(value)})`
      return pad(one, flags, Math.min(Number(width || 0), longest))
    },
  )
  const extra = values.slice(next).map((value) => `${typeName(value)}=${formatValue(value)}`)
  return extra.length > 0 ? `${result}%!(EXTRA ${extra.join(', ')})` : result
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0')) return text.padStart(width)
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

function formatVerb(verb: string, value: unknown, flags: string, precision: number | undefined): string | undefined {
  const isNumber = typeof value === 'number'
  const sign = flags.includes('+') && isNumber && value >= 0 ? '+' : ''
  switch (verb) {
    case 'v':
      return flags.includes('#') && typeof value === 'string' ? quoteGo(value) : sign + formatValue(value)
    case 's':
      if (isNumber || typeof value === 'boolean' || value === undefined || value === null) return undefined
      return precision === undefined ? formatValue(value) : [...formatValue(value)].slice(0, precision).join('')
    case 'q':
      if (isNumber) return `'${String.fromCodePoint(Math.max(0, Math.min(value, 0x10ffff)))}'`
      return typeof value === 'string' ? quoteGo(value) : undefined
    case 'd':
      return isNumber && Number.isInteger(value) ? sign + formatNumber(value) : undefined
    case 'f':
    case 'F':
      return isNumber ? sign + value.toFixed(precision ?? 6) : undefined
    case 'g':
      return isNumber ? sign + formatNumber(precision ? Number(value.toPrecision(precision)) : value) : undefined
    case 'e':
      return isNumber ? sign + value.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, 'e$10$2') : undefined
    case 't':
      return typeof value === 'boolean' ? String(value) : undefined
    case 'c':
      return isNumber ? String.fromCodePoint(Math.max(0, Math.min(value, 0x10ffff))) : undefined
    case 'x':
    case 'X':
    case 'o':
    case 'b': {
      if (typeof value === 'string' && verb !== 'o' && verb !== 'b') return hex(value, verb === 'X')
      if (!isNumber || !Number.isInteger(value)) return undefined
      const digits = value.toString(verb === 'o' ? 8 : verb === 'b' ? 2 : 16)
      return verb === 'X' ? digits.toUpperCase() : digits
    }
    case 'T':
      return typeName(value)
    default:
      return undefined
  }
}

function hex(text: string, upper: boolean): string {
  const digits = [...text].map((char) => char.codePointAt(0)!.toString(16).padStart(2, '0')).join('')
  return upper ? digits.toUpperCase() : digits
}

/** The Go type that a value of plain JSON has in a template. */
export function typeName(value: unknown): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}
