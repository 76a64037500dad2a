import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import type { PodState } from './pod-status.ts'
import { groupsOf, podView, sameView, type PodView } from './pod-view.ts'

/** What happened to a pod, for motion and for the spoken news. */
export interface PodEvent {
  readonly type: 'born' | 'bound' | 'gone' | 'changed'
  readonly pod: PodView
  readonly before?: PodView
}

export interface PodChanges {
  readonly changed: readonly KubeObject[]
  readonly removed: readonly ObjectKey[]
}

const nothing: readonly PodView[] = []

function callAll(listeners: Iterable<() => void>): void {
  for (const listener of listeners) listener()
}

/**
 * Pods by group (by node, by controller, by claim), kept up with each delta: what a delta does not name is not touched,
 * and a group's list keeps its identity until one of its own pods changes. Pods of no node yet stand under ''.
 */
export class PodIndex {
  readonly #objects = new Map<ObjectKey, KubeObject>()
  readonly #views = new Map<ObjectKey, PodView>()
  /** Slots in the order of arrival, by uid: a ghost keeps its place until it is buried. */
  readonly #slots = new Map<string, Map<string, PodView>>()
  readonly #lists = new Map<string, readonly PodView[]>()
  readonly #counts = new Map<PodState, number>()
  readonly #lost = new Set<string>()
  readonly #listeners = new Map<string, Set<() => void>>()
  #stateCounts: ReadonlyMap<PodState, number> = new Map()
  #touched = new Set<string>()
  readonly #tell: (listeners: Iterable<() => void>) => void

  /** `tell` calls those whom a change concerns, at once or one after the other. */
  constructor(tell: (listeners: Iterable<() => void>) => void = callAll) {
    this.#tell = tell
  }

  /** Pods of a group (its name is a node's, or as `pod-view.ts` says), ghosts included, in order of arrival. */
  on(group: string): readonly PodView[] {
    let list = this.#lists.get(group)
    if (!list) {
      const slots = this.#slots.get(group)
      list = slots?.size ? [...slots.values()] : nothing
      this.#lists.set(group, list)
    }
    return list
  }

  get(key: ObjectKey): PodView | undefined {
    return this.#views.get(key)
  }

  all(): Iterable<PodView> {
    return this.#views.values()
  }

  get size(): number {
    return this.#views.size
  }

  /** How many pods there are in each state. */
  counts(): ReadonlyMap<PodState, number> {
    return this.#stateCounts
  }

  /** Calls back when the pods of this group (or, with `'*'`, of any) changed. */
  subscribe(group: string, listener: () => void): () => void {
    let listeners = this.#listeners.get(group)
    if (!listeners) this.#listeners.set(group, (listeners = new Set()))
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Takes in one delta. With `keepGhosts`, what is gone stays as an outline until `bury`. */
  update({ changed, removed }: PodChanges, keepGhosts = false): PodEvent[] {
    const events: PodEvent[] = []
    for (const key of removed) this.#remove(key, keepGhosts, events)
    for (const pod of changed) this.#put(pod, keepGhosts, events)
    this.#publish()
    return events
  }

  /** Starts over. */
  clear(): void {
    for (const group of this.#slots.keys()) this.#touched.add(group)
    this.#objects.clear()
    this.#views.clear()
    this.#slots.clear()
    this.#counts.clear()
    this.#lost.clear()
    this.#publish()
  }

  /** Tells which nodes nobody hears from; their pods are looked at again. */
  setLost(node: string, lost: boolean): void {
    if (this.#lost.has(node) === lost) return
    if (lost) this.#lost.add(node)
    else this.#lost.delete(node)
    const pods = this.on(node).flatMap((view) => (view.ghost ? [] : (this.#objects.get(view.key) ?? [])))
    this.update({ changed: pods, removed: [] })
  }

  /** Ends a ghost: its neighbours may close the gap. */
  bury(uids: readonly string[]): void {
    for (const uid of uids) {
      for (const [group, slots] of this.#slots) {
        if (!slots.get(uid)?.ghost) continue
        slots.delete(uid)
        this.#touched.add(group)
        if (!slots.size) this.#slots.delete(group)
      }
    }
    this.#publish()
  }

  #put(pod: KubeObject, keepGhosts: boolean, events: PodEvent[]): void {
    const view = podView(pod, this.#lost.has(pod.spec?.nodeName ?? ''))
    const before = this.#views.get(view.key)
    // The same name again is another pod: the one before it died.
    if (before && before.uid !== view.uid) this.#remove(view.key, keepGhosts, events)
    const same = before?.uid === view.uid ? before : undefined
    this.#objects.set(view.key, pod)
    if (same && sameView(same, view)) return
    this.#views.set(view.key, view)
    if (same) this.#count(same.state, -1)
    this.#count(view.state, 1)
    const groups = groupsOf(view)
    if (same) for (const group of groupsOf(same)) if (!groups.includes(group)) this.#take(same, group)
    for (const group of groups) {
      let slots = this.#slots.get(group)
      if (!slots) this.#slots.set(group, (slots = new Map()))
      slots.set(view.uid, view)
      this.#touched.add(group)
    }
    if (!same) events.push({ type: 'born', pod: view })
    if (view.node && same?.node !== view.node) events.push({ type: 'bound', pod: view })
    else if (same) events.push({ type: 'changed', pod: view, before: same })
  }

  #remove(key: ObjectKey, keepGhost: boolean, events: PodEvent[]): void {
    const view = this.#views.get(key)
    if (!view) return
    this.#objects.delete(key)
    this.#views.delete(key)
    this.#count(view.state, -1)
    for (const group of groupsOf(view)) {
      if (keepGhost && view.node) {
        this.#slots.get(group)?.set(view.uid, { ...view, ghost: true })
        this.#touched.add(group)
      } else this.#take(view, group)
    }
    events.push({ type: 'gone', pod: view })
  }

  #take(view: PodView, group: string): void {
    const slots = this.#slots.get(group)
    slots?.delete(view.uid)
    if (slots?.size === 0) this.#slots.delete(group)
    this.#touched.add(group)
  }

  #count(state: PodState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by)
  }

  #publish(): void {
    if (!this.#touched.size) return
    const touched = this.#touched
    this.#touched = new Set()
    this.#stateCounts = new Map([...this.#counts].filter(([, count]) => count > 0))
    for (const group of touched) this.#lists.delete(group)
    const listeners = new Set<() => void>()
    for (const group of [...touched, '*'])
      for (const listener of this.#listeners.get(group) ?? []) listeners.add(listener)
    this.#tell(listeners)
  }
}
