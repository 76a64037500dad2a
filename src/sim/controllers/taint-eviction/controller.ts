import { deepEqual } from '../../../lib/deep-equal.ts'
import { withCondition } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { tolerates } from '../../../machinery/taints.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

/** Evicts pods from nodes whose NoExecute taints they do not, or no longer, tolerate. Upstream: pkg/controller/tainteviction. */
export const taintEvictionController = defineController({
  name: 'taint-eviction',
  component: 'taint-eviction-controller',
  for: 'pods',
  concerns: ({ object, old, type }) =>
    type === 'DELETED' ||
    object.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp ||
    !deepEqual(object.spec, old?.spec),
  watches: {
    nodes: (node, { client }, { old }) => {
      if (deepEqual(node.spec?.taints, old?.spec?.taints)) return []
      return client.cache('pods').byIndex('node', node.metadata.name).map(keyOf)
    },
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, clock, memory } = context
  const pod = client.get('pods', key)
  if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp) {
    memory.delete(key)
    return done
  }
  const taints: any[] = client.get('nodes', pod.spec.nodeName)?.spec?.taints ?? []
  const waitMs = toleratedMs(
    pod,
    taints.filter(({ effect }) => effect === 'NoExecute'),
  )
  const scheduled: number | undefined = memory.get(key)
  if (waitMs === undefined) {
    if (scheduled !== undefined) client.events.normal(pod, 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
    memory.delete(key)
    return done
  }
  // Counted from when the taint was seen, whenever it was made; an appointment stands while anything evicts.
  const due = waitMs === 0 ? clock.now() : (scheduled ?? clock.now() + waitMs)
  if (due > clock.now()) {
    memory.set(key, due)
    return requeueAfter(due - clock.now())
  }
  memory.delete(key)
  evict(pod, key, context)
  return done
}

/** How long the pod may stay; undefined for ever. */
function toleratedMs(pod: KubeObject, taints: readonly any[]): number | undefined {
  let shortest: number | undefined
  for (const taint of taints) {
    // The first toleration that matches counts. Upstream: GetMatchingTolerations.
    const matching = (pod.spec.tolerations ?? []).find((one: any) => tolerates(one, taint))
    if (!matching) return 0
    if (matching.tolerationSeconds === undefined) continue
    const ms = Math.max(0, matching.tolerationSeconds) * 1000
    shortest = shortest === undefined ? ms : Math.min(shortest, ms)
  }
  return shortest
}

function evict(pod: KubeObject, key: string, { client }: ReconcileContext): void {
  client.events.normal(pod, 'TaintManagerEviction', `Marking for deletion Pod ${key}`)
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastTransitionTime: client.timestamp(),
  }
  client.updateStatus('pods', {
    ...pod,
    status: { ...pod.status, conditions: withCondition(pod.status?.conditions, condition) },
  })
  client.deleteIfPresent('pods', key)
}
