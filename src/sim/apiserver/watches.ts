import type { Etcd, StoreEvent } from '../etcd/etcd.ts'
import type { Clock } from '../clock/clock.ts'

/**
 * A component's watch, as data: who wants to hear of which resource, from where on. A delivery is a task of that
 * actor with `{watch: id}`; what it brings are the changes after `revision`.
 */
export interface Watch {
  readonly id: string
  readonly resource: string
  readonly actor: string
  /** Only objects whose spec.nodeName is this one: what a kubelet watches. */
  readonly nodeName?: string
  /** Changes up to here were delivered. */
  revision: number
  /** A delivery is scheduled. */
  pending: boolean
  /** The line is cut: nothing is delivered until it is mended. */
  cut: boolean
}

export type WatchesSnapshot = readonly Readonly<Watch>[]

/** All watches of the cluster's own components, found by resource (and node) when something changes. */
export class Watches {
  private readonly byId = new Map<string, Watch>()
  private readonly byResource = new Map<string, Set<Watch>>()
  private readonly byNode = new Map<string, Set<Watch>>()
  private readonly etcd: Etcd
  private readonly clock: Clock
  private readonly latencyMs: number

  constructor(etcd: Etcd, clock: Clock, latencyMs: number) {
    this.etcd = etcd
    this.clock = clock
    this.latencyMs = latencyMs
  }

  /** Starts a watch from the present revision; the caller lists first. Opening one again returns it. */
  open(spec: { id: string; resource: string; actor: string; nodeName?: string }): Watch {
    const existing = this.byId.get(spec.id)
    if (existing) return existing
    const watch: Watch = { ...spec, revision: this.etcd.revision, pending: false, cut: false }
    this.add(watch)
    return watch
  }

  close(id: string): void {
    const watch = this.byId.get(id)
    if (!watch) return
    this.byId.delete(id)
    this.setOf(watch).delete(watch)
  }

  get(id: string): Watch | undefined {
    return this.byId.get(id)
  }

  /** Tells the watchers of a resource that something changed. */
  notify(resource: string, event: StoreEvent): void {
    const all = this.byResource.get(resource)
    if (all) for (const watch of all) this.wake(watch, event)
    if (this.byNode.size === 0) return
    const node = nodeNameOf(event.object)
    // A kubelet's own report of a status is no news to it.
    if (
      node &&
      event.actor === `system:node:${node}` &&
      event.object.spec === event.previous?.spec &&
      event.type === 'MODIFIED'
    )
      return
    if (node) this.wakeNode(resource, node, event)
    const before = event.previous && nodeNameOf(event.previous)
    if (before && before !== node) this.wakeNode(resource, before, event)
  }

  /**
   * Takes the changes that a watch has not seen; it is then up to date. Undefined: the history it needs is
   * compacted, list again.
   */
  take(watch: Watch): readonly StoreEvent[] | undefined {
    watch.pending = false
    const events = this.etcd.since(watch.resource, watch.revision)
    watch.revision = this.etcd.revision
    if (!events || watch.nodeName === undefined) return events
    const { nodeName } = watch
    return events.filter((event) => isOf(event.object, nodeName) || isOf(event.previous, nodeName))
  }

  /** Cuts or mends a watch's line. Once mended it hears of what it missed. */
  setCut(watch: Watch, cut: boolean): void {
    if (watch.cut === cut) return
    watch.cut = cut
    if (!cut && !watch.pending) this.deliver(watch, 0)
  }

  /** The oldest revision that some watch of a resource still needs. Cut lines list again instead. */
  slowest(resource: string): number {
    let slowest = this.etcd.revision
    for (const watch of this.byResource.get(resource) ?? []) if (!watch.cut) slowest = Math.min(slowest, watch.revision)
    for (const [key, set] of this.byNode) {
      if (!key.startsWith(`${resource} `)) continue
      // A watch of one node is only behind while a delivery is on its way.
      for (const watch of set) if (!watch.cut && watch.pending) slowest = Math.min(slowest, watch.revision)
    }
    return slowest
  }

  snapshot(): WatchesSnapshot {
    return [...this.byId.values()].map((watch) => ({ ...watch })).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  restore(snapshot: WatchesSnapshot): void {
    this.byId.clear()
    this.byResource.clear()
    this.byNode.clear()
    for (const watch of snapshot) this.add({ ...watch })
  }

  private add(watch: Watch): void {
    this.byId.set(watch.id, watch)
    const set = this.setOf(watch)
    set.add(watch)
    // Who is told first must not depend on who came first: a restored cluster does not know that any more.
    const sorted = [...set].sort((a, b) => (a.id < b.id ? -1 : 1))
    if (sorted.at(-1) === watch) return
    set.clear()
    for (const one of sorted) set.add(one)
  }

  private setOf(watch: Watch): Set<Watch> {
    const [index, key] =
      watch.nodeName === undefined
        ? [this.byResource, watch.resource]
        : [this.byNode, `${watch.resource} ${watch.nodeName}`]
    let set = index.get(key)
    if (!set) index.set(key, (set = new Set()))
    return set
  }

  private wakeNode(resource: string, node: string, event: StoreEvent): void {
    const set = this.byNode.get(`${resource} ${node}`)
    if (set) for (const watch of set) this.wake(watch, event)
  }

  private wake(watch: Watch, event: StoreEvent): void {
    if (watch.pending || watch.cut) return
    // A watch that nothing concerned has nothing to catch up on before this change.
    if (watch.nodeName !== undefined) watch.revision = Math.max(watch.revision, event.revision - 1)
    this.deliver(watch, event.revision)
  }

  private deliver(watch: Watch, cause: number): void {
    watch.pending = true
    // Heartbeats are heard all the time; nobody would call that something that happens.
    const background = watch.resource === 'leases.coordination.k8s.io'
    this.clock.schedule(watch.actor, this.latencyMs, { watch: watch.id }, { cause, background })
  }
}

function nodeNameOf(object: { readonly spec?: any }): string | undefined {
  return object.spec?.nodeName
}

function isOf(object: { readonly spec?: any } | undefined, nodeName: string | undefined): boolean {
  return object !== undefined && nodeNameOf(object) === nodeName
}
