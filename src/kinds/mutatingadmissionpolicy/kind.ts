import { dyn, listOf, type CelType } from '../../machinery/cel/types.ts'
import { compileCel } from '../../machinery/cel/program.ts'
import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { defaultPolicy, validatePolicy, type PolicySpec } from '../admissionpolicy/common.ts'
import { compilationProblem } from '../admissionpolicy/expressions.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'

export interface Mutation {
  readonly patchType: string
  readonly applyConfiguration?: { readonly expression: string }
  readonly jsonPatch?: { readonly expression: string }
}

export interface MutatingPolicySpec extends PolicySpec {
  readonly mutations?: readonly Mutation[]
  readonly reinvocationPolicy?: string
}

export const MutatingAdmissionPolicy = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  hasGeneration: true,
  applyDefaults: (policy) => defaultPolicy((policy.spec ??= {})),
  validate: (policy) => [...clusterMeta(policy), ...validateSpec(policy.spec)],
  validateUpdate: (policy, old) => [...metaUpdate(policy, old), ...clusterMeta(policy), ...validateSpec(policy.spec)],
  columns: storedColumns('mutatingadmissionpolicies.admissionregistration.k8s.io'),
})

const object: CelType = { kind: 'object', name: 'Object', field: () => dyn }
const patches = listOf({ kind: 'object', name: 'JSONPatch', field: () => dyn })
const kinds = {
  ApplyConfiguration: ['applyConfiguration', object],
  JSONPatch: ['jsonPatch', patches],
} as const

function validateSpec(spec: MutatingPolicySpec): FieldError[] {
  const scope = { hasParams: spec.paramKind !== undefined, hasAuthorizer: true, mutates: true }
  const { errors, environment } = validatePolicy(spec, scope)
  const { mutations = [], reinvocationPolicy } = spec
  if (mutations.length === 0) errors.push(required('spec.mutations', 'mutations must contain at least one item'))
  for (const [index, mutation] of mutations.entries()) {
    const at = `spec.mutations[${index}]`
    const type = mutation.patchType
    if (!type) errors.push(required(`${at}.patchType`))
    else if (!Object.hasOwn(kinds, type))
      errors.push(notSupported(`${at}.patchType`, type, ['ApplyConfiguration', 'JSONPatch']))
    else {
      const [field, wanted] = kinds[type as keyof typeof kinds]
      const other = field === 'jsonPatch' ? 'applyConfiguration' : 'jsonPatch'
      if (mutation[other])
        errors.push(invalid(`${at}.${other}`, '{unset}', `must not be specified when patchType is ${type}`))
      const expression = mutation[field]?.expression
      if (!mutation[field]) errors.push(required(`${at}.${field}`, `must be specified when patchType is ${type}`))
      else if (!expression?.trim()) errors.push(required(`${at}.${field}.expression`, 'expression is not specified'))
      else {
        const problem = compilationProblem(compileCel(expression, environment.environment), [wanted])
        if (problem) errors.push(invalid(`${at}.${field}.expression`, expression, problem))
      }
    }
  }
  if (!reinvocationPolicy) errors.push(required('spec.reinvocationPolicy'))
  else if (reinvocationPolicy !== 'Never' && reinvocationPolicy !== 'IfNeeded')
    errors.push(notSupported('spec.reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']))
  return errors
}
