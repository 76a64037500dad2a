import { required, type FieldError } from '../../machinery/field-errors.ts'
import { isPathSegmentName } from '../../machinery/names.ts'
import { validateObjectMeta } from '../../machinery/object-meta.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'
import { createdAtColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'
import { validateRules } from '../role/rules.ts'

export const ClusterRole = defineKind({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  // Go leaves the list out of no answer: what has no rules says so.
  applyDefaults(role) {
    role.rules ??= null
  },
  validate,
  validateUpdate: (role, old) => [...validate(role), ...metaUpdate(role, old)],
  columns: [nameColumn, createdAtColumn],
})

/** Upstream: pkg/apis/rbac/validation, ValidateClusterRole. */
function validate(role: any): FieldError[] {
  const errors = [...validateObjectMeta(role.metadata, false, isPathSegmentName), ...validateRules(role.rules, false)]
  if (!role.aggregationRule) return errors
  const selectors: any[] = role.aggregationRule.clusterRoleSelectors ?? []
  const field = 'aggregationRule.clusterRoleSelectors'
  if (selectors.length === 0)
    errors.push(required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  for (const [index, selector] of selectors.entries())
    errors.push(...validateLabelSelector(selector, `${field}[${index}]`))
  return errors
}
