import { defineKind } from '../kind.ts'
import {
  applyBindingDefaults,
  bindingColumns,
  validateBinding,
  validateBindingUpdate,
} from '../rolebinding/bindings.ts'

export const ClusterRoleBinding = defineKind({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  applyDefaults: applyBindingDefaults,
  validate: (binding) => validateBinding(binding, false),
  validateUpdate: (binding, old) => validateBindingUpdate(binding, old, false),
  columns: bindingColumns(false),
})
