import { forbiddenRequest } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Identity, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

/** Lets a request pass, or throws 403 with the words of Kubernetes' RBAC authorizer. */
export function authorize(api: ApiServer, context: RequestContext): void {
  const { user } = context
  if (user.groups.includes('system:masters')) return
  if (allowedByRoles(api, context)) return
  throw forbiddenRequest(groupName(context.kind), context.name, reason(context))
}

function reason({ user, verb, kind, subresource, namespace }: RequestContext): string {
  const resource = subresource ? `${kind.plural}/${subresource}` : kind.plural
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  return `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${where}`
}

function allowedByRoles(api: ApiServer, context: RequestContext): boolean {
  for (const binding of api.list('clusterrolebindings.rbac.authorization.k8s.io')) {
    if (binds(binding, context.user) && rulesOf(api, binding, undefined).some((rule) => covers(rule, context)))
      return true
  }
  if (!context.namespace) return false
  for (const binding of api.list('rolebindings.rbac.authorization.k8s.io', context.namespace)) {
    if (!binds(binding, context.user)) continue
    if (rulesOf(api, binding, context.namespace).some((rule) => covers(rule, context))) return true
  }
  return false
}

function binds(binding: KubeObject, user: Identity): boolean {
  const subjects: any[] = (binding as any).subjects ?? []
  return subjects.some((subject) => {
    if (subject.kind === 'User') return subject.name === user.name
    if (subject.kind === 'Group') return user.groups.includes(subject.name)
    return user.name === `system:serviceaccount:${subject.namespace ?? binding.metadata.namespace}:${subject.name}`
  })
}

function rulesOf(api: ApiServer, binding: KubeObject, namespace: string | undefined): any[] {
  const { kind, name } = (binding as any).roleRef
  const role =
    kind === 'ClusterRole'
      ? api.etcd.get('clusterroles.rbac.authorization.k8s.io', name)
      : api.etcd.get('roles.rbac.authorization.k8s.io', `${namespace}/${name}`)
  return (role as any)?.rules ?? []
}

function covers(rule: any, context: RequestContext): boolean {
  const resource = context.subresource ? `${context.kind.plural}/${context.subresource}` : context.kind.plural
  const has = (list: string[] | undefined, value: string) => !!list && (list.includes('*') || list.includes(value))
  const resources: string[] = rule.resources ?? []
  const wild = context.subresource !== '' && resources.includes(`*/${context.subresource}`)
  if (!has(rule.verbs, context.verb) || !has(rule.apiGroups, context.kind.group)) return false
  if (!has(resources, resource) && !wild) return false
  const names: string[] = rule.resourceNames ?? []
  return names.length === 0 || names.includes(context.name)
}
