import TinyQueue from 'tinyqueue'
import { defaultConfiguration } from './configuration/types.ts'
import { prioritySort } from './plugins/priority-sort/plugin.ts'

/** How long pods back off. */
interface Backoff {
  readonly podInitialBackoffSeconds: number
  readonly podMaxBackoffSeconds: number
}

export type QueueState = 'active' | 'backoff' | 'unschedulable' | 'gated'

/** A pod that waits for a node. */
export interface QueuedPod {
  readonly key: string
  readonly uid: string
  readonly priority: number
  /** Virtual time it entered the active queue. */
  readonly at: number
  readonly sequence: number
  readonly attempts: number
  readonly state: QueueState
  readonly backoffUntil: number
  /** It backs off to its end: something failed that is not about room. */
  readonly afterError?: boolean
  /** Plugins that refused it last. */
  readonly plugins: readonly string[]
  /** Store revision that made it wait or wakes it. */
  readonly cause: number
}

export interface SchedulingQueueSnapshot {
  readonly sequence: number
  readonly pods: readonly QueuedPod[]
}

// All profiles share one queue, and kube-scheduler has but one plugin for its order.
const byPriority = prioritySort.queueSort!

/** Those whose time is up first. */
const byBackoff = (a: QueuedPod, b: QueuedPod): number => a.backoffUntil - b.backoffUntil || byPriority(a, b)

/** Pods without a node: active ones in order of priority, those backing off, and those that wait for a change. */
export class SchedulingQueue {
  private readonly pods = new Map<string, QueuedPod>()
  private heap = new TinyQueue<QueuedPod>([], byPriority)
  /** Upstream (SchedulerPopFromBackoffQ): they need not wait while nobody else does. */
  private backoff = new TinyQueue<QueuedPod>([], byBackoff)
  private sequence = 0
  /** How many wait for a change: most of the time none, and most changes need not look. */
  private unschedulable = 0
  private readonly firstBackoffMs: number
  private readonly longestBackoffMs: number

  constructor(backoff: Backoff = defaultConfiguration) {
    this.firstBackoffMs = backoff.podInitialBackoffSeconds * 1000
    this.longestBackoffMs = backoff.podMaxBackoffSeconds * 1000
  }

  get(key: string): QueuedPod | undefined {
    return this.pods.get(key)
  }

  list(): QueuedPod[] {
    return [...this.pods.values()].sort(byPriority)
  }

  /** Puts a pod in, or changes its place. */
  put(pod: Omit<QueuedPod, 'sequence'>): void {
    const entry = { ...pod, sequence: this.sequence++ }
    this.remove(pod.key)
    this.pods.set(pod.key, entry)
    if (entry.state === 'unschedulable') this.unschedulable++
    if (entry.state === 'active') this.heap.push(entry)
    else if (entry.state === 'backoff' && !entry.afterError) this.backoff.push(entry)
  }

  remove(key: string): void {
    const entry = this.pods.get(key)
    if (!entry) return
    if (entry.state === 'unschedulable') this.unschedulable--
    this.pods.delete(key)
  }

  /** Takes the first active pod, or one that backs off; it is out of the queue until it is put back. */
  pop(): QueuedPod | undefined {
    const entry = this.first(this.heap) ?? this.first(this.backoff)
    if (entry) this.pods.delete(entry.key)
    return entry
  }

  hasReady(): boolean {
    return (this.first(this.heap) ?? this.first(this.backoff)) !== undefined
  }

  /** The first that is still in its place. */
  private first(heap: TinyQueue<QueuedPod>): QueuedPod | undefined {
    let entry = heap.peek()
    while (entry && this.pods.get(entry.key) !== entry) {
      heap.pop()
      entry = heap.peek()
    }
    return entry
  }

  /** How long a pod backs off after so many attempts. */
  backoffMs(attempts: number): number {
    return Math.min(this.firstBackoffMs * 2 ** (attempts - 1), this.longestBackoffMs)
  }

  /** Something changed: pods that it helps may try again. */
  moveOn(helps: (entry: QueuedPod) => boolean, now: number, cause: number): QueuedPod[] {
    if (this.unschedulable === 0) return []
    const moved: QueuedPod[] = []
    for (const entry of this.pods.values()) if (entry.state === 'unschedulable' && helps(entry)) moved.push(entry)
    return moved.map((entry) => this.activate(entry, now, cause))
  }

  /** Makes a waiting pod active, or lets it finish its back-off first. */
  activate(entry: QueuedPod, now: number, cause: number): QueuedPod {
    const state = entry.backoffUntil > now ? 'backoff' : 'active'
    const next = { ...entry, state, at: now, cause } as const
    this.put(next)
    return next
  }

  snapshot(): SchedulingQueueSnapshot {
    return { sequence: this.sequence, pods: [...this.pods.values()].sort((a, b) => a.sequence - b.sequence) }
  }

  restore(snapshot: SchedulingQueueSnapshot): void {
    this.pods.clear()
    this.sequence = snapshot.sequence
    for (const entry of snapshot.pods) this.pods.set(entry.key, entry)
    this.unschedulable = snapshot.pods.filter((entry) => entry.state === 'unschedulable').length
    const inState = (state: QueueState) => snapshot.pods.filter((entry) => entry.state === state && !entry.afterError)
    this.heap = new TinyQueue(inState('active'), byPriority)
    this.backoff = new TinyQueue(inState('backoff'), byBackoff)
  }
}
