import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import type { Tone } from '../graph/pod-states.ts'

/** One stretch of a lane in one state, from a virtual time until the next stretch begins. */
export interface Stretch {
  readonly from: number
  readonly tone: Tone
}

export interface Lane {
  readonly resource: string
  readonly key: string
  readonly stretches: readonly Stretch[]
  /** When the object went away, if it did. */
  readonly until?: number
}

/** Lanes by `resource key`, in order of appearance. */
export type History = ReadonlyMap<string, Lane>

export const laneResources = [
  'nodes',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
] as const

const stretchesKept = 200
const startUpMs = 60_000

/** The history after a change of the cluster; the same one when no lane changed. */
export function withState(history: History, state: ClusterState, previous: ClusterState | null): History {
  const { now, epoch } = state.clock
  let next: Map<string, Lane> | null = null
  const put = (id: string, lane: Lane) => (next ??= new Map(history)).set(id, lane)
  for (const resource of laneResources) {
    const table = state.resources[resource]
    if (previous && table === previous.resources[resource]) continue
    for (const [key, object] of table?.byKey ?? []) {
      const id = `${resource} ${key}`
      const lane = (next ?? history).get(id)
      const tone = toneOf(resource, object, epoch + now)
      const last = lane?.stretches.at(-1)
      if (lane && last?.tone === tone && lane.until === undefined) continue
      // What was there before we saw it has its time in its conditions.
      const from = lane ? now : Math.min(now, sinceOf(object, epoch) ?? now)
      const stretches = [...(lane?.stretches ?? []).slice(1 - stretchesKept), { from, tone }]
      put(id, { resource, key, stretches })
    }
    for (const [id, lane] of next ?? history) {
      if (lane.resource === resource && lane.until === undefined && !table?.byKey.has(lane.key))
        put(id, { ...lane, until: now })
    }
  }
  return next ?? history
}

/** How well an object is at that time (epoch milliseconds), as a colour word. */
export function toneOf(resource: string, object: KubeObject, nowMs: number): Tone {
  const status = object.status ?? {}
  const conditions: readonly { type: string; status: string; reason?: string }[] = status.conditions ?? []
  const condition = (type: string) => conditions.find((each) => each.type === type)
  if (resource === 'nodes') {
    const ready = condition('Ready')?.status
    if (ready === 'True') return object.spec?.unschedulable ? 'wait' : 'ok'
    // A node that has only just registered is on its way, not in trouble.
    const isNew = nowMs - parseTime(object.metadata.creationTimestamp) < startUpMs
    return ready === undefined || (ready === 'False' && isNew) ? 'progress' : 'warn'
  }
  if (resource === 'jobs.batch') {
    if (condition('Failed')?.status === 'True') return 'fail'
    return condition('Complete')?.status === 'True' ? 'mute' : 'progress'
  }
  const wanted = resource === 'daemonsets.apps' ? (status.desiredNumberScheduled ?? 0) : (object.spec?.replicas ?? 1)
  const ready = (resource === 'daemonsets.apps' ? status.numberReady : status.readyReplicas) ?? 0
  const updated = (resource === 'daemonsets.apps' ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0
  if (condition('Progressing')?.reason === 'ProgressDeadlineExceeded') return 'fail'
  if (ready >= wanted && updated >= wanted) return 'ok'
  // A deployment whose rollout was complete has lost something; before that it is still on its way.
  return condition('Progressing')?.reason === 'NewReplicaSetAvailable' ? 'warn' : 'progress'
}

/** Since when an object is as it is, in virtual milliseconds, by its conditions. */
function sinceOf(object: KubeObject, epoch: number): number | undefined {
  const conditions: readonly { type: string; lastTransitionTime?: string }[] = object.status?.conditions ?? []
  const own = conditions.find((each) => each.type === 'Ready' || each.type === 'Available') ?? conditions[0]
  const since = parseTime(own?.lastTransitionTime ?? object.metadata.creationTimestamp)
  return since === undefined || Number.isNaN(since) ? undefined : Math.max(0, since - epoch)
}
