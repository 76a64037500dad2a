import { PolicyEnvironment } from '../../machinery/cel/policy-environment.ts'
import { bool, nullType, string } from '../../machinery/cel/types.ts'
import { duplicate, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'
import { defaultPolicy, validatePolicy, type PolicySpec } from '../admissionpolicy/common.ts'
import { validateExpression } from '../admissionpolicy/expressions.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'

export interface Validation {
  readonly expression: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
}

export interface ValidatingPolicySpec extends PolicySpec {
  readonly validations?: readonly Validation[]
  readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[]
}

export const ValidatingAdmissionPolicy = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  hasGeneration: true,
  hasStatus: true,
  applyDefaults: (policy) => defaultPolicy((policy.spec ??= {})),
  prepareForCreate(policy) {
    policy.status = {}
  },
  validate: (policy) => [...clusterMeta(policy), ...validateSpec(policy.metadata.name, policy.spec)],
  validateUpdate: (policy, old) => [
    ...metaUpdate(policy, old),
    ...clusterMeta(policy),
    ...validateSpec(policy.metadata.name, policy.spec),
  ],
  columns: storedColumns('validatingadmissionpolicies.admissionregistration.k8s.io'),
})

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']
const maxAuditAnnotations = 20
const maxValueExpression = 5 * 1024

function validateSpec(policy: string, spec: ValidatingPolicySpec): FieldError[] {
  const scope = { hasParams: spec.paramKind !== undefined, hasAuthorizer: true }
  const { errors, environment } = validatePolicy(spec, scope)
  const { validations = [], auditAnnotations = [] } = spec
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must contain at least one item'
    errors.push(required('spec.validations', detail), required('spec.auditAnnotations', detail))
  }
  const messages = new PolicyEnvironment({ ...scope, hasAuthorizer: false }, spec.variables ?? [])
  for (const [index, one] of validations.entries())
    errors.push(...validateOne(one, `spec.validations[${index}]`, environment, messages))
  return [...errors, ...validateAnnotations(policy, auditAnnotations, environment)]
}

function validateAnnotations(
  policy: string,
  annotations: NonNullable<ValidatingPolicySpec['auditAnnotations']>,
  { environment }: PolicyEnvironment,
): FieldError[] {
  const path = 'spec.auditAnnotations'
  const errors: FieldError[] = []
  const keys = new Set<string>()
  if (annotations.length > maxAuditAnnotations)
    errors.push(invalid(path, annotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`))
  for (const [index, { key = '', valueExpression }] of annotations.entries()) {
    const at = `${path}[${index}]`
    // What is recorded is the policy's name with the key.
    const name = `${policy}/${key}`
    for (const problem of isQualifiedName(name)) errors.push(invalid(`${at}.key`, name, problem))
    const expression = valueExpression?.trim() ?? ''
    if (expression === '') errors.push(required(`${at}.valueExpression`, 'valueExpression is not specified'))
    else if (expression.length > maxValueExpression)
      errors.push(required(`${at}.valueExpression`, `must not exceed ${maxValueExpression} bytes in length`))
    else errors.push(...validateExpression(expression, `${at}.valueExpression`, environment, [string, nullType]))
    if (keys.has(key)) errors.push(duplicate(`${at}.key`, key))
    keys.add(key)
  }
  return errors
}

function validateOne(
  { expression, message, messageExpression, reason }: Validation,
  at: string,
  { environment }: PolicyEnvironment,
  messages: PolicyEnvironment,
): FieldError[] {
  const errors = validateExpression(expression, `${at}.expression`, environment, [bool])
  if (messageExpression !== undefined && messageExpression !== '') {
    if (messageExpression.trim() === '')
      errors.push(invalid(`${at}.messageExpression`, messageExpression, 'must be non-empty if specified'))
    else
      errors.push(...validateExpression(messageExpression, `${at}.messageExpression`, messages.environment, [string]))
  }
  if (message && message.trim() === '')
    errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'))
  else if (message?.trim().includes('\n'))
    errors.push(invalid(`${at}.message`, message, 'message must not contain line breaks'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons))
  return errors
}
