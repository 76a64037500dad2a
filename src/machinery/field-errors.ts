/** Upstream: apimachinery/pkg/util/validation/field/errors.go. */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotFound'

export interface FieldError {
  readonly type: FieldErrorType
  /** As the API server prints it: `spec.containers[0].image`. */
  readonly field: string
  /** Without the path: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string
}

/** A value whose text is to be shown as it is. */
export class RawValue {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A value as Go's %q, %v or JSON would show it inside a field error. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === undefined || value === null) return 'null'
  if (value instanceof RawValue) return value.text
  if (typeof value === 'object') return JSON.stringify(sortKeys(value))
  return String(value)
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const source = value as Record<string, unknown>
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(source).sort()) result[key] = sortKeys(source[key])
  return result
}

const withDetail = (text: string, detail: string | undefined) => (detail ? `${text}: ${detail}` : text)

/** A value that has to be there is not. */
export function required(field: string, detail?: string): FieldError {
  return { type: 'FieldValueRequired', field, message: withDetail('Required value', detail) }
}

/** A value is there and wrong. */
export function invalid(field: string, value: unknown, detail?: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: withDetail(`Invalid value: ${showValue(value)}`, detail) }
}

/** A value is none of the few that are known; `supported` in the order to print. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((one) => JSON.stringify(one)).join(', ')
  const message = withDetail(`Unsupported value: ${showValue(value)}`, list && `supported values: ${list}`)
  return { type: 'FieldValueNotSupported', field, message }
}

/** A value that has to be unique is there twice. */
export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${showValue(value)}` }
}

/** A value may not be given here. */
export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, message: withDetail('Forbidden', detail) }
}

/** A string or map is longer than `max` bytes. */
export function tooLong(field: string, max: number): FieldError {
  const detail = max >= 0 ? `may not be more than ${max} bytes` : 'value is too long'
  return { type: 'FieldValueTooLong', field, message: `Too long: ${detail}` }
}

/** A list has more than `max` items. */
export function tooMany(field: string, actual: number, max: number): FieldError {
  const detail = max >= 0 ? `must have at most ${max} item${max === 1 ? '' : 's'}` : 'has too many items'
  return { type: 'FieldValueTooMany', field, message: `Too many: ${actual}: ${detail}` }
}

/** A reference within the object points at nothing. */
export function notFoundValue(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, message: `Not found: ${showValue(value)}` }
}

/** A value has the wrong type. */
export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, message: withDetail(`Invalid value: ${showValue(value)}`, detail) }
}
