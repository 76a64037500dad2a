import { isPathSegmentName } from '../../machinery/names.ts'
import { validateObjectMeta } from '../../machinery/object-meta.ts'
import { createdAtColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'
import { validateRules } from './rules.ts'

const validate = (role: any) => [
  ...validateObjectMeta(role.metadata, true, isPathSegmentName),
  ...validateRules(role.rules, true),
]

export const Role = defineKind({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.Role',
  // Go leaves the list out of no answer: what has no rules says so.
  applyDefaults(role) {
    role.rules ??= null
  },
  validate,
  validateUpdate: (role, old) => [...validate(role), ...metaUpdate(role, old)],
  columns: [nameColumn, createdAtColumn],
})
