import { deepEqual } from '../../../lib/deep-equal.ts'
import { forbiddenRequest, notFound, type GroupName } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionPlugin } from '../admission/chain.ts'
import type { RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { PolicyRule } from './attributes.ts'
import { decide } from './authorizer.ts'
import { compact, quotedList, ruleText, uncovered } from './rule-matching.ts'
import { rulesFor, rulesOfRole } from './rule-resolver.ts'

const group = 'rbac.authorization.k8s.io'
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/**
 * Nobody grants what they do not hold, unless they may `escalate` roles or `bind` them. The last thing before a
 * role or binding is validated. Upstream: pkg/registry/rbac/{role,clusterrole,…}/policybased/storage.go.
 */
export const escalationCheck: AdmissionPlugin = {
  name: 'RBACEscalationCheck',
  admit(api, context, draft, old) {
    if (context.kind.group !== group || context.user.groups.includes('system:masters')) return
    if (old && onlyForTheCollector(draft as KubeObject, old)) return
    const object: any = draft
    if (context.kind.plural.endsWith('bindings')) return checkBinding(api, context, object)
    if (may(api, context, 'escalate', context.kind.plural, context.name || object.metadata.name)) return
    confirm(api, context, object.metadata.name, object.rules ?? [])
    if (!object.aggregationRule && !(old as any)?.aggregationRule) return
    // What an aggregated role will gather nobody knows.
    if (missing(api, context, everything).length === 0) return
    const detail = 'must have cluster-admin privileges to use an aggregationRule'
    throw forbiddenRequest(resourceOf(context), object.metadata.name, detail)
  },
}

function checkBinding(api: ApiServer, context: RequestContext, binding: any): void {
  const { roleRef } = binding
  const plural = roleRef?.kind === 'Role' ? 'roles' : 'clusterroles'
  if (may(api, context, 'bind', plural, roleRef?.name ?? '')) return
  const rules = rulesOfRole(api.etcd, roleRef ?? {}, context.namespace ?? '')
  if (!rules) throw notFound({ group, name: plural }, roleRef?.name ?? '')
  confirm(api, context, binding.metadata.name, rules)
}

function may(
  api: ApiServer,
  { user, namespace = '' }: RequestContext,
  verb: string,
  plural: string,
  name: string,
): boolean {
  const resource = { group, resource: plural, subresource: '', namespace, name }
  return decide(api.etcd, { user, verb, resource }).allowed
}

function missing(api: ApiServer, { user, namespace = '' }: RequestContext, rules: readonly PolicyRule[]): PolicyRule[] {
  return uncovered(rulesFor(api.etcd, user, namespace).rules, rules)
}

function confirm(api: ApiServer, context: RequestContext, name: string, rules: readonly PolicyRule[]): void {
  const lacking = missing(api, context, rules)
  if (lacking.length === 0) return
  const { user, namespace = '' } = context
  const texts = [...new Set(compact(lacking).map(ruleText))].sort()
  const { errors } = rulesFor(api.etcd, user, namespace)
  const unresolved = errors.length > 0 ? `; resolution errors: [${errors.join(' ')}]` : ''
  const detail = `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}${unresolved}`
  throw forbiddenRequest(resourceOf(context), name, detail)
}

const resourceOf = ({ kind }: RequestContext): GroupName => ({ group, name: kind.plural })

/** Owner references and finalizers may change without a question, or nothing could be collected. */
function onlyForTheCollector(now: KubeObject, old: KubeObject): boolean {
  const bare = ({ metadata, ...rest }: KubeObject) => {
    const { ownerReferences: _o, finalizers: _f, managedFields: _m, resourceVersion: _r, ...kept } = metadata
    return { ...rest, metadata: kept }
  }
  if (!deepEqual(bare(now), bare(old))) return false
  return (
    !deepEqual(now.metadata.ownerReferences, old.metadata.ownerReferences) ||
    !deepEqual(now.metadata.finalizers, old.metadata.finalizers)
  )
}
