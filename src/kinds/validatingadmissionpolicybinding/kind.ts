import { duplicate, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { defaultBinding, validateBinding, type BindingSpec } from '../admissionpolicy/common.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'

export interface ValidatingBindingSpec extends BindingSpec {
  readonly validationActions?: readonly string[]
}

export const ValidatingAdmissionPolicyBinding = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  hasGeneration: true,
  applyDefaults: (binding) => defaultBinding((binding.spec ??= {})),
  validate: (binding) => [...clusterMeta(binding), ...validateSpec(binding.spec)],
  validateUpdate: (binding, old) => [
    ...metaUpdate(binding, old),
    ...clusterMeta(binding),
    ...validateSpec(binding.spec),
  ],
  columns: storedColumns('validatingadmissionpolicybindings.admissionregistration.k8s.io'),
})

const actions = ['Audit', 'Deny', 'Warn']

function validateSpec(spec: ValidatingBindingSpec): FieldError[] {
  const errors = validateBinding(spec)
  const path = 'spec.validationActions'
  const given = spec.validationActions ?? []
  for (const [index, action] of given.entries()) {
    if (!actions.includes(action)) errors.push(notSupported(`${path}[${index}]`, action, actions))
    if (given.indexOf(action) < index) errors.push(duplicate(`${path}[${index}]`, action))
  }
  if (given.includes('Deny') && given.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    errors.push(invalid(path, given, detail))
  }
  if (given.length === 0) errors.push(required(path, 'at least one validation action is required'))
  return errors
}
