import { deepEqual } from '../../lib/deep-equal.ts'
import { isFinished } from '../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Change } from '../client/cache.ts'
import type { ClusterEvent } from './framework/types.ts'

/** What a change means to pods that wait for one; undefined when it makes room for nobody. */
export function eventOf(resource: string, change: Change): ClusterEvent | undefined {
  const { type, object, old } = change
  if (resource === 'nodes' && type === 'MODIFIED' && !nodeChangeMatters(change)) return undefined
  if (resource !== 'pods') return `${resource}/${type}`
  if (isFinished(object)) return 'pods/DELETED'
  // A pod that has no node yet, or only reports on itself.
  const same = object.spec.nodeName === old?.spec.nodeName && deepEqual(object.metadata.labels, old?.metadata.labels)
  return type !== 'DELETED' && same ? undefined : `pods/${type}`
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
