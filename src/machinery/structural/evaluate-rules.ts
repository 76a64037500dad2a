import { deepEqual } from '../../lib/deep-equal.ts'
import { Meter, perCallLimit, requestBudget } from '../cel/meter.ts'
import type { Program } from '../cel/program.ts'
import { fromSchema } from '../cel/schema-types.ts'
import { CelCostError, CelError, Optional } from '../cel/values.ts'
import { duplicate, forbidden, invalid, required, type FieldError } from '../field-errors.ts'
import { isEmbedded, isMap, propertyOf, valuesOf, type JsonSchema, type ValidationRule } from './json-schema.ts'
import { programOf, rulesOf, type CompiledRule } from './rules.ts'
import { keyText, wholeObject } from './validate-value.ts'

/** A value, where it stands and what stood there before. */
interface Place {
  readonly path: string
  readonly old: unknown
  /** Can the value be told to be the same one as before? */
  readonly correlated: boolean
  /** Nothing changed here or around: rules that were broken before stay so. */
  readonly unchanged: boolean
}

interface Run {
  remaining: number
  readonly errors: FieldError[]
}

const withRules = new WeakMap<JsonSchema, boolean>()

/** Is there a rule in a schema, anywhere? */
export function hasRules(schema: JsonSchema): boolean {
  let known = withRules.get(schema)
  if (known === undefined) {
    const inner = [...Object.values(schema.properties ?? {}), valuesOf(schema), schema.items, ...(schema.allOf ?? [])]
    known =
      Boolean(schema['x-kubernetes-validations']?.length) ||
      inner.some((one) => isMap(one) && hasRules(one as JsonSchema))
    withRules.set(schema, known)
  }
  return known
}

/** The rules that an object breaks. `old` is undefined on create. Upstream: structural/cel, Validator.Validate. */
export function evaluateRules(schema: JsonSchema, object: unknown, old: unknown): FieldError[] {
  if (!hasRules(schema)) return []
  const run: Run = { remaining: requestBudget, errors: [] }
  const unchanged = old !== undefined && deepEqual(object, old)
  visit(run, schema, object, { path: '', old, correlated: old !== undefined, unchanged }, true)
  return run.errors
}

function visit(run: Run, schema: JsonSchema, value: unknown, place: Place, isRoot: boolean): void {
  if (value === null || value === undefined || !hasRules(schema) || run.remaining < 0) return
  const compiled = rulesOf(schema, isRoot)
  if (compiled.length > 0) evaluateNode(run, schema, compiled, value, place, isRoot)
  if (Array.isArray(value)) visitList(run, schema, value, place)
  else if (isMap(value)) visitMap(run, schema, value, place)
}

function visitList(run: Run, schema: JsonSchema, value: readonly unknown[], place: Place): void {
  const { items } = schema
  if (!items) return
  const before =
    schema['x-kubernetes-list-type'] === 'map' && Array.isArray(place.old)
      ? new Map(place.old.map((item) => [keyText(schema, item), item]))
      : undefined
  for (const [index, item] of value.entries()) {
    const old = before?.get(keyText(schema, item))
    visit(run, items, item, inside(place, `${place.path}[${index}]`, item, old), false)
  }
}

function visitMap(run: Run, schema: JsonSchema, value: Record<string, unknown>, place: Place): void {
  const isGranular = schema['x-kubernetes-map-type'] !== 'atomic'
  const before = isGranular && isMap(place.old) ? place.old : undefined
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key)
    const inner = property ?? valuesOf(schema)
    if (!inner) continue
    const old = before && Object.hasOwn(before, key) ? before[key] : undefined
    const path = property ? (place.path ? `${place.path}.${key}` : key) : `${place.path}[${key}]`
    visit(run, inner, value[key], inside(place, path, value[key], old), false)
  }
}

function inside(place: Place, path: string, value: unknown, old: unknown): Place {
  const correlated = place.correlated && old !== undefined
  return { path, old, correlated, unchanged: place.unchanged || (correlated && deepEqual(value, old)) }
}

function evaluateNode(
  run: Run,
  schema: JsonSchema,
  compiled: readonly CompiledRule[],
  value: unknown,
  place: Place,
  isRoot: boolean,
): void {
  const asCel = (one: unknown) => fromSchema(one, schema, isRoot || isEmbedded(schema))
  const self = asCel(value)
  const shown = typeof value === 'object' ? undefined : value
  const at = place.path || wholeObject
  for (const { rule, compiled: compilation, message } of compiled) {
    const program = programOf(compilation)
    if (!program) continue
    const isTransition = program.uses('oldSelf')
    if (isTransition && !place.correlated && !rule.optionalOldSelf) continue
    const old = place.correlated ? asCel(place.old) : undefined
    const oldSelf = rule.optionalOldSelf ? (old === undefined ? Optional.none : new Optional(old)) : old
    const lookup = (name: string) => (name === 'self' ? self : oldSelf)
    const outcome = evaluate(run, program, lookup, rule)
    if (outcome.value === true) continue
    if (!isTransition && place.unchanged && outcome.value === false) continue
    if (outcome.value === false) {
      const detail =
        messageOf(run, programOf(message), lookup) ?? (rule.message?.trim() || `failed rule: ${rule.rule.trim()}`)
      const field = rule.fieldPath ? childPath(place.path, rule.fieldPath) : at
      run.errors.push(failure(field, shown, detail, rule.reason))
      // What went wrong is told of the type, not of the value.
    } else run.errors.push(invalid(at, schema.type ?? '', outcome.problem))
    if (run.remaining < 0) return
  }
}

function childPath(path: string, fieldPath: string): string {
  return path
    ? `${path}${fieldPath.startsWith('.') || fieldPath.startsWith('[') ? '' : '.'}${fieldPath}`
    : fieldPath.replace(/^\./, '')
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run'

type Outcome = { readonly value: unknown; readonly problem: string }

function evaluate(run: Run, program: Program, lookup: (name: string) => unknown, rule: ValidationRule): Outcome {
  const limit = Math.min(perCallLimit, run.remaining)
  const meter = new Meter(limit)
  const text = rule.message?.trim() || rule.rule.trim()
  try {
    const value = program.run(lookup, meter)
    run.remaining -= spent(meter, run.remaining)
    return typeof value === 'boolean'
      ? { value, problem: '' }
      : { value: undefined, problem: `no such overload evaluating rule: ${text}` }
  } catch (error) {
    if (error instanceof CelCostError) {
      run.remaining = -1
      if (limit < perCallLimit) return { value: undefined, problem: outOfBudget }
      return {
        value: undefined,
        problem: `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`,
      }
    }
    if (!(error instanceof CelError)) throw error
    run.remaining -= spent(meter, run.remaining)
    if (error.message.startsWith('no such overload'))
      return {
        value: undefined,
        problem: `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${text}`,
      }
    return { value: undefined, problem: `${error.message} evaluating rule: ${text}` }
  }
}

function spent(meter: Meter, remaining: number): number {
  return Math.min(perCallLimit, remaining) - Math.max(0, meter.remaining)
}

const maxMessage = 5 * 1024

/** What a messageExpression says; undefined when it says nothing that can be shown. */
function messageOf(run: Run, program: Program | undefined, lookup: (name: string) => unknown): string | undefined {
  if (!program) return undefined
  const meter = new Meter(Math.min(perCallLimit, Math.max(0, run.remaining)))
  try {
    const value = program.run(lookup, meter)
    run.remaining -= spent(meter, run.remaining)
    const text = typeof value === 'string' ? value.trim() : ''
    return text === '' || text.includes('\n') || text.length > maxMessage ? undefined : text
  } catch (error) {
    if (error instanceof CelError || error instanceof CelCostError) return undefined
    throw error
  }
}

/** Objects and lists are not shown in the message. */
function withoutValue(field: string, shown: unknown, detail: string): FieldError {
  if (shown !== undefined) return invalid(field, shown, detail)
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${detail}` }
}

function failure(field: string, shown: unknown, detail: string, reason: string | undefined): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail)
    case 'FieldValueRequired':
      return required(field, detail)
    case 'FieldValueDuplicate':
      return shown === undefined
        ? { type: 'FieldValueDuplicate', field, message: 'Duplicate value' }
        : duplicate(field, shown)
    default:
      return withoutValue(field, shown, detail)
  }
}
