import { StatusError } from '../../../machinery/errors.ts'
import { invalid, type FieldError } from '../../../machinery/field-errors.ts'
import { isDns1123Subdomain } from '../../../machinery/names.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../../machinery/object-meta.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { evaluateRules, hasRules } from '../../../machinery/structural/evaluate-rules.ts'
import type { JsonSchema } from '../../../machinery/structural/json-schema.ts'
import { validateEmbedded, validateLists } from '../../../machinery/structural/validate-lists.ts'
import { validateValue, wholeObject } from '../../../machinery/structural/validate-value.ts'

/** After these, rules would only confuse. */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** A new custom object. Upstream: customResourceStrategy.Validate. */
export function validateCustomCreate(
  schema: JsonSchema,
  namespaced: boolean,
  object: any,
  isGoing: boolean,
): FieldError[] {
  if (isGoing) {
    const message = 'create not allowed while custom resource definition is terminating'
    throw new StatusError(405, 'MethodNotAllowed', message, {})
  }
  const errors = [
    ...validateObjectMeta(object.metadata, namespaced, isDns1123Subdomain),
    ...validateValue(schema, object),
    ...validateEmbedded(schema, object),
    ...validateLists(schema, object),
  ]
  return withRules(schema, object, undefined, errors)
}

/** A changed one: what did not change is not held to rules that became stricter. Upstream: ValidateUpdate, ratcheting. */
export function validateCustomUpdate(
  schema: JsonSchema,
  namespaced: boolean,
  object: any,
  old: KubeObject,
): FieldError[] {
  const errors = [
    ...validateObjectMetaUpdate(object.metadata, old.metadata),
    ...validateObjectMeta(object.metadata, namespaced, isDns1123Subdomain),
    ...validateValue(schema, object, old),
    ...validateEmbedded(schema, object),
    ...(validateLists(schema, old).length > 0 ? [] : validateLists(schema, object)),
  ]
  return withRules(schema, object, old, errors)
}

function withRules(schema: JsonSchema, object: unknown, old: unknown, errors: FieldError[]): FieldError[] {
  if (!hasRules(schema)) return errors
  if (errors.some(({ type }) => blocking.has(type))) {
    const detail =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
    return [...errors, invalid(wholeObject, null, detail)]
  }
  return [...errors, ...evaluateRules(schema, object, old)]
}
