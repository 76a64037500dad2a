import type { KubeObject } from '../../../machinery/objects.ts'
import type { Etcd } from '../../etcd/etcd.ts'
import type { Identity } from '../request.ts'
import type { PolicyRule } from './attributes.ts'

const group = 'rbac.authorization.k8s.io'
const clusterRoles = `clusterroles.${group}`
const roles = `roles.${group}`
const clusterRoleBindings = `clusterrolebindings.${group}`
const roleBindings = `rolebindings.${group}`

/** A rule that holds for somebody, and through which binding. */
export interface HeldRule {
  readonly rule: PolicyRule
  readonly binding: KubeObject
  readonly subject: any
}

/**
 * Goes through the rules that hold for a user, cluster-wide ones first, until `visit` returns true. Roles that
 * bindings name in vain are told to `missing`. Upstream: pkg/registry/rbac/validation, VisitRulesFor.
 */
export function visitRules(
  etcd: Etcd,
  user: Identity,
  namespace: string,
  visit: (held: HeldRule) => boolean,
  missing: (message: string) => void = () => {},
): void {
  const through = (resource: string, key: string): boolean => {
    const binding: any = etcd.get(resource, key)
    const subjects: any[] = binding.subjects ?? []
    const subject = subjects.find((one) => isSubject(one, user, binding.metadata.namespace ?? ''))
    if (!subject) return false
    const rules = rulesOfRole(etcd, binding.roleRef, binding.metadata.namespace ?? '')
    if (!rules) {
      missing(missingRoleText(binding.roleRef))
      return false
    }
    return rules.some((rule) => visit({ rule, binding, subject }))
  }
  for (const key of etcd.keys(clusterRoleBindings)) if (through(clusterRoleBindings, key)) return
  if (!namespace) return
  const prefix = `${namespace}/`
  for (const key of etcd.keys(roleBindings)) if (key.startsWith(prefix) && through(roleBindings, key)) return
}

/** All rules that hold for a user, and the bindings' roles that are not there. */
export function rulesFor(etcd: Etcd, user: Identity, namespace: string): { rules: PolicyRule[]; errors: string[] } {
  const rules: PolicyRule[] = []
  const errors: string[] = []
  visitRules(
    etcd,
    user,
    namespace,
    ({ rule }) => {
      rules.push(rule)
      return false
    },
    (message) => errors.push(message),
  )
  return { rules, errors }
}

/** The rules of the role that a binding names; undefined when there is none. */
export function rulesOfRole(etcd: Etcd, roleRef: any, namespace: string): readonly PolicyRule[] | undefined {
  const role: any =
    roleRef.kind === 'Role' ? etcd.get(roles, `${namespace}/${roleRef.name}`) : etcd.get(clusterRoles, roleRef.name)
  return role && (role.rules ?? [])
}

/** The authorizer reads roles by the kind's own name, not its plural. */
function missingRoleText({ kind, name }: { kind: string; name: string }): string {
  return `${kind === 'Role' ? 'role' : 'clusterrole'}.${group} "${name}" not found`
}

function isSubject(subject: any, user: Identity, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name
    case 'Group':
      return user.groups.includes(subject.name)
    case 'ServiceAccount': {
      const home = subject.namespace || namespace
      return home !== '' && user.name === `system:serviceaccount:${home}:${subject.name}`
    }
    default:
      return false
  }
}
