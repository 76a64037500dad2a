import { conditionOf, isReady, type Condition } from '../../../kinds/pod/conditions.ts'
import { notReadyTaint, unreachableTaint } from '../../../kinds/node/taints.ts'
import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { requeueAfter, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { hasTaint, swapNoExecuteTaint } from './taints.ts'
import { handleDisruption, takeToken, zoneOf, type Zones } from './zones.ts'

const leases = 'leases.coordination.k8s.io'
/** Upstream: --node-startup-grace-period. */
const startupGraceMs = 60_000

export interface NodeLifecycleOptions {
  /** Upstream: --node-monitor-period. */
  readonly monitorPeriodMs: number
  /** Upstream: --node-monitor-grace-period. */
  readonly monitorGraceMs: number
}

/** One look at all nodes: who is silent, who is lost, which zones are in trouble. Upstream: monitorNodeHealth. */
export function monitor(options: NodeLifecycleOptions, context: ReconcileContext): Result {
  const { client, clock, memory } = context
  const now = clock.now()
  const nodes = client.list('nodes')
  noteComingAndGoing(nodes, context)
  const counts = new Map<string, { ready: number; notReady: number }>()
  const lost: KubeObject[] = []
  const heardSince: number = memory.get('heardSince') ?? 0
  for (const node of nodes) {
    const observed = conditionOf(node, 'Ready')?.status
    const silent = isSilent(node, observed, heardSince, options, context)
    if (silent) markUnknown(node, client)
    const isUp = observed === 'True' && !silent
    if (observed === 'True' && silent) nodeLost(node, client)
    if (observed === 'True') swapNoExecuteTaint(node, undefined, client)
    else if (observed !== undefined) lost.push(node)
    const zone = zoneOf(node)
    let count = counts.get(zone)
    if (!count) counts.set(zone, (count = { ready: 0, notReady: 0 }))
    if (isUp) count.ready++
    else count.notReady++
  }
  const before: Zones = memory.get('zones') ?? {}
  const { zones, stops, resumes } = handleDisruption(before, counts, now)
  if (resumes) memory.set('heardSince', clock.wall())
  if (stops) for (const node of nodes) swapNoExecuteTaint(node, undefined, client)
  const after = giveUp(stops ? [] : lost, zones, now, client)
  memory.set('zones', after.zones)
  return requeueAfter(Math.min(options.monitorPeriodMs, after.nextAt - now), true)
}

function noteComingAndGoing(nodes: readonly KubeObject[], { client, memory }: ReconcileContext): void {
  const known: Readonly<Record<string, string>> = memory.get('known') ?? {}
  let count = 0
  for (const name in known) if (client.get('nodes', name)?.metadata.uid === known[name]) count++
  if (count === nodes.length && count === Object.keys(known).length) return
  const next: Record<string, string> = {}
  for (const { metadata } of nodes) next[metadata.name] = metadata.uid
  for (const name in next)
    if (known[name] !== next[name])
      tell(client, name, next[name]!, 'RegisteredNode', `event: Registered Node ${name} in Controller`)
  for (const name in known)
    if (known[name] !== next[name])
      tell(client, name, known[name]!, 'RemovingNode', `event: Removing Node ${name} from Controller`)
  memory.set('known', next)
}

function tell(client: Client, name: string, uid: string, reason: string, what: string): void {
  client.events.normal({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid } }, reason, `Node ${name} ${what}`)
}

/** Has nothing been heard of it for too long? */
function isSilent(
  node: KubeObject,
  observed: string | undefined,
  heardSince: number,
  options: NodeLifecycleOptions,
  { client, clock }: ReconcileContext,
): boolean {
  const graceMs = observed === undefined ? startupGraceMs : options.monitorGraceMs
  const latest = clock.wall() - graceMs
  const lease = client.get(leases, `kube-node-lease/${node.metadata.name}`)
  if (heardSince >= latest || parseTime(lease?.spec?.renewTime) >= latest) return false
  const ready: any = conditionOf(node, 'Ready')
  if (ready && observed !== 'Unknown' && parseTime(ready.lastHeartbeatTime) >= latest) return false
  return !(parseTime(node.metadata.creationTimestamp) >= latest)
}

function markUnknown(node: KubeObject, client: Client): void {
  const now = client.timestamp()
  const present: readonly any[] = node.status?.conditions ?? []
  const conditions = present.slice()
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const index = conditions.findIndex((one) => one.type === type)
    if (index < 0)
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata.creationTimestamp,
        lastTransitionTime: now,
      })
    else if (conditions[index].status !== 'Unknown')
      conditions[index] = {
        ...conditions[index],
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: now,
      }
  }
  if (conditions.length === present.length && conditions.every((one, index) => one === present[index])) return
  client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } })
}

/** A node that was ready is not heard of any more: endpoints let go of its pods before they are evicted. */
function nodeLost(node: KubeObject, client: Client): void {
  const { name, uid } = node.metadata
  tell(client, name, uid, 'NodeNotReady', 'status is now: NodeNotReady')
  for (const pod of client.cache('pods').byIndex('node', name)) {
    if (!isReady(pod)) continue
    const current = conditionOf(pod, 'Ready')!
    const next = { ...current, status: 'False', lastTransitionTime: client.timestamp() }
    const conditions = pod.status.conditions.map((one: Condition) => (one === current ? next : one))
    client.updateStatus('pods', { ...pod, status: { ...pod.status, conditions } })
    client.events.warning(pod, 'NodeNotReady', 'Node is not ready')
  }
}

/** Taints lost nodes, as many as their zones' rates allow; tells when the next one may be. */
function giveUp(
  lost: readonly KubeObject[],
  zones: Zones,
  now: number,
  client: Client,
): { zones: Zones; nextAt: number } {
  const after = { ...zones }
  let nextAt = Number.POSITIVE_INFINITY
  for (const node of lost) {
    const unknown = conditionOf(node, 'Ready')!.status === 'Unknown'
    const key = unknown ? unreachableTaint : notReadyTaint
    if (hasTaint(node, key, 'NoExecute')) continue
    // One that is marked as lost in the other way is only marked anew.
    if (!hasTaint(node, unknown ? notReadyTaint : unreachableTaint, 'NoExecute')) {
      const name = zoneOf(node)
      const left = takeToken(after[name]!, now)
      if (!left) {
        if (after[name]!.qps > 0) nextAt = Math.min(nextAt, after[name]!.tokenAt)
        continue
      }
      after[name] = left
    }
    swapNoExecuteTaint(node, key, client)
  }
  return { zones: after, nextAt }
}
