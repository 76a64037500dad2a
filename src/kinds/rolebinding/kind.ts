import { defineKind } from '../kind.ts'
import { applyBindingDefaults, bindingColumns, validateBinding, validateBindingUpdate } from './bindings.ts'

export const RoleBinding = defineKind({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  applyDefaults: applyBindingDefaults,
  validate: (binding) => validateBinding(binding, true),
  validateUpdate: (binding, old) => validateBindingUpdate(binding, old, true),
  columns: bindingColumns(true),
})
