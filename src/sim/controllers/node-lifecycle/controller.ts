import { deepEqual } from '../../../lib/deep-equal.ts'
import { parseTime } from '../../../lib/time.ts'
import { conditionOf, isReady, withCondition, type Condition } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { tolerates } from '../../../machinery/taints.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

const leases = 'leases.coordination.k8s.io'
const tick = 'tick'

export interface NodeLifecycleOptions {
  /** Upstream: --node-monitor-period. */
  readonly monitorPeriodMs: number
  /** Upstream: --node-monitor-grace-period. */
  readonly monitorGraceMs: number
}

export const nodeLifecycleDefaults: NodeLifecycleOptions = { monitorPeriodMs: 5000, monitorGraceMs: 50_000 }

const notReadyTaint = 'node.kubernetes.io/not-ready'
const unreachableTaint = 'node.kubernetes.io/unreachable'

/** Condition type → taint while it has that status. Upstream: nodeConditionToTaintKeyStatusMap. */
const pressureTaints: readonly (readonly [string, string])[] = [
  ['MemoryPressure', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'node.kubernetes.io/pid-pressure'],
]

const managed = new Set([
  notReadyTaint,
  unreachableTaint,
  'node.kubernetes.io/unschedulable',
  ...pressureTaints.map(([, taint]) => taint),
])

/**
 * Watches over nodes: no lease for too long and Ready becomes Unknown; conditions become taints; pods of nodes
 * that are not ready are marked so. Upstream: pkg/controller/nodelifecycle.
 */
export function nodeLifecycleController(options: NodeLifecycleOptions): ControllerDefinition {
  return defineController({
    name: 'node-lifecycle',
    component: 'node-controller',
    for: 'nodes',
    start: [tick],
    reconcile: (key, context) => (key === tick ? monitor(options, context) : syncTaints(key, context)),
  })
}

function monitor(options: NodeLifecycleOptions, context: ReconcileContext): Result {
  const { client, clock } = context
  const wallMs = clock.wall()
  for (const node of client.list('nodes')) {
    const lease = client.get(leases, `kube-node-lease/${node.metadata.name}`)
    const lastSeen = Math.max(
      parseTime(lease?.spec?.renewTime) || 0,
      lastHeartbeat(node),
      parseTime(node.metadata.creationTimestamp),
    )
    if (wallMs - lastSeen <= options.monitorGraceMs) continue
    markUnknown(node, context)
  }
  return requeueAfter(options.monitorPeriodMs, true)
}

function lastHeartbeat(node: KubeObject): number {
  const ready: any = conditionOf(node, 'Ready')
  return ready && ready.status !== 'Unknown' ? parseTime(ready.lastHeartbeatTime) || 0 : 0
}

function markUnknown(node: KubeObject, { client }: ReconcileContext): void {
  const now = client.timestamp()
  let conditions: readonly Condition[] = node.status?.conditions ?? []
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const current: any = conditions.find((one) => one.type === type)
    if (current?.status === 'Unknown') continue
    const next: any = current
      ? {
          ...current,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: now,
        }
      : {
          type,
          status: 'Unknown',
          reason: 'NodeStatusNeverUpdated',
          message: 'Kubelet never posted node status.',
          lastHeartbeatTime: node.metadata.creationTimestamp,
          lastTransitionTime: now,
        }
    conditions = withCondition(conditions, next)
  }
  const changed = conditions.some((one, index) => one !== node.status?.conditions?.[index])
  if (changed) client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } })
}

function syncTaints(key: string, context: ReconcileContext): Result {
  const { client } = context
  const node = client.get('nodes', key)
  if (!node || node.metadata.deletionTimestamp) return done
  const ready = conditionOf(node, 'Ready')
  const wanted: { key: string; effect: string }[] = []
  const unknown = ready?.status === 'Unknown'
  const broken = ready?.status !== 'True'
  if (broken) wanted.push({ key: unknown ? unreachableTaint : notReadyTaint, effect: 'NoSchedule' })
  for (const [type, taint] of pressureTaints)
    if (conditionOf(node, type)?.status === 'True') wanted.push({ key: taint, effect: 'NoSchedule' })
  if (node.spec?.unschedulable) wanted.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })
  // Evicting ones, too, unless it was never heard of: then it may still be starting.
  if (broken && ready) wanted.push({ key: unknown ? unreachableTaint : notReadyTaint, effect: 'NoExecute' })
  writeTaints(node, wanted, context)
  if (broken && ready) markPodsNotReady(node, context)
  return done
}

function writeTaints(
  node: KubeObject,
  wanted: readonly { key: string; effect: string }[],
  { client }: ReconcileContext,
): void {
  const present: readonly any[] = node.spec?.taints ?? []
  const kept = present.filter(
    (taint) => !managed.has(taint.key) || wanted.some((one) => one.key === taint.key && one.effect === taint.effect),
  )
  const added = wanted
    .filter((one) => !kept.some((taint) => taint.key === one.key && taint.effect === one.effect))
    .map((one) => ({ ...one, timeAdded: client.timestamp() }))
  if (added.length === 0 && kept.length === present.length) return
  const taints = [...kept, ...added]
  const { taints: _before, ...spec } = node.spec ?? {}
  client.update('nodes', { ...node, spec: taints.length > 0 ? { ...spec, taints } : spec })
}

/** Upstream: MarkPodsNotReady, so that endpoints let go of them before they are evicted. */
function markPodsNotReady(node: KubeObject, { client }: ReconcileContext): void {
  for (const pod of client.cache('pods').byIndex('node', node.metadata.name)) {
    if (!isReady(pod)) continue
    const current = conditionOf(pod, 'Ready')!
    const next = { ...current, status: 'False', lastTransitionTime: client.timestamp() }
    const conditions = pod.status.conditions.map((one: Condition) => (one === current ? next : one))
    client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } })
    client.events.warning(pod, 'NodeNotReady', 'Node is not ready')
  }
}

/** Evicts pods from nodes whose NoExecute taints they do not, or no longer, tolerate. Upstream: pkg/controller/tainteviction. */
export const taintEvictionController = defineController({
  name: 'taint-eviction',
  component: 'taint-eviction-controller',
  for: 'pods',
  concerns: ({ object, old }) =>
    !deepEqual(object.spec, old?.spec) || object.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp,
  watches: {
    nodes: (node, { client }, { old }) => {
      if (deepEqual(node.spec?.taints, old?.spec?.taints)) return []
      return client.cache('pods').byIndex('node', node.metadata.name).map(keyOf)
    },
  },
  reconcile: evict,
})

function evict(key: string, context: ReconcileContext): Result {
  const { client, clock } = context
  const pod = client.get('pods', key)
  if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp) return done
  const taints: any[] = client.get('nodes', pod.spec.nodeName)?.spec?.taints ?? []
  const evicting = taints.filter((taint) => taint.effect === 'NoExecute')
  if (evicting.length === 0) return done
  const dueMs = evictionDue(pod, evicting)
  if (dueMs === undefined) return done
  const wait = dueMs - clock.wall()
  if (wait > 0) return requeueAfter(wait)
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
  return done
}

/** When the pod must go, in epoch milliseconds; undefined when all taints are tolerated for ever. */
function evictionDue(pod: KubeObject, taints: readonly any[]): number | undefined {
  let due: number | undefined
  for (const taint of taints) {
    const matching = (pod.spec.tolerations ?? []).filter((one: any) => tolerates(one, taint))
    const since = parseTime(taint.timeAdded) || 0
    if (matching.length === 0) return 0
    const limits = matching.map((one: any) => one.tolerationSeconds).filter((seconds: unknown) => seconds !== undefined)
    if (limits.length === 0) continue
    const at = since + Math.max(0, Math.min(...limits)) * 1000
    due = due === undefined ? at : Math.min(due, at)
  }
  return due
}
