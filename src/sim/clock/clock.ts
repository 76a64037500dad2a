import TinyQueue from 'tinyqueue'
import type { Json } from '../../machinery/objects.ts'

/**
 * A piece of work that is due at a virtual time. It is data: `actor` names a registered component and `payload`
 * is plain JSON, so that a cluster can be saved between any two tasks.
 */
export interface Task {
  readonly id: number
  /** Virtual milliseconds since the cluster's start. */
  readonly due: number
  readonly actor: string
  readonly payload: Json
  /** Store revision that led to this task, 0 for none. */
  readonly cause: number
  /** Housekeeping (heartbeats, resyncs): nothing that "skip to the next thing" would stop at. */
  readonly background: boolean
}

export type TaskHandler = (payload: any, task: Task) => void

export interface ClockSnapshot {
  readonly epoch: number
  readonly now: number
  readonly nextId: number
  readonly tasks: readonly Task[]
}

const byDueThenId = (a: Task, b: Task): number => a.due - b.due || a.id - b.id

/** Virtual time: runs tasks in the order of their due times, ties in the order they were scheduled. */
export class Clock {
  /** Milliseconds since the Unix epoch at virtual time 0. */
  readonly epoch: number
  /** Store revision that the work under way follows from; writes and new tasks inherit it. */
  cause = 0
  /** Actor of the task that is running, '' outside one. */
  actor = ''
  private time = 0
  private nextId = 1
  private queue = new TinyQueue<Task>([], byDueThenId)
  private readonly live = new Map<number, Task>()
  private foreground = 0
  private readonly handlers = new Map<string, TaskHandler>()
  private readonly prefixHandlers = new Map<string, TaskHandler>()

  constructor(epoch: number) {
    this.epoch = epoch
  }

  /** Virtual milliseconds since the cluster's start. */
  now(): number {
    return this.time
  }

  /** The same moment in milliseconds since the Unix epoch, for timestamps. */
  wall(): number {
    return this.epoch + this.time
  }

  /** Names the handler of an actor's tasks. Handlers are code, not state: register them again after a restore. */
  register(actor: string, handler: TaskHandler): void {
    if (this.handlers.has(actor)) throw new Error(`actor ${actor} is registered twice`)
    this.handlers.set(actor, handler)
  }

  unregister(actor: string): void {
    this.handlers.delete(actor)
  }

  /** A handler for all actors named `prefix/…` that have none of their own (one per machine, say). */
  registerPrefix(prefix: string, handler: TaskHandler): void {
    this.prefixHandlers.set(prefix, handler)
  }

  /** Schedules a task and returns its id. Delays are rounded up to whole milliseconds. */
  schedule(actor: string, delayMs: number, payload: Json, options?: { background?: boolean; cause?: number }): number {
    const task: Task = {
      id: this.nextId++,
      due: this.time + Math.max(0, Math.ceil(delayMs)),
      actor,
      payload,
      cause: options?.cause ?? this.cause,
      background: options?.background ?? false,
    }
    this.add(task)
    return task.id
  }

  cancel(id: number): void {
    const task = this.live.get(id)
    if (!task) return
    this.live.delete(id)
    if (!task.background) this.foreground--
    // Cancelled tasks stay in the heap until they surface; rebuild before they outnumber the live ones.
    if (this.queue.length > 1000 && this.queue.length > 3 * this.live.size) {
      this.queue = new TinyQueue([...this.live.values()], byDueThenId)
    }
  }

  /** Due time of a live task, or undefined when it ran or was cancelled. */
  dueOf(id: number): number | undefined {
    return this.live.get(id)?.due
  }

  /** Due time of the next task. */
  nextDue(): number | undefined {
    return this.peek()?.due
  }

  /** Due time of the next task that is more than housekeeping. */
  nextForegroundDue(): number | undefined {
    if (this.foreground === 0) return undefined
    let next: number | undefined
    for (const task of this.live.values()) {
      if (!task.background && (next === undefined || task.due < next)) next = task.due
    }
    return next
  }

  /** Runs the next task if it is due by `until`; returns it, or undefined when nothing is due. */
  step(until = Infinity): Task | undefined {
    const task = this.peek()
    if (!task || task.due > until) return undefined
    this.queue.pop()
    this.live.delete(task.id)
    if (!task.background) this.foreground--
    this.time = task.due
    this.run(task)
    return task
  }

  /** Runs everything that is due within `ms`, and moves time there. */
  runFor(ms: number): void {
    this.runUntil(this.time + ms)
  }

  /** Runs everything that is due up to a virtual time, and moves time there. */
  runUntil(until: number): void {
    while (this.step(until));
    if (until > this.time) this.time = until
  }

  snapshot(): ClockSnapshot {
    const tasks = [...this.live.values()].sort(byDueThenId)
    return { epoch: this.epoch, now: this.time, nextId: this.nextId, tasks }
  }

  restore(snapshot: ClockSnapshot): void {
    this.time = snapshot.now
    this.nextId = snapshot.nextId
    this.live.clear()
    this.foreground = 0
    this.queue = new TinyQueue([], byDueThenId)
    for (const task of snapshot.tasks) this.add(task)
  }

  private add(task: Task): void {
    this.live.set(task.id, task)
    this.queue.push(task)
    if (!task.background) this.foreground++
  }

  private peek(): Task | undefined {
    let task = this.queue.peek()
    while (task && !this.live.has(task.id)) {
      this.queue.pop()
      task = this.queue.peek()
    }
    return task
  }

  private run(task: Task): void {
    const handler = this.handlers.get(task.actor) ?? this.prefixHandlers.get(prefixOf(task.actor))
    // A task may outlive its actor (a machine that was removed): then nobody is there to do it.
    if (!handler) return
    this.cause = task.cause
    this.actor = task.actor
    try {
      handler(task.payload, task)
    } finally {
      this.cause = 0
      this.actor = ''
    }
  }
}

function prefixOf(actor: string): string {
  const slash = actor.indexOf('/')
  return slash < 0 ? actor : actor.slice(0, slash)
}
