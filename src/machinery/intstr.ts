import { invalid, type FieldError } from './field-errors.ts'

export type IntOrString = number | string

/** The number itself, or that percentage of `total`, rounded up or down; undefined when it is neither. */
export function scaledValue(value: IntOrString, total: number, roundUp: boolean): number | undefined {
  if (typeof value === 'number') return value
  const match = /^(\d+)%$/.exec(value)
  if (!match) return undefined
  // Upstream computes with floats; the product of two integers is exact here.
  const scaled = (Number(match[1]) * total) / 100
  return roundUp ? Math.ceil(scaled) : Math.floor(scaled)
}

/** `25%` → 25; undefined for anything else. */
export function percentOf(value: IntOrString | undefined): number | undefined {
  const match = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null
  return match ? Number(match[1]) : undefined
}

/** Upstream: ValidatePositiveIntOrPercent. */
export function validatePositiveIntOrPercent(value: IntOrString | undefined, field: string): FieldError[] {
  if (typeof value === 'string')
    return /^[0-9]+%$/.test(value)
      ? []
      : [
          invalid(
            field,
            value,
            `a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
          ),
        ]
  return value !== undefined && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []
}
