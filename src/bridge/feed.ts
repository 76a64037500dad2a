import type { Cluster } from '../sim/cluster.ts'
import type { Futures } from './futures.ts'
import type { ClockState, Delta, HostMessage } from './protocol.ts'
import { trafficOf } from './traffic.ts'
import { controlPlaneOf, machinesOf } from './views.ts'

type Objects = Pick<Delta, 'full' | 'changed' | 'removed'>

const trafficEveryMs = 500
/** So many objects at once take the page a part of a frame. */
const pieceOfWrites = 250

const nothingSaid = { revision: 0, machines: -1, journal: 0, clock: '', futures: -1, lanes: 0, future: '' }

/** A page that looks on, and what it has been told. */
export class Feed {
  readonly send: (message: HostMessage) => void
  /** Whose state the page knows, and how far. */
  private cluster: Cluster | undefined
  private said = nothingSaid
  private watching:
    { readonly traffic: ReturnType<typeof trafficOf>; version: number; at: number; told: number } | undefined
  private acknowledged = true

  constructor(send: (message: HostMessage) => void) {
    this.send = send
  }

  /** The page has drawn the last delta: the next may go out. */
  acknowledge(): void {
    this.acknowledged = true
  }

  /** What comes next is another world, told as a whole. */
  beginAgain(): void {
    this.cluster = undefined
    this.said = nothingSaid
  }

  /** Tells what changed. At most one delta is on its way, unless it has to be told `now`. */
  update(futures: Futures, clock: ClockState, now: boolean): void {
    if (!this.acknowledged && !now) return
    const { cluster, lanes, journal, version } = futures
    const { said } = this
    const isElsewhere = this.cluster !== cluster
    const saying = {
      revision: now || isElsewhere ? cluster.api.etcd.revision : this.nextRevision(cluster.api.etcd.revision),
      machines: cluster.machines.version,
      journal: journal.length,
      clock: JSON.stringify(clock),
      futures: version,
      lanes: lanes.version,
      future: futures.current,
    }
    const isOther = said.future !== saying.future
    if (!isElsewhere && Object.entries(saying).every(([key, value]) => said[key as keyof typeof said] === value)) return
    const objects = isElsewhere
      ? this.differences(cluster, clock)
      : cluster.changesSince(said.revision, saying.revision)
    if (objects.full) saying.revision = cluster.api.etcd.revision
    const all = objects.full || isOther
    const hasMoved = isElsewhere || said.machines !== saying.machines || said.revision !== saying.revision
    this.cluster = cluster
    this.said = saying
    const traffic = this.traffic(cluster, clock, isElsewhere)
    this.tell({
      ...objects,
      clock,
      controlPlane: controlPlaneOf(cluster),
      ...(hasMoved && { machines: machinesOf(cluster) }),
      ...(traffic && { traffic }),
      ...((all || said.journal !== saying.journal) && { journal: journal.slice(all ? 0 : said.journal) }),
      ...((all || said.lanes !== saying.lanes) && { lanes: all ? lanes.all() : lanes.since(said.lanes) }),
      ...((all || said.futures !== saying.futures) && { futures: futures.state() }),
      ...(!objects.full && (isElsewhere || isOther) && { jump: isOther ? 'future' : 'moment' }),
    })
  }

  /** Routes are told twice a second of virtual time at most, and once more when the last has gone. */
  private traffic(cluster: Cluster, { now }: ClockState, isElsewhere: boolean): Delta['traffic'] {
    if (isElsewhere || !this.watching) this.watching = { traffic: trafficOf(cluster), version: 0, at: now, told: 0 }
    const { watching } = this
    const isNew = watching.traffic.version !== watching.version || watching.told > 0
    if (isElsewhere) return []
    if (!isNew || now - watching.at < trafficEveryMs) return undefined
    const routes = watching.traffic.told()
    Object.assign(watching, { version: watching.traffic.version, at: now, told: routes.length })
    return routes
  }

  /** Much at once would hold up the page: it is told in pieces, the larger the farther it is behind. */
  private nextRevision(revision: number): number {
    const behind = revision - this.said.revision
    return this.said.revision + Math.min(behind, Math.max(pieceOfWrites, Math.ceil(behind / 8)))
  }

  /** Of another moment or another future than the page knows; all, for one that knows none. */
  private differences(cluster: Cluster, clock: ClockState): Objects {
    if (!this.cluster) return cluster.changesSince(0)
    // The page knows the one before as it was when it last heard of it, which may be a while ago.
    const late = this.cluster.changesSince(this.said.revision)
    if (late.full) return cluster.changesSince(0)
    if (late.changed.length + late.removed.length > 0) this.tell({ ...late, clock, jump: 'moment' })
    return cluster.differencesFrom(this.cluster)
  }

  private tell(delta: Delta): void {
    this.acknowledged = false
    this.send({ type: 'delta', delta })
  }
}
