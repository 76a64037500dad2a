import { defaultBinding, validateBinding } from '../admissionpolicy/common.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'

export const MutatingAdmissionPolicyBinding = defineKind({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  hasGeneration: true,
  applyDefaults: (binding) => defaultBinding((binding.spec ??= {})),
  validate: (binding) => [...clusterMeta(binding), ...validateBinding(binding.spec)],
  validateUpdate: (binding, old) => [
    ...metaUpdate(binding, old),
    ...clusterMeta(binding),
    ...validateBinding(binding.spec),
  ],
  columns: storedColumns('mutatingadmissionpolicybindings.admissionregistration.k8s.io'),
})
