import { withCondition } from '../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'

/** Writes why a pod has no node. `nominated`: the node it is promised, '' when it no longer is. */
export function writeNotScheduled(
  client: Client,
  pod: KubeObject,
  reason: string,
  message: string,
  nominated?: string,
): void {
  const live = client.live('pods', keyOf(pod))
  if (!live || live.metadata.uid !== pod.metadata.uid || live.spec.nodeName) return
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: client.timestamp(),
    reason,
    message,
    observedGeneration: live.metadata.generation,
  }
  const status: any = { ...live.status, conditions: withCondition(live.status?.conditions, condition) }
  if (nominated) status.nominatedNodeName = nominated
  else if (nominated === '') delete status.nominatedNodeName
  client.updateStatus('pods', { ...live, status })
}
