import { Cluster } from '../sim/cluster.ts'
import type { ClusterSnapshot } from '../sim/snapshot.ts'
import { act, clusterOf } from './actions.ts'
import type { Handle } from './http.ts'
import { LaneBook } from './lanes.ts'
import type { Action, ClusterShape, FuturesState, JournalEntry, SavedPast } from './protocol.ts'

/** A cluster as it was, and how much of the journal had been done by then. */
interface Checkpoint {
  readonly at: number
  readonly done: number
  readonly snapshot: ClusterSnapshot
}

interface Future {
  readonly id: string
  /** Where it left another. */
  readonly from?: { readonly future: string; readonly at: number }
  journal: JournalEntry[]
  /** In order of time. */
  checkpoints: Checkpoint[]
  lanes: LaneBook
  /** Its virtual end; the current one's cluster runs on. */
  endedAt: number
}

const checkpointEveryMs = 10_000
const checkpointsKept = 48
const futuresKept = 8

/**
 * The courses that a cluster took, and the moment that is looked at. Checkpoints share the store's frozen objects, so
 * that many cost little; the way from one to a moment is run again, with what was done on it: a run is the same each time.
 */
export class Futures {
  private shape: ClusterShape
  private readonly handle: () => Handle | undefined
  private readonly all = new Map<string, Future>()
  private chosen: Future
  /** The end of the current future. */
  private head: Cluster
  /** The moment that is looked at, when it is not the end. */
  private past: { cluster: Cluster; done: number } | undefined
  /** Nothing is known of what was before. */
  private earliest = 0
  private keeps = true
  /** In order of time: what a playground that is being opened has still to do. */
  private ahead: JournalEntry[] = []
  private nextId = 0
  private counter = 0

  constructor(cluster: Cluster, shape: ClusterShape, handle: () => Handle | undefined) {
    this.handle = handle
    this.shape = shape
    this.head = cluster
    this.chosen = this.newFuture([], new LaneBook())
  }

  /** Another cluster, with what was done to it so far, and other courses that it once took. */
  begin(cluster: Cluster, shape: ClusterShape, journal: readonly JournalEntry[], saved?: SavedPast): void {
    this.all.clear()
    this.past = undefined
    this.ahead = []
    this.nextId = 0
    this.shape = shape
    this.head = cluster
    const done = journal.filter(({ at }) => at <= cluster.now())
    for (const { lanes, journal: own, ...future } of saved?.futures ?? [])
      this.all.set(future.id, { ...future, journal: [...own], checkpoints: [], lanes: new LaneBook(lanes) })
    const known = saved && this.all.get(saved.current)
    this.nextId = saved?.made ?? 0
    if (known) this.chosen = known
    else this.chosen = this.newFuture([], new LaneBook())
    this.chosen.journal = done
    this.counter++
    // Without a journal of what made it, a cluster's past is not known.
    this.earliest = saved?.earliest ?? 0
    this.watch(cluster)
  }

  /** Does again what was done, each action at its time, and runs on until a virtual time. */
  private doAll(journal: readonly JournalEntry[], until: number): void {
    const { head } = this
    for (const { at, action } of journal) {
      if (at > head.now()) head.clock.runUntil(at)
      this.doNow(action)
    }
    if (until > head.now()) head.clock.runUntil(until)
  }

  private doNow(action: Action): void {
    this.checkpoint(true)
    this.chosen.journal.push({ at: this.head.now(), action })
    act(this.head, action, this.handle())
  }

  /** Nothing before this moment can be looked at. */
  beginsHere(): void {
    this.earliest = this.head.now()
    this.checkpoint()
  }

  /** Several look at this cluster, at its end only: nothing of its past is kept but lanes. */
  keepNothing(): void {
    this.keeps = false
    this.chosen.checkpoints = []
  }

  /** What is looked at. */
  get cluster(): Cluster {
    return this.past?.cluster ?? this.head
  }

  /** The end of the current future, whatever is looked at. */
  get live(): Cluster {
    return this.head
  }

  get isLive(): boolean {
    return this.past === undefined
  }

  /** Name of the current future. */
  get current(): string {
    return this.chosen.id
  }

  get journal(): readonly JournalEntry[] {
    return this.chosen.journal
  }

  get lanes(): LaneBook {
    return this.chosen.lanes
  }

  /** Counts changes of what `state` tells. */
  get version(): number {
    return this.counter
  }

  state(): FuturesState {
    return {
      current: this.chosen.id,
      earliest: this.earliest,
      all: [...this.all.values()].map(({ id, from, journal, endedAt, lanes }) => ({
        id,
        ...(from && { from }),
        end: id === this.chosen.id ? this.head.now() : endedAt,
        journal: from ? journal.filter(({ at }) => at >= from.at) : [],
        ...lanes.health(),
      })),
    }
  }

  saved(): SavedPast {
    const futures = [...this.all.values()].map(({ checkpoints: _checkpoints, lanes, journal, ...future }) => ({
      ...future,
      journal: future.id === this.chosen.id ? [] : journal,
      lanes: lanes.all(),
    }))
    return { earliest: this.earliest, current: this.chosen.id, made: this.nextId, futures }
  }

  /** What is to be done at the end of the current future, each at its time. */
  plan(journal: readonly JournalEntry[]): void {
    this.ahead = [...journal]
  }

  /** Is there something to be done yet, until then? */
  hasMoreBy(at: number): boolean {
    const next = this.next()
    return next !== undefined && next.at <= at
  }

  private next(): JournalEntry | undefined {
    return this.past ? this.chosen.journal[this.past.done] : this.ahead[0]
  }

  /** The next virtual time before another at which something has to be done: an entry of the journal, or the end. */
  stopBefore(target: number): number {
    const { past, head } = this
    const next = this.next()
    const due = next ? Math.max(next.at, this.cluster.now()) : target
    return past ? Math.min(target, head.now(), due) : Math.min(target, due)
  }

  /** Does what was done at this moment, and is at the end again once it is reached. */
  pass(): void {
    const { past } = this
    if (!past) {
      const [next] = this.ahead
      if (!next || next.at > this.head.now()) return
      this.ahead.shift()
      return this.doNow(next.action)
    }
    past.done = this.replay(past.cluster, this.chosen.journal, past.done, past.cluster.now())
    if (past.cluster.now() < this.head.now()) return
    this.past = undefined
    this.counter++
  }

  /** Looks at a moment of the current future; null is its end. */
  seek(at: number | null): void {
    const end = this.head.now()
    this.counter++
    if (at === null || at >= end) {
      this.past = undefined
      return
    }
    this.checkpoint()
    this.past = this.at(this.chosen, Math.max(at, this.earliest))
  }

  /** Notes what is about to be done. In the past, that makes another future, which is the current one from here. */
  beforeAct(action: Action): void {
    if (this.past) this.fork(this.past.cluster, this.past.done)
    // What is due in this millisecond comes first, as it does when this is run again.
    this.head.clock.runUntil(this.head.now())
    this.checkpoint()
    this.chosen.journal.push({ at: this.head.now(), action })
  }

  /** Goes to the end of another future. */
  switchTo(id: string): void {
    const future = this.must(id)
    if (future === this.chosen) return this.seek(null)
    const { cluster } = this.at(future, future.endedAt)
    this.leave()
    this.chosen = future
    this.head = cluster
    this.watch(cluster)
  }

  /** Another future's cluster at a moment, or at its end if that comes before. */
  other(id: string, at: number): Cluster {
    const future = this.must(id)
    return this.at(future, Math.min(at, future === this.chosen ? this.head.now() : future.endedAt)).cluster
  }

  private must(id: string): Future {
    const future = this.all.get(id)
    if (!future) throw new Error(`There is no future ${id}.`)
    return future
  }

  /** Forgets a future that is not the current one. */
  forget(id: string): void {
    if (id === this.chosen.id) throw new Error('This is the future that is looked at.')
    this.all.delete(id)
    this.counter++
  }

  /** Another future in which one action was never done, up to the same moment. The one in which it was stays. */
  without(index: number): void {
    const { journal } = this.chosen
    const entry = journal[index]
    if (!entry) throw new Error('There is nothing to take back.')
    const end = this.head.now()
    const before = this.at(this.chosen, entry.at, index)
    const rest = journal.slice(index + 1)
    this.past = before
    this.fork(before.cluster, index)
    this.doAll(rest, end)
  }

  /** Keeps the moment, when it is time for that; `due` leaves it out if the last one is not long ago. */
  checkpoint(due = false): void {
    if (!this.keeps) return
    const { chosen, head } = this
    const { checkpoints, journal } = chosen
    const last = checkpoints.at(-1)
    if (last && (last.at === head.now() ? last.done === journal.length : due && head.now() - last.at < this.spacing()))
      return
    checkpoints.push({ at: head.now(), done: journal.length, snapshot: head.snapshot() })
    if (checkpoints.length <= checkpointsKept) return
    // Every other one of the older half goes: the farther back, the longer is the way to a moment.
    const half = checkpoints.length >> 1
    chosen.checkpoints = checkpoints.filter((_, index) => index === 0 || index >= half || index % 2 === 0)
  }

  private spacing(): number {
    const [first] = this.chosen.checkpoints
    return Math.max(checkpointEveryMs, first ? (this.head.now() - first.at) / checkpointsKept : 0)
  }

  private newFuture(journal: JournalEntry[], lanes: LaneBook, from?: Future['from']): Future {
    const id = nameOf(this.nextId++)
    const future = { id, ...(from && { from }), journal, checkpoints: [], lanes, endedAt: 0 }
    this.all.set(id, future)
    this.counter++
    if (this.all.size > futuresKept) {
      const oldest = [...this.all.values()].find((one) => one !== this.chosen && one !== future)
      if (oldest) this.all.delete(oldest.id)
    }
    return future
  }

  /** From here on another course is taken: the cluster that was looked at becomes its end. */
  private fork(cluster: Cluster, done: number): void {
    const { id, journal, checkpoints, lanes } = this.chosen
    const at = cluster.now()
    this.leave()
    const next = this.newFuture(journal.slice(0, done), lanes.until(at), { future: id, at })
    next.checkpoints = checkpoints.filter((one) => one.at <= at && one.done <= done)
    this.chosen = next
    this.head = cluster
    this.watch(cluster)
  }

  private leave(): void {
    this.checkpoint()
    this.chosen.endedAt = this.head.now()
    this.past = undefined
    this.counter++
  }

  /** A future's cluster at a moment, with the first entries of its journal done: all of those by then, or just so many. */
  private at(future: Future, at: number, entries = Number.POSITIVE_INFINITY): { cluster: Cluster; done: number } {
    const { checkpoints } = future
    const index = checkpoints.findLastIndex((one) => one.at <= at && one.done <= entries)
    const start = checkpoints[index]
    const cluster = start ? Cluster.restore(start.snapshot) : clusterOf(this.shape)
    const journal = future.journal.slice(0, entries)
    let done = start?.done ?? 0
    // A long way is gone once: what lies on it is kept for the next time.
    for (let stop = cluster.now() + this.spacing() * 2; stop < at; stop += this.spacing() * 2) {
      done = this.replay(cluster, journal, done, stop)
      if (checkpoints.length < checkpointsKept)
        checkpoints.splice(checkpoints.findLastIndex((one) => one.at <= cluster.now()) + 1, 0, {
          at: cluster.now(),
          done,
          snapshot: cluster.snapshot(),
        })
    }
    return { cluster, done: this.replay(cluster, journal, done, at) }
  }

  /** Runs to a moment, through what was done on the way; returns how much of the journal is done then. */
  private replay(cluster: Cluster, journal: readonly JournalEntry[], done: number, at: number): number {
    while (done < journal.length && journal[done]!.at <= at) {
      const entry = journal[done++]!
      cluster.clock.runUntil(Math.max(entry.at, cluster.now()))
      act(cluster, entry.action, this.handle())
    }
    if (cluster.now() <= at) cluster.clock.runUntil(at)
    return done
  }

  /** Lanes are of what really comes to pass, not of what is run again. */
  private watch(cluster: Cluster): void {
    const { lanes } = this.chosen
    const { clock, api } = cluster
    if (lanes.version === 0)
      for (const resource of api.etcd.resources())
        for (const [key, { object }] of api.etcd.entries(resource))
          lanes.note(resource, key, object, clock.now(), clock.epoch)
    cluster.onEvent((resource, { key, type, object }) => {
      if (cluster === this.head)
        this.chosen.lanes.note(resource, key, type === 'DELETED' ? undefined : object, clock.now(), clock.epoch)
    })
  }
}

/** A, B, … Z, AA, AB, … */
function nameOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : nameOf(Math.floor(index / 26) - 1) + letter
}
