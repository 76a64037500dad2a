import { isFinished } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

const periodMs = 20_000
/** A node must be missing this long before its pods are taken for lost. Upstream: quarantineTime. */
const quarantineMs = 40_000
/** Upstream: --terminated-pod-gc-threshold. */
const terminatedThreshold = 12_500

/** Removes pods of nodes that are gone, pods that were deleted before they had a node, and old finished ones. */
export const podGarbageCollector = defineController({
  name: 'pod-garbage-collector',
  component: 'pod-garbage-collector',
  for: 'nodes',
  watches: {
    pods: (pod) => (pod.metadata.deletionTimestamp && !pod.spec.nodeName ? ['unscheduled'] : []),
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client } = context
  if (key === 'unscheduled') {
    for (const pod of client.list('pods')) {
      if (pod.metadata.deletionTimestamp && !pod.spec.nodeName) remove(pod, context)
    }
    return done
  }
  const orphans = client.get('nodes', key) ? [] : client.cache('pods').byIndex('node', key)
  if (orphans.length === 0) {
    collectFinished(context)
    return done
  }
  const { clock } = context
  const goneSince = context.api.causes.of('nodes', key).find((record) => record.verb === 'delete')?.at ?? 0
  const wait = goneSince + quarantineMs - clock.now()
  if (wait > 0) return requeueAfter(wait, true)
  for (const pod of orphans) markLost(pod, context)
  return requeueAfter(periodMs, true)
}

function collectFinished(context: ReconcileContext): void {
  const { client } = context
  if (client.cache('pods').size() <= terminatedThreshold) return
  const finished = client.list('pods').filter(isFinished)
  for (const pod of finished.slice(0, Math.max(0, finished.length - terminatedThreshold))) remove(pod, context)
}

/** A pod whose node is gone can only be told to have failed. */
function markLost(pod: KubeObject, context: ReconcileContext): void {
  if (!isFinished(pod)) {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: context.client.timestamp(),
    }
    const conditions = [
      ...(pod.status?.conditions ?? []).filter((one: any) => one.type !== 'DisruptionTarget'),
      condition,
    ]
    context.client.updateStatus('pods', { ...pod, status: { ...pod.status, phase: 'Failed', conditions } })
  }
  remove(pod, context)
}

function remove(pod: KubeObject, { client }: ReconcileContext): void {
  client.deleteIfPresent('pods', keyOf(pod), { gracePeriodSeconds: 0 })
}
