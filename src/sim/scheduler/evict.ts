import { withCondition } from '../../kinds/pod/conditions.ts'
import { StatusError } from '../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import type { Candidate } from './framework/types.ts'

/**
 * Takes the victims of a preemption away: says so in their status, deletes them with their own grace period, and tells
 * of it. Upstream: framework/preemption, prepareCandidate.
 */
export function evictVictims(client: Client, preemptor: KubeObject, { node, victims }: Candidate): void {
  const schedulerName = preemptor.spec.schedulerName ?? 'default-scheduler'
  for (const { pod, key } of victims) {
    const live = client.live('pods', key)
    if (!live || live.metadata.uid !== pod.metadata.uid || live.metadata.deletionTimestamp) continue
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: client.timestamp(),
      reason: 'PreemptionByScheduler',
      message: `${schedulerName}: preempting to accommodate a higher priority pod`,
      observedGeneration: live.metadata.generation,
    }
    const conditions = withCondition(live.status?.conditions, condition)
    try {
      client.updateStatus('pods', { ...live, status: { ...live.status, conditions } })
      client.delete('pods', keyOf(live))
    } catch (error) {
      // Somebody was faster, or a policy forbids it: the place will not come free, and the pod will look again.
      if (!(error instanceof StatusError)) throw error
      continue
    }
    const note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`
    client.events.normal(live, 'Preempted', note, undefined, 'Preempting')
  }
}
