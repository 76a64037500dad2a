import { deepEqual } from '../../lib/deep-equal.ts'
import { isFinished } from '../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Change } from '../client/cache.ts'
import { askedBy } from './framework/pod-info.ts'
import type { ClusterEvent } from './framework/types.ts'

/** Whose changes the scheduler hears of. */
export const watched = [
  'nodes',
  'pods',
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'resourceclaims.resource.k8s.io',
  'deviceclasses.resource.k8s.io',
  'namespaces',
  'poddisruptionbudgets.policy',
] as const

/** What a change means to pods that wait for one; undefined when it makes room for nobody. */
export function eventOf(resource: string, change: Change): ClusterEvent | undefined {
  const { type, object, old } = change
  if (resource === 'pods') return podEvent(type, object, old)
  if (resource === 'nodes' && type === 'MODIFIED' && !nodeChangeMatters(change)) return undefined
  return `${resource}/${type}`
}

/** The change as hints see it: a pod that got its node is new there, and one that has finished is gone. */
export function asEvent(event: ClusterEvent, change: Change): Change {
  const { key, object, revision } = change
  if (event === 'pods/ADDED') return { type: 'ADDED', key, object, revision }
  if (event === 'pods/DELETED') return { type: 'DELETED', key, object, revision }
  return change
}

/** Of pods those count that hold room on a node, or were promised some. */
function podEvent(type: Change['type'], object: KubeObject, old: KubeObject | undefined): ClusterEvent | undefined {
  const { nodeName } = object.spec
  if (type === 'DELETED' || isFinished(object)) {
    if (old && isFinished(old)) return undefined
    return nodeName || object.status?.nominatedNodeName ? 'pods/DELETED' : undefined
  }
  if (!nodeName) return undefined
  if (nodeName !== old?.spec.nodeName) return 'pods/ADDED'
  return old && changesItsClaims(object, old) ? 'pods/MODIFIED' : undefined
}

/** A waiting pod was changed in something that a plugin may have held against it. */
export function isOwnChange({ object, old }: Change): boolean {
  if (!old || old.metadata.uid !== object.metadata.uid) return false
  const { tolerations, schedulingGates } = object.spec
  return (
    changesItsClaims(object, old) ||
    !deepEqual(tolerations, old.spec.tolerations) ||
    !deepEqual(schedulingGates, old.spec.schedulingGates)
  )
}

/** Upstream: extractPodLabelsChange, extractPodScaleDown. */
function changesItsClaims(object: KubeObject, old: KubeObject): boolean {
  if (!deepEqual(object.metadata.labels, old.metadata.labels)) return true
  return !deepEqual(askedBy(object).requests, askedBy(old).requests)
}

/** Heartbeats and image lists make no room. Upstream: nodeSchedulingPropertiesChange. */
function nodeChangeMatters({ object, old }: Change): boolean {
  if (!old) return true
  return (
    !deepEqual(object.spec, old.spec) ||
    !deepEqual(object.metadata.labels, old.metadata.labels) ||
    !deepEqual(object.status?.allocatable, old.status?.allocatable) ||
    conditionStatuses(object) !== conditionStatuses(old)
  )
}

function conditionStatuses({ status }: KubeObject): string {
  return (status?.conditions ?? []).map((one: { type: string; status: string }) => `${one.type}=${one.status}`).join()
}
