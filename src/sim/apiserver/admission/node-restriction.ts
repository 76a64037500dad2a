import { deepEqual } from '../../../lib/deep-equal.ts'
import { forbiddenRequest } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { groupName } from '../group-names.ts'
import { claimsOf, configMapsOf, nodeNameOf, secretsOf } from '../node-authorizer.ts'
import type { Draft, RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const mirror = 'kubernetes.io/config.mirror'
/** Labels of these domains that kubelets may set. */
const ownLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'node.kubernetes.io/windows-build',
])

/** A kubelet changes its own node and its own pods alone. Upstream: plugin/pkg/admission/noderestriction. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  admit(api, context, draft, old) {
    const node = nodeNameOf(context.user)
    if (node === undefined) return
    const problem = problemOf(api, context, node, draft, old)
    if (problem) throw forbiddenRequest(groupName(context.kind), context.name || draft.metadata.name, problem)
  },
  validateDelete(_api, context, old) {
    const node = nodeNameOf(context.user)
    if (node === undefined) return
    const refused = (detail: string) => forbiddenRequest(groupName(context.kind), context.name, detail)
    if (context.resource === 'pods' && old.spec.nodeName !== node)
      throw refused(`node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`)
    if (context.resource === 'nodes' && context.name !== node)
      throw refused(`node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(context.name)}`)
  },
}

function problemOf(
  api: ApiServer,
  { resource, subresource }: RequestContext,
  node: string,
  draft: Draft,
  old: KubeObject | undefined,
): string | undefined {
  const who = `node ${JSON.stringify(node)}`
  if (resource === 'nodes') return nodeProblem(node, who, draft, old)
  if (resource !== 'pods') return undefined
  if (subresource === 'status') {
    if (old?.spec.nodeName !== node)
      return `${who} can only update pod status for pods with spec.nodeName set to itself`
    const isSame = deepEqual(draft.metadata.labels ?? {}, old.metadata.labels ?? {})
    return isSame ? undefined : `${who} cannot update labels through pod status`
  }
  if (subresource) return undefined
  return old
    ? `unexpected operation "UPDATE", ${who} can only create and delete mirror pods`
    : podProblem(api, node, who, draft)
}

function podProblem(api: ApiServer, node: string, who: string, pod: Draft): string | undefined {
  const { metadata, spec } = pod
  if (metadata.annotations?.[mirror] === undefined)
    return `pod does not have ${JSON.stringify(mirror)} annotation, ${who} can only create mirror pods`
  if (spec.nodeName !== node) return `${who} can only create pods with spec.nodeName set to itself`
  const owners = metadata.ownerReferences ?? []
  if (owners.length > 1) return `${who} can only create pods with a single owner reference set to itself`
  const [owner] = owners
  if (!owner || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `${who} can only create pods with an owner reference set to itself`
  if (!owner.controller) return `${who} can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion) return `${who} must not set blockOwnerDeletion on an owner reference`
  const uid = api.etcd.get('nodes', node)?.metadata.uid ?? ''
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`
  const object = pod as KubeObject
  if (spec.serviceAccountName) return `${who} can not create pods that reference a service account`
  if (secretsOf(object).length > 0) return `${who} can not create pods that reference secrets`
  if (configMapsOf(object).length > 0) return `${who} can not create pods that reference configmaps`
  if (claimsOf(object).length > 0) return `${who} can not create pods that reference persistentvolumeclaims`
  return undefined
}

function nodeProblem(node: string, who: string, draft: Draft, old: KubeObject | undefined): string | undefined {
  const { name } = draft.metadata
  if (name !== node) return `${who} is not allowed to modify node ${JSON.stringify(name)}`
  if (old && !deepEqual(draft.spec?.taints ?? [], old.spec?.taints ?? []))
    return `${who} is not allowed to modify taints`
  const forbidden = changedLabels(draft.metadata.labels, old?.metadata.labels).filter((label) => !mayLabel(label))
  if (forbidden.length === 0) return undefined
  return old
    ? `is not allowed to modify labels: ${forbidden.join(', ')}`
    : `${who} is not allowed to set the following labels: ${forbidden.join(', ')}`
}

type Labels = Readonly<Record<string, string>>

function changedLabels(now: Labels = {}, before: Labels = {}): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter((key) => now[key] !== before[key]).sort()
}

/** Labels of Kubernetes' own domains are for others to set, but for a few. */
function mayLabel(label: string): boolean {
  const slash = label.indexOf('/')
  const domain = slash < 0 ? '' : label.slice(0, slash)
  const isOf = (parent: string) => domain === parent || domain.endsWith(`.${parent}`)
  if (isOf('node-restriction.kubernetes.io')) return false
  if (!isOf('kubernetes.io') && !isOf('k8s.io')) return true
  return ownLabels.has(label) || isOf('kubelet.kubernetes.io') || isOf('node.kubernetes.io')
}
