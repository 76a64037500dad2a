import { isAvailable, isReady, readySince } from '../../../kinds/pod/conditions.ts'
import { scaledValue } from '../../../machinery/intstr.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { isUpdated, oldestFirst, type Fit } from './pod.ts'
import { failedPodMayGo } from './backoff.ts'

/** What one reconcile of a DaemonSet knows. */
export interface Situation {
  readonly set: KubeObject
  /** The label that pods of the present template carry. */
  readonly hash: string
  readonly nodes: readonly KubeObject[]
  readonly nodesByName: ReadonlyMap<string, KubeObject>
  readonly podsByNode: ReadonlyMap<string, readonly KubeObject[]>
  readonly fitOf: (node: KubeObject) => Fit
  readonly wallMs: number
}

/** What is to be done: pods to delete, nodes that need one; and when to look again. */
export interface Plan {
  readonly deletes: KubeObject[]
  readonly creates: string[]
  readonly lookAgainMs?: number
}

/** A pod for every node that should have one, none for the others. Upstream: DaemonSetsController.manage. */
export function manage(situation: Situation, context: ReconcileContext): Plan {
  const deletes: KubeObject[] = []
  const creates: string[] = []
  let lookAgainMs = Infinity
  for (const node of situation.nodes) {
    const { name } = node.metadata
    const pods = situation.podsByNode.get(name)
    const { runs, stays } = situation.fitOf(node)
    if (!pods) {
      if (runs) creates.push(name)
      continue
    }
    const living = pods.filter(({ metadata }) => !metadata.deletionTimestamp)
    if (!stays) deletes.push(...living)
    else {
      const { running, gone, waitMs } = withoutFinished(living, name, situation, context)
      deletes.push(...gone)
      const surplus = surplusOf(running, runs, situation)
      deletes.push(...surplus.deletes)
      if (surplus.creates) creates.push(name)
      lookAgainMs = Math.min(lookAgainMs, waitMs, surplus.lookAgainMs ?? Infinity)
    }
  }
  // Nobody else deletes pods that wait for a node that is no more.
  for (const [name, pods] of situation.podsByNode)
    if (!situation.nodesByName.has(name)) deletes.push(...pods.filter(({ spec }) => !spec.nodeName))
  return { deletes, creates, ...(lookAgainMs < Infinity && { lookAgainMs }) }
}

/** Failed and finished pods go, the failed ones ever more slowly. */
function withoutFinished(
  pods: readonly KubeObject[],
  nodeName: string,
  { set, wallMs }: Situation,
  { client, memory }: ReconcileContext,
): { running: KubeObject[]; gone: KubeObject[]; waitMs: number } {
  const running: KubeObject[] = []
  const gone: KubeObject[] = []
  let waitMs = Infinity
  for (const pod of pods) {
    const phase = pod.status?.phase
    if (phase === 'Failed') {
      const wait = failedPodMayGo(set, nodeName, wallMs, memory)
      if (wait > 0) {
        waitMs = Math.min(waitMs, wait)
        continue
      }
      const text = `Found failed daemon pod ${keyOf(pod)} on node ${nodeName}, will try to kill it`
      client.events.warning(set, 'FailedDaemonPod', text)
      gone.push(pod)
    } else if (phase === 'Succeeded') {
      const text = `Found succeeded daemon pod ${keyOf(pod)} on node ${nodeName}, will try to delete it`
      client.events.normal(set, 'SucceededDaemonPod', text)
      gone.push(pod)
    } else running.push(pod)
  }
  return { running, gone, waitMs }
}

/** Without surge the oldest stays; with it a new one may be beside an old one until the new one is available. */
function surplusOf(
  running: readonly KubeObject[],
  runs: boolean,
  { set, hash, wallMs }: Situation,
): { deletes: readonly KubeObject[]; creates?: true; lookAgainMs?: number } {
  const sorted = oldestFirst(running)
  if (!allowsSurge(set)) return { deletes: sorted.slice(1) }
  if (sorted.length === 0) return { deletes: [], ...(runs && { creates: true }) }
  if (sorted.length === 1) return { deletes: [] }
  const fresh = sorted.find((pod) => isUpdated(pod, set, hash))
  const old = sorted.find((pod) => !isUpdated(pod, set, hash))
  const deletes = sorted.filter((pod) => pod !== fresh && pod !== old)
  if (!fresh || !old) return { deletes }
  const minReady: number = set.spec.minReadySeconds ?? 0
  if (!isReady(old) || isAvailable(fresh, minReady, wallMs)) return { deletes: [...deletes, old] }
  if (!isReady(fresh) || !minReady) return { deletes }
  return { deletes, lookAgainMs: readySince(fresh) + minReady * 1000 - wallMs }
}

function allowsSurge({ spec }: KubeObject): boolean {
  const { type, rollingUpdate } = spec.updateStrategy
  return type === 'RollingUpdate' && (scaledValue(rollingUpdate?.maxSurge ?? 0, 100, true) ?? 0) > 0
}
