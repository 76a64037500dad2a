import { invalid, notSupported, RawValue, required, type FieldError } from '../../machinery/field-errors.ts'
import type { JsonSchema, ValidationRule } from '../../machinery/structural/json-schema.ts'
import { messageProblem, programOf, ruleProblem, rulesOf } from '../../machinery/structural/rules.ts'
import { childSchemas } from '../../machinery/structural/validate-schema.ts'
import { schemaAt } from './validate-parts.ts'

const reasons = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate']

/** Every CEL rule of a schema compiles and fits its place. Upstream: ValidateCustomResourceDefinitionOpenAPISchema. */
export function validateRules(schema: JsonSchema, path: string): FieldError[] {
  return visit(schema, path, true, undefined)
}

/** `uncorrelated` is the list or map above whose items cannot be told apart over a change. */
function visit(schema: JsonSchema, path: string, isRoot: boolean, uncorrelated: string | undefined): FieldError[] {
  const errors = validateNode(schema, path, isRoot, uncorrelated)
  for (const [at, child] of childSchemas(schema)) {
    const isList = at === '.items' && schema['x-kubernetes-list-type'] !== 'map'
    const isAtomic = schema['x-kubernetes-map-type'] === 'atomic'
    errors.push(...visit(child, path + at, false, uncorrelated ?? (isList || isAtomic ? path : undefined)))
  }
  return errors
}

function validateNode(
  schema: JsonSchema,
  path: string,
  isRoot: boolean,
  uncorrelated: string | undefined,
): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  const errors: FieldError[] = []
  const compiled = new Map(rulesOf(schema, isRoot).map((one) => [one.rule, one]))
  for (const [index, rule] of rules.entries()) {
    const at = `${path}.x-kubernetes-validations[${index}]`
    const problems = validateWords(schema, rule, at)
    errors.push(...problems)
    const one = compiled.get(rule)
    if (!one) continue
    const value = ruleText(rule)
    const problem = ruleProblem(one.compiled)
    if (problem) errors.push(invalid(`${at}.rule`, value, problem))
    else if (uncorrelated && programOf(one.compiled)?.uses('oldSelf'))
      errors.push(
        invalid(
          `${at}.rule`,
          rule.rule,
          `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
        ),
      )
    const messageError = one.message && messageProblem(one.message)
    if (messageError) errors.push(invalid(`${at}.messageExpression`, value, messageError))
  }
  return errors
}

function validateWords(schema: JsonSchema, rule: ValidationRule, at: string): FieldError[] {
  const errors: FieldError[] = []
  const source = rule.rule ?? ''
  const { message, messageExpression, reason, fieldPath } = rule
  if (source.trim() === '') errors.push(required(`${at}.rule`, 'rule is not specified'))
  if (message !== undefined && message !== '' && message.trim() === '')
    errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'))
  else if (message && message.trim().includes('\n'))
    errors.push(invalid(`${at}.message`, message, 'message must not contain line breaks'))
  else if (source.trim().includes('\n') && !message)
    errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'))
  if (messageExpression !== undefined && messageExpression !== '' && messageExpression.trim() === '')
    errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons))
  if (fieldPath) {
    const found = schemaAt(schema, fieldPath.replace(/\['([^']*)'\]/g, '.$1'))
    if (typeof found === 'string')
      errors.push(invalid(`${at}.fieldPath`, fieldPath, `fieldPath must be a valid path: ${found}`))
  }
  return errors
}

/** A rule as error messages show it: upstream's internal form. */
function ruleText(rule: ValidationRule): RawValue {
  return new RawValue(
    JSON.stringify({
      Rule: rule.rule,
      Message: rule.message ?? '',
      MessageExpression: rule.messageExpression ?? '',
      Reason: rule.reason ?? null,
      FieldPath: rule.fieldPath ?? '',
      OptionalOldSelf: rule.optionalOldSelf ?? null,
    }),
  )
}
