import { deepEqual } from '../../lib/deep-equal.ts'
import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain, isPathSegmentName } from '../../machinery/names.ts'
import { validateObjectMeta } from '../../machinery/object-meta.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'

/** What RoleBindings and ClusterRoleBindings share. Upstream: pkg/apis/rbac/{v1,validation}. */

const rbac = 'rbac.authorization.k8s.io'

/** Roles, users and groups are of the RBAC group when nothing else is said. */
export function applyBindingDefaults(binding: any): void {
  if (binding.roleRef && !binding.roleRef.apiGroup) binding.roleRef.apiGroup = rbac
  for (const subject of binding.subjects ?? [])
    if ((subject.kind === 'User' || subject.kind === 'Group') && !subject.apiGroup) subject.apiGroup = rbac
}

/** All that can be wrong with a binding; `namespaced` for RoleBindings. */
export function validateBinding(binding: any, namespaced: boolean): FieldError[] {
  const errors = validateObjectMeta(binding.metadata, namespaced, isPathSegmentName)
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {}
  if (apiGroup !== rbac) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbac]))
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds))
  if (!name) errors.push(required('roleRef.name'))
  else for (const message of isPathSegmentName(name)) errors.push(invalid('roleRef.name', name, message))
  for (const [index, subject] of ((binding.subjects ?? []) as any[]).entries())
    errors.push(...validateSubject(subject, namespaced, `subjects[${index}]`))
  return errors
}

/** A binding's role never changes. */
export function validateBindingUpdate(binding: any, old: any, namespaced: boolean): FieldError[] {
  const errors = [...validateBinding(binding, namespaced), ...metaUpdate(binding, old)]
  if (!deepEqual(binding.roleRef, old.roleRef))
    errors.push(invalid('roleRef', binding.roleRef, 'cannot change roleRef'))
  return errors
}

function validateSubject(subject: any, namespaced: boolean, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { name = '', kind = '', apiGroup = '' } = subject
  if (!name) errors.push(required(`${field}.name`))
  switch (kind) {
    case 'ServiceAccount':
      if (name) for (const message of isDns1123Subdomain(name)) errors.push(invalid(`${field}.name`, name, message))
      if (apiGroup) errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']))
      if (!namespaced && !subject.namespace) errors.push(required(`${field}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== rbac) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [rbac]))
      break
    default:
      errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  }
  return errors
}

const subjectsOf = (kind: string) => (binding: any) =>
  (binding.subjects ?? [])
    .filter((subject: any) => subject.kind === kind)
    .map(({ name, namespace }: any) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')

/** The row of a binding. */
export function bindingColumns(namespaced: boolean): PrinterColumn[] {
  const where = namespaced ? 'roleBinding' : 'clusterRoleBinding'
  const target = namespaced
    ? 'reference a Role in the current namespace or a ClusterRole in the global namespace'
    : 'only reference a ClusterRole in the global namespace'
  const wide = (name: string, kind: string) =>
    column(name, subjectsOf(kind), { priority: 1, description: `${name} in the ${where}` })
  return [
    nameColumn,
    column('Role', ({ roleRef }: any) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`, {
      description: `RoleRef can ${target}. If the RoleRef cannot be resolved, the Authorizer must return an error.`,
    }),
    ageColumn,
    wide('Users', 'User'),
    wide('Groups', 'Group'),
    wide('ServiceAccounts', 'ServiceAccount'),
  ]
}
