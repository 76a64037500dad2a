import { resourceOf, type Kind } from '../../../kinds/kind.ts'
import type { MatchResources, ResourceRule } from '../../../kinds/admissionpolicy/match-resources.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'

/** A write as policies and webhooks see it. */
export interface AdmissionRequest {
  readonly api: ApiServer
  readonly context: RequestContext
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  /** Undefined when it is being deleted. */
  readonly object: KubeObject | undefined
  readonly old: KubeObject | undefined
}

/** Policies and webhooks may not keep anybody from mending them. */
const exempt = new Set([
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
])

export function isExempt(resource: string): boolean {
  return exempt.has(resource)
}

/** Does a write fall under these rules and selectors? Upstream: policy/matching, Matcher.Matches. */
export function matchesResources(match: MatchResources, request: AdmissionRequest): boolean {
  if (!matchesNamespace(match, request) || !matchesObject(match, request)) return false
  const { matchPolicy, resourceRules, excludeResourceRules } = match
  if (excludeResourceRules?.some((rule) => matchesRule(rule, request, matchPolicy !== 'Exact'))) return false
  // A binding without rules leaves that to its policy.
  if (!resourceRules?.length) return true
  return resourceRules.some((rule) => matchesRule(rule, request, matchPolicy !== 'Exact'))
}

function matchesNamespace({ namespaceSelector }: MatchResources, request: AdmissionRequest): boolean {
  if (!namespaceSelector || Object.keys(namespaceSelector).length === 0) return true
  const { api, context, object, old } = request
  if (context.resource === 'namespaces') {
    const namespace = object ?? old
    return namespace === undefined || matchesLabelSelector(namespaceSelector, namespace.metadata.labels ?? {})
  }
  if (!context.namespace) return true
  const namespace = api.etcd.get('namespaces', context.namespace)
  return matchesLabelSelector(namespaceSelector, namespace?.metadata.labels ?? {})
}

function matchesObject({ objectSelector }: MatchResources, { object, old }: AdmissionRequest): boolean {
  if (!objectSelector || Object.keys(objectSelector).length === 0) return true
  return [object, old].some((one) => one && matchesLabelSelector(objectSelector, one.metadata.labels ?? {}))
}

/** Does a rule name the request's resource, in its version or, where that is enough, in another one? */
export function matchesRule(rule: ResourceRule, request: AdmissionRequest, orEquivalent: boolean): boolean {
  const { api, context, operation } = request
  const has = (list: readonly string[] | undefined, value: string) =>
    list?.some((one) => one === '*' || one === value) ?? false
  if (!has(rule.operations, operation)) return false
  const { kind } = context
  if (rule.scope === 'Namespaced' && !kind.namespaced) return false
  if (rule.scope === 'Cluster' && kind.namespaced) return false
  if (rule.resourceNames?.length && !rule.resourceNames.includes(context.name || (request.object?.metadata.name ?? '')))
    return false
  if (!matchesResource(rule.resources ?? [], kind.plural, context.subresource)) return false
  if (has(rule.apiGroups, kind.group) && has(rule.apiVersions, kind.version)) return true
  return (
    orEquivalent &&
    versionsOf(api, kind).some((one) => has(rule.apiGroups, one.group) && has(rule.apiVersions, one.version))
  )
}

function versionsOf(api: ApiServer, kind: Kind): readonly Kind[] {
  const resource = resourceOf(kind)
  return api.kinds.versions().filter((one) => resourceOf(one) === resource || one.view?.resource === resource)
}

function matchesResource(resources: readonly string[], plural: string, subresource: string): boolean {
  return resources.some((one) => {
    const [resource, wanted] = one.split('/')
    if (resource !== '*' && resource !== plural) return false
    return wanted === undefined ? subresource === '' : wanted === '*' || wanted === subresource
  })
}
