import { parseTime } from '../lib/time.ts'
import type { KubeObject, ObjectKey } from '../machinery/objects.ts'
import type { Lane, LaneTone } from './protocol.ts'

/** Whose course the timeline draws. */
const resources = new Set(['nodes', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'])

const stretchesKept = 200
const lanesKept = 2_000
const startUpMs = 60_000

/** What has become of nodes and workloads over time: one lane each, in the order of their appearance. */
export class LaneBook {
  private readonly lanes = new Map<string, Lane>()
  /** Changes by lane, so that a page can be told what is new since it last heard. */
  private readonly changes = new Map<string, number>()
  private counter = 0

  constructor(lanes: readonly Lane[] = []) {
    for (const lane of lanes) this.put(lane)
  }

  get version(): number {
    return this.counter
  }

  all(): Lane[] {
    return [...this.lanes.values()]
  }

  /** Lanes that changed after a version. */
  since(version: number): Lane[] {
    if (version >= this.counter) return []
    return [...this.lanes].filter(([id]) => this.changes.get(id)! > version).map(([, lane]) => lane)
  }

  /** Takes in one change of an object, at a virtual time of a cluster that began at an epoch (milliseconds). */
  note(resource: string, key: ObjectKey, object: KubeObject | undefined, now: number, epoch: number): void {
    if (!resources.has(resource)) return
    const lane = this.lanes.get(idOf(resource, key))
    if (!object) {
      if (lane && lane.until === undefined) this.put({ ...lane, until: now })
      return
    }
    const tone = toneOf(resource, object, epoch + now)
    const stretches = lane?.stretches ?? []
    if (lane && lane.until === undefined && stretches.at(-1)!.tone === tone) return
    if (!lane && this.lanes.size >= lanesKept) this.forgetOne()
    // What comes back after it had gone leaves a gap, which ends where the next stretch begins.
    const ended = lane?.until !== undefined ? [{ from: lane.until, tone: 'none' as const }] : []
    this.put({ resource, key, stretches: [...stretches, ...ended, { from: now, tone }].slice(-stretchesKept) })
  }

  /** What was known at a virtual time. */
  until(at: number): LaneBook {
    const cut = this.all()
      .map(({ until, ...lane }) => ({
        ...lane,
        stretches: lane.stretches.filter(({ from }) => from <= at),
        ...(until !== undefined && until <= at && { until }),
      }))
      .filter(({ stretches }) => stretches.length > 0)
    return new LaneBook(cut)
  }

  /** How many are well now, and how many are not. */
  health(): { readonly well: number; readonly unwell: number } {
    let [well, unwell] = [0, 0]
    for (const { stretches, until } of this.lanes.values()) {
      if (until !== undefined) continue
      const { tone } = stretches.at(-1)!
      if (tone === 'warn' || tone === 'fail') unwell++
      else well++
    }
    return { well, unwell }
  }

  private put(lane: Lane): void {
    const id = idOf(lane.resource, lane.key)
    this.lanes.set(id, lane)
    this.changes.set(id, ++this.counter)
  }

  /** The first that has ended, or else the first. */
  private forgetOne(): void {
    const ended = [...this.lanes].find(([, { until }]) => until !== undefined)
    const [id] = ended ?? this.lanes.entries().next().value!
    this.lanes.delete(id)
    this.changes.delete(id)
  }
}

const idOf = (resource: string, key: ObjectKey) => `${resource} ${key}`

/** How well an object is at that time (epoch milliseconds), as a colour word. */
export function toneOf(resource: string, object: KubeObject, nowMs: number): LaneTone {
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
