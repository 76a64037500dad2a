import { deepEqual } from '../../lib/deep-equal.ts'
import { linearPattern, PatternError, PatternTooCostly } from '../../lib/linear-pattern/pattern.ts'
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid, type FieldError } from '../field-errors.ts'
import { hasFormat } from './formats.ts'
import { isIntOrString, isMap, propertyOf, valuesOf, type JsonSchema } from './json-schema.ts'

/** A value with what stood at its place before: equal ones are not held to a schema that became stricter. */
interface Place {
  readonly path: string
  readonly old?: unknown
  readonly correlated?: boolean
}

/** The field of errors that belong to the object as a whole. */
export const wholeObject = '<nil>'
const maxErrors = 200

/**
 * What of an object breaks its schema, in Kubernetes' words. With `old`, values that did not change are let be.
 * Upstream: kube-openapi validate, apiextensions ValidateCustomResource and ratcheting.
 */
export function validateValue(schema: JsonSchema, value: unknown, old?: unknown): FieldError[] {
  budget = maxChecks
  try {
    return check(schema, value, { path: '', old, correlated: old !== undefined })
  } catch (error) {
    if (!(error instanceof TooManyChecks)) throw error
    return [invalid(wholeObject, '', 'checking this object by its schema would take too long')]
  }
}

/** What one object may cost: a check of one value by one schema costs one. */
const maxChecks = 2_000_000
let budget = 0

class TooManyChecks extends Error {}

function charge(cost: number): void {
  budget -= cost
  if (budget < 0) throw new TooManyChecks()
}

function check(schema: JsonSchema, value: unknown, place: Place): FieldError[] {
  charge(1 + (schema.enum?.length ?? 0))
  if (place.correlated && deepEqual(value, place.old)) return []
  const { path } = place
  if (value === null) {
    if (schema.nullable || !typesOf(schema)) return []
    return [typeError(path, typesOf(schema)!, 'null'), ...checkEnum(schema, value, path)]
  }
  const errors = [
    ...checkType(schema, value, path),
    ...checkCombinations(schema, value, place),
    ...(typeof value === 'string' ? checkString(schema, value, path) : []),
    ...(typeof value === 'number' ? checkNumber(schema, value, path) : []),
    ...(Array.isArray(value) ? checkList(schema, value, place) : []),
    ...checkEnum(schema, value, path),
    ...(isMap(value) ? checkMap(schema, value, place) : []),
  ]
  return errors.length > maxErrors ? errors.slice(0, maxErrors) : errors
}

const body = (path: string, text: string) => `${path} in body ${text}`
const fieldOf = (path: string) => path || wholeObject

function typesOf(schema: JsonSchema): readonly string[] | undefined {
  if (isIntOrString(schema)) return ['integer', 'string']
  return schema.type ? [schema.type] : undefined
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function typeError(path: string, types: readonly string[], actual: string): FieldError {
  const message = body(path, `must be of type ${types.join(',')}: ${JSON.stringify(actual)}`)
  return typeInvalid(fieldOf(path), actual, message)
}

function checkType(schema: JsonSchema, value: unknown, path: string): FieldError[] {
  const types = typesOf(schema)
  if (!types) return []
  const actual = typeName(value)
  const fits = types.includes(actual) || (actual === 'integer' && types.includes('number'))
  return fits ? [] : [typeError(path, types, actual)]
}

function checkEnum(schema: JsonSchema, value: unknown, path: string): FieldError[] {
  if (!schema.enum || schema.enum.length === 0 || schema.enum.some((one) => deepEqual(one, value))) return []
  const supported = schema.enum.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  return [notSupported(fieldOf(path), value, supported)]
}

function checkString(schema: JsonSchema, value: string, path: string): FieldError[] {
  const { maxLength, minLength, pattern, format } = schema
  const length = value.length > (maxLength ?? Infinity) || minLength ? [...value].length : value.length
  if (maxLength !== undefined && length > maxLength)
    return [tooLong(fieldOf(path), maxLength), ...checkFormat(format, value, path)]
  if (minLength !== undefined && length < minLength)
    return [
      invalid(fieldOf(path), value, body(path, `should be at least ${minLength} chars long`)),
      ...checkFormat(format, value, path),
    ]
  if (pattern && !matches(pattern, value))
    return [invalid(fieldOf(path), value, body(path, `should match '${pattern}'`)), ...checkFormat(format, value, path)]
  return checkFormat(format, value, path)
}

function checkFormat(format: string | undefined, value: string, path: string): FieldError[] {
  if (!format || hasFormat(format, value)) return []
  return [typeInvalid(fieldOf(path), value, body(path, `must be of type ${format}: ${JSON.stringify(value)}`))]
}

/** A pattern that cannot be run does not match. */
function matches(pattern: string, value: string): boolean {
  try {
    const compiled = linearPattern(pattern)
    charge((value.length * compiled.size) / 100)
    return compiled.test(value)
  } catch (error) {
    if (error instanceof PatternError || error instanceof PatternTooCostly) return false
    throw error
  }
}

function checkNumber(schema: JsonSchema, value: number, path: string): FieldError[] {
  const { maximum, minimum, multipleOf } = schema
  const errors: FieldError[] = []
  const add = (text: string) => errors.push(invalid(fieldOf(path), value, body(path, text)))
  if (multipleOf !== undefined && multipleOf > 0 && !Number.isInteger(value / multipleOf))
    add(`should be a multiple of ${multipleOf}`)
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum))
    add(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum))
    add(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
  return errors
}

function checkList(schema: JsonSchema, value: readonly unknown[], { path, old, correlated }: Place): FieldError[] {
  const errors: FieldError[] = []
  const { items, minItems, maxItems } = schema
  if (items) {
    const before = correlated ? oldItems(schema, old) : undefined
    for (const [index, item] of value.entries()) {
      const place: Place = {
        path: `${path}[${index}]`,
        ...(before?.has(item) && { old: before.old(item), correlated: true }),
      }
      errors.push(...check(items, item, place))
      if (errors.length > maxErrors) return errors
    }
  }
  if (minItems !== undefined && value.length < minItems)
    errors.push(invalid(fieldOf(path), value.length, body(path, `should have at least ${minItems} items`)))
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(fieldOf(path), value.length, maxItems))
  return errors
}

/** Only items of a list with keys can be told apart over a change. */
function oldItems(schema: JsonSchema, old: unknown) {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return undefined
  const byKey = new Map(old.map((item) => [keyText(schema, item), item]))
  return {
    has: (item: unknown) => byKey.has(keyText(schema, item)),
    old: (item: unknown) => byKey.get(keyText(schema, item)),
  }
}

/** What tells an item of a list with keys from the others. */
export function keyText(schema: JsonSchema, item: unknown): string {
  return JSON.stringify(
    (schema['x-kubernetes-list-map-keys'] ?? []).map((key) =>
      isMap(item) && Object.hasOwn(item, key) ? item[key] : null,
    ),
  )
}

function checkMap(schema: JsonSchema, value: Record<string, unknown>, { path, old, correlated }: Place): FieldError[] {
  const errors: FieldError[] = []
  const { minProperties, maxProperties } = schema
  const keys = Object.keys(value)
  if (minProperties !== undefined && keys.length < minProperties)
    errors.push(invalid(fieldOf(path), keys.length, body(path, `should have at least ${minProperties} properties`)))
  if (maxProperties !== undefined && keys.length > maxProperties)
    errors.push(tooMany(fieldOf(path), keys.length, maxProperties))
  const before = correlated && isMap(old) ? old : undefined
  const at = (key: string): Place => ({
    path: path ? `${path}.${key}` : key,
    ...(before && {
      old: Object.hasOwn(before, key) ? before[key] : undefined,
      correlated: Object.hasOwn(before, key),
    }),
  })
  const values = valuesOf(schema)
  for (const key of keys) {
    const known = propertyOf(schema, key) ?? values
    if (known) errors.push(...check(known, value[key], at(key)))
    if (errors.length > maxErrors) return errors
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) errors.push(required(path ? `${path}.${name}` : name))
  }
  return errors
}

function checkCombinations(schema: JsonSchema, value: unknown, { path }: Place): FieldError[] {
  const errors: FieldError[] = []
  // Inside these, nothing can be told apart from what it was before.
  const outcome = (one: JsonSchema) => check(one, value, { path })
  const whole = (text: string) => errors.push(invalid(wholeObject, '', `${JSON.stringify(path)} ${text}`))
  const { allOf, anyOf, oneOf } = schema
  if (anyOf?.length) {
    const outcomes = anyOf.map(outcome)
    if (!outcomes.some((one) => one.length === 0)) {
      whole('must validate at least one schema (anyOf)')
      errors.push(...outcomes[0]!)
    }
  }
  if (oneOf?.length) {
    const outcomes = oneOf.map(outcome)
    const valid = outcomes.filter((one) => one.length === 0).length
    if (valid === 0) {
      whole('must validate one and only one schema (oneOf). Found none valid')
      errors.push(...outcomes[0]!)
    } else if (valid > 1) whole(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`)
  }
  if (allOf?.length) {
    const outcomes = allOf.map(outcome)
    errors.push(...outcomes.flat())
    const valid = outcomes.filter((one) => one.length === 0).length
    if (valid < outcomes.length) whole(`must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`)
  }
  if (schema.not && outcome(schema.not).length === 0) whole('must not validate the schema (not)')
  return errors
}
