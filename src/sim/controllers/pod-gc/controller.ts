import { isFinished, isReady, withCondition } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { Change } from '../../client/cache.ts'
import type { Client } from '../../client/client.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { outOfServiceTaint } from '../../../kinds/node/taints.ts'

/** Upstream: gcCheckPeriod. */
const periodMs = 20_000
/** A node must be missing this long before its pods are taken for lost. Upstream: quarantineTime. */
const quarantineMs = 40_000
/** Upstream: --terminated-pod-gc-threshold. */
const terminatedThreshold = 12_500
/** The one key that is worked on: names of nodes have no upper case. */
const pass = 'Pass'

/**
 * Removes pods that no kubelet will: those of nodes that are gone or out of service, those that were deleted before
 * they had a node, and the oldest finished ones beyond a number. Upstream: pkg/controller/podgc.
 */
export const podGarbageCollector = defineController({
  name: 'pod-garbage-collector',
  component: 'pod-garbage-collector',
  for: 'nodes',
  concerns: () => false,
  start: [pass],
  watches: {
    nodes: (node, _context, change) => (isReason(node, change) ? [pass] : []),
    pods: (pod, { client }, change) => (isReasonOf(pod, change, client) ? [pass] : []),
  },
  reconcile: (key, context) => (key === pass ? reconcile(context) : done),
})

function isReason(node: KubeObject, { type, old }: Change): boolean {
  if (type === 'DELETED') return true
  return isOutOfService(node) && !(old && isOutOfService(old))
}

function isReasonOf(pod: KubeObject, { type, old }: Change, client: Client): boolean {
  if (type === 'DELETED') return false
  const { nodeName } = pod.spec
  if (pod.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp) {
    const node = nodeName ? client.get('nodes', nodeName) : undefined
    return !node || isOutOfService(node)
  }
  if (nodeName && !old?.spec.nodeName && !client.get('nodes', nodeName)) return true
  return isFinished(pod) && !(old && isFinished(old)) && client.cache('pods').size() > terminatedThreshold
}

/** Somebody said that it will not come back, and it is not ready. */
function isOutOfService(node: KubeObject): boolean {
  return !isReady(node) && (node.spec?.taints?.some(({ key }: { key: string }) => key === outOfServiceTaint) ?? false)
}

function reconcile(context: ReconcileContext): Result {
  const { clock, memory } = context
  const now = clock.now()
  // Upstream looks every 20 seconds; here only when there is a reason to, but then at one of those times.
  const due: number = memory.get(pass) ?? Math.ceil(now / periodMs) * periodMs
  if (now < due) {
    memory.set(pass, due)
    return requeueAfter(due - now, true)
  }
  memory.delete(pass)
  const waits = collect(context)
  if (!waits) return done
  memory.set(pass, now + periodMs)
  return requeueAfter(periodMs, true)
}

/** One pass over all pods; tells whether some must still wait. */
function collect({ client, clock, memory }: ReconcileContext): boolean {
  const gone = new Set<string>()
  const finished: KubeObject[] = []
  const pods = client.list('pods')
  for (const pod of pods) {
    const { nodeName } = pod.spec
    if (isFinished(pod)) finished.push(pod)
    if (!nodeName) {
      if (pod.metadata.deletionTimestamp) remove(pod, client)
      continue
    }
    const node = client.get('nodes', nodeName)
    if (!node) gone.add(nodeName)
    else if (pod.metadata.deletionTimestamp && isOutOfService(node)) remove(pod, client)
  }
  const surplus = finished.length - terminatedThreshold
  if (surplus > 0) for (const pod of finished.sort(evictedFirst).slice(0, surplus)) remove(pod, client)
  for (const key of [...memory.keys()]) if (key !== pass && !gone.has(key)) memory.delete(key)
  let waits = false
  for (const name of gone) {
    const since: number = memory.get(name) ?? clock.now()
    memory.set(name, since)
    if (clock.now() - since < quarantineMs) waits = true
    else if (!client.live('nodes', name))
      for (const pod of client.cache('pods').byIndex('node', name)) remove(pod, client, 'PodGC: node no longer exists')
  }
  return waits
}

/** Upstream: byEvictionAndCreationTimestamp. */
function evictedFirst(a: KubeObject, b: KubeObject): number {
  const evicted = ({ status }: KubeObject) => (status?.reason === 'Evicted' ? 0 : 1)
  if (evicted(a) !== evicted(b)) return evicted(a) - evicted(b)
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1
}

/** A pod that no kubelet speaks for any more can only be told to have failed. */
function remove(pod: KubeObject, client: Client, message?: string): void {
  if (!isFinished(pod)) {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message,
      lastTransitionTime: client.timestamp(),
    }
    const conditions = message ? { conditions: withCondition(pod.status?.conditions, condition as never) } : {}
    client.updateStatus('pods', { ...pod, status: { ...pod.status, phase: 'Failed', ...conditions } })
  }
  client.deleteIfPresent('pods', keyOf(pod), { gracePeriodSeconds: 0 })
}
