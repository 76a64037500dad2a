import type { Clock } from '../clock/clock.ts'

/** First and longest delay after a failure. Upstream: workqueue.DefaultTypedControllerRateLimiter. */
const defaultBackoffMs = [5, 1_000_000] as const

interface Item {
  readonly key: string
  /** Revision that put the key here. */
  readonly cause: number
}

export const emptyWorkqueue: WorkqueueSnapshot = {
  ready: [],
  running: false,
  failures: [],
  delayed: [],
  parked: [],
  busy: [],
  writes: [],
}

export interface WorkqueueSnapshot {
  readonly ready: readonly Item[]
  readonly running: boolean
  readonly failures: readonly (readonly [string, number])[]
  /** Keys that come back later: key, task id. */
  readonly delayed: readonly (readonly [string, number])[]
  /** Keys that wait until the caches show their own writes: key, resource → revision. */
  readonly parked: readonly {
    readonly key: string
    readonly cause: number
    readonly until: readonly (readonly [string, number])[]
  }[]
  /** What keys wrote that the caches may not show yet. */
  /** Keys whose reconcile is still under way: key, until when. */
  readonly busy: readonly (readonly [string, number])[]
  readonly writes: readonly { readonly key: string; readonly until: readonly (readonly [string, number])[] }[]
  /** Nobody works on it: what comes is not taken in. */
  readonly stopped?: true
}

/** Keys waiting for their reconcile, each once: with back-off after failures, delays, and parking. All of it is data. */
export class Workqueue {
  private readonly clock: Clock
  private readonly actor: string
  private readonly latencyMs: number
  private readonly backoffMs: readonly [first: number, longest: number]
  private ready = new Map<string, Item>()
  private running = false
  private failures = new Map<string, number>()
  private delayed = new Map<string, number>()
  private parked = new Map<string, { cause: number; until: Map<string, number> }>()
  private writes = new Map<string, Map<string, number>>()
  private busy = new Map<string, number>()
  private stopped = false

  constructor(
    clock: Clock,
    actor: string,
    latencyMs: number,
    backoffMs: readonly [first: number, longest: number] = defaultBackoffMs,
  ) {
    this.backoffMs = backoffMs
    this.clock = clock
    this.actor = actor
    this.latencyMs = latencyMs
  }

  get isStopped(): boolean {
    return this.stopped
  }

  get depth(): number {
    return this.ready.size + this.parked.size
  }

  add(key: string, cause = this.clock.cause): void {
    if (this.stopped || this.ready.has(key) || this.parked.has(key)) return
    const busy = (this.busy.get(key) ?? 0) - this.clock.now()
    if (busy > 0) return this.addAfter(key, busy)
    this.busy.delete(key)
    this.ready.set(key, { key, cause })
    this.wake()
  }

  /** Comes back after a while; an earlier appointment stands. */
  addAfter(key: string, delayMs: number, background = false, cause = this.clock.cause): void {
    if (this.stopped) return
    const present = this.delayed.get(key)
    const due = present === undefined ? undefined : this.clock.dueOf(present)
    if (due !== undefined) {
      if (due <= this.clock.now() + delayMs) return
      this.clock.cancel(present!)
    }
    this.delayed.set(key, this.clock.schedule(this.actor, delayMs, { later: key }, { background, cause }))
  }

  /** Comes back after a failure, later each time. */
  addRateLimited(key: string): void {
    const failures = this.failures.get(key) ?? 0
    this.failures.set(key, failures + 1)
    const [first, longest] = this.backoffMs
    this.addAfter(key, Math.min(first * 2 ** failures, longest))
  }

  forget(key: string): void {
    this.failures.delete(key)
  }

  failuresOf(key: string): number {
    return this.failures.get(key) ?? 0
  }

  /** A delayed key is due. */
  arrived(key: string): void {
    this.delayed.delete(key)
    this.add(key)
  }

  /** The next key whose own writes the caches show, or undefined. */
  next(seen: (resource: string) => number): Item | undefined {
    this.running = false
    for (const item of this.ready.values()) {
      this.ready.delete(item.key)
      const until = this.writes.get(item.key)
      const behind = until && [...until].some(([resource, revision]) => seen(resource) < revision)
      if (until && behind) {
        this.parked.set(item.key, { cause: item.cause, until })
        continue
      }
      this.writes.delete(item.key)
      if (this.ready.size > 0) this.wake()
      return item
    }
    return undefined
  }

  /** Remembers what a key's reconcile wrote. */
  wrote(key: string, writes: ReadonlyMap<string, number>): void {
    if (writes.size > 0) this.writes.set(key, new Map(writes))
  }

  /** The reconcile of a key takes so long: what happens meanwhile is dealt with by one more. */
  keepBusy(key: string, ms: number): void {
    this.busy.set(key, this.clock.now() + ms)
  }

  /** A cache caught up: keys that waited for it may go on. */
  unpark(seen: (resource: string) => number): void {
    for (const [key, { cause, until }] of this.parked) {
      if ([...until].some(([resource, revision]) => seen(resource) < revision)) continue
      this.parked.delete(key)
      this.add(key, cause)
    }
  }

  snapshot(): WorkqueueSnapshot {
    const pairs = <V>(map: ReadonlyMap<string, V>) => [...map].sort((a, b) => (a[0] < b[0] ? -1 : 1))
    return {
      ready: [...this.ready.values()],
      running: this.running,
      failures: pairs(this.failures),
      delayed: pairs(this.delayed),
      busy: pairs(this.busy),
      parked: [...this.parked].map(([key, { cause, until }]) => ({ key, cause, until: pairs(until) })),
      writes: pairs(this.writes).map(([key, until]) => ({ key, until: pairs(until) })),
      ...(this.stopped && { stopped: true as const }),
    }
  }

  restore(snapshot: WorkqueueSnapshot): void {
    this.stopped = snapshot.stopped ?? false
    this.ready = new Map(snapshot.ready.map((item) => [item.key, item]))
    this.running = snapshot.running
    this.failures = new Map(snapshot.failures)
    this.delayed = new Map(snapshot.delayed)
    this.busy = new Map(snapshot.busy)
    this.parked = new Map(snapshot.parked.map(({ key, cause, until }) => [key, { cause, until: new Map(until) }]))
    this.writes = new Map(snapshot.writes.map(({ key, until }) => [key, new Map(until)]))
  }

  private wake(): void {
    if (this.running) return
    this.running = true
    this.clock.schedule(this.actor, this.latencyMs, { next: true })
  }
}
