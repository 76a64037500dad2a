import { Cluster } from '../sim/cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../sim/snapshot.ts'
import { act, check, clusterOf } from './actions.ts'
import { answerHttp, loadHandle, writeOf, type Handle } from './http.ts'
import type {
  Action,
  Answers,
  ClockState,
  ClusterShape,
  Delta,
  HostMessage,
  JournalEntry,
  OpenPlayground,
  PageMessage,
  Request,
} from './protocol.ts'
import { controlPlaneOf, logsOf, machinesOf, schedulingOf, whyOf } from './views.ts'

/** How often the host works, and how much of that it may compute before it lets messages in. */
const tickMs = 16
const budgetMs = 11
/** A skip works in longer pieces; it still hears a cancel. */
const skipBudgetMs = 40
const autosaveMs = 4000
const dayMs = 86_400_000
/** "Skip to the next thing" gives up after so much virtual time without one. */
const longestSkipMs = 7 * dayMs

const emptyShape: ClusterShape = { name: 'cluster', seed: 1, machines: [] }

export interface HostTimers {
  /** Real milliseconds. */
  now(): number
  later(run: () => void, ms: number): void
}

/** A page that looks on, and what it has been told. */
export interface View {
  readonly send: (message: HostMessage) => void
  revision: number
  machines: number
  journal: number
  clock: string
  acknowledged: boolean
}

/**
 * The cluster's end of the bridge: turns real time into virtual time, does what pages ask, and tells them what changed.
 * In a tab there is one page; a server's cluster may have several, or none.
 */
export class Host {
  private readonly timers: HostTimers
  private readonly views = new Set<View>()
  private readonly afterTick: (() => void)[] = []
  private readonly beforeAct: ((action: Action) => void)[] = []
  private shape = emptyShape
  private current = clusterOf(emptyShape)
  private journal: JournalEntry[] = []
  private running = false
  /** The cluster is a server's: pages look on and act, but open no other. */
  private shared = false
  private handle: Handle | undefined
  private stopped = false
  private speed = 1
  private last = 0
  /** Virtual milliseconds that are due and less than a whole one. */
  private owed = 0
  private skip: { until: number; next: boolean; done: () => void } | undefined
  private savedAt = 0
  private savedState = ''

  constructor(timers: HostTimers) {
    this.timers = timers
    this.last = timers.now()
    this.loop()
  }

  get cluster(): Cluster {
    return this.current
  }

  /** A page comes; it is told everything first. */
  connect(send: View['send']): View {
    const view: View = { send, revision: 0, machines: -1, journal: 0, clock: '', acknowledged: true }
    this.views.add(view)
    return view
  }

  disconnect(view: View): void {
    this.views.delete(view)
  }

  /** Takes a server's cluster in: it runs at once, at this speed, and no page may open another in its place. */
  share(cluster: Cluster, shape: ClusterShape, speed: number): void {
    this.current = cluster
    this.shape = shape
    this.shared = true
    this.running = true
    this.speed = speed
    this.last = this.timers.now()
  }

  /** Time stands still from here on. */
  stop(): void {
    this.stopped = true
  }

  /** Called before something that a page asked for is done. */
  onAct(listener: (action: Action) => void): void {
    this.beforeAct.push(listener)
  }

  /** Called after each piece of virtual time. */
  onTick(listener: () => void): void {
    this.afterTick.push(listener)
  }

  receive(message: PageMessage, view: View): void {
    if ('frameAck' in message) {
      view.acknowledged = true
      return
    }
    const { id, request } = message
    this.answer(request).then(
      (answer) => {
        // What was asked for is seen before it is answered for, so that nobody reads an older state after it.
        if (request.type === 'act' || request.type === 'open' || request.type === 'step') this.sendDelta(view, true)
        view.send({ type: 'answer', id, answer })
      },
      (error: unknown) =>
        view.send({ type: 'error', id, message: error instanceof Error ? error.message : String(error) }),
    )
  }

  private async answer(request: Request): Promise<Answers[Request['type']]> {
    switch (request.type) {
      case 'open':
        return this.open(request.playground)
      case 'act':
        return this.act(request.action)
      case 'run':
        this.running = request.running
        this.last = this.timers.now()
        return null
      case 'speed':
        this.speed = Math.min(1000, Math.max(0.1, request.speed))
        return null
      case 'step':
        this.running = false
        this.cluster.runToNextChange(this.cluster.now() + longestSkipMs)
        return null
      case 'skip':
        return this.startSkip(request.by)
      case 'cancelSkip':
        this.endSkip()
        return null
      case 'snapshot':
        return this.saved()
      case 'why':
        return whyOf(this.cluster, request.resource, request.namespace, request.name)
      case 'scheduling':
        return schedulingOf(this.cluster, request.pod)
      case 'logs':
        return logsOf(this.cluster, request)
      case 'check':
        return { results: check(this.cluster, request.text, request.namespace) }
      case 'http':
        return this.http(request)
      default:
        return null
    }
  }

  private async http(request: Extract<Request, { type: 'http' }>): Promise<Answers['http']> {
    this.handle ??= await loadHandle()
    const action = writeOf(request)
    if (action) this.note(action)
    return answerHttp(this.cluster, this.handle, request)
  }

  private async open(playground: OpenPlayground): Promise<Answers['open']> {
    if (this.shared) return { ok: true, restored: 'shared', shape: this.shape }
    if (playground.journal?.some(({ action }) => action.type === 'request')) this.handle ??= await loadHandle()
    this.endSkip()
    const opened = openCluster(playground, this.handle)
    this.current = opened.cluster
    this.shape = playground.shape
    this.journal = [...(playground.journal ?? [])].filter(({ at }) => at <= opened.cluster.now())
    for (const view of this.views) Object.assign(view, { revision: 0, machines: -1, journal: 0 })
    this.savedState = ''
    this.owed = 0
    return opened.answer
  }

  private act(action: Action): Answers['act'] {
    this.note(action)
    return act(this.cluster, action, this.handle)
  }

  private note(action: Action): void {
    this.journal.push({ at: this.cluster.now(), action })
    for (const listener of this.beforeAct) listener(action)
  }

  private startSkip(by: number | undefined): Promise<null> {
    this.endSkip()
    return new Promise((resolve) => {
      const until = this.cluster.now() + (by ?? longestSkipMs)
      this.skip = { until, next: by === undefined, done: () => resolve(null) }
    })
  }

  private endSkip(): void {
    const { skip } = this
    this.skip = undefined
    this.last = this.timers.now()
    if (!skip) return
    for (const view of this.views) this.sendDelta(view, true)
    skip.done()
  }

  private loop(): void {
    try {
      if (this.skip) this.skipOn()
      else this.advance()
      for (const view of this.views) this.sendDelta(view, false)
      for (const listener of this.afterTick) listener()
      if (!this.shared) this.autosave()
    } finally {
      if (!this.stopped) this.timers.later(() => this.loop(), this.skip ? 0 : tickMs)
    }
  }

  /** Lets as much virtual time pass as real time did, times the speed; falls behind rather than block. */
  private advance(): void {
    const now = this.timers.now()
    const passed = Math.min(now - this.last, 250)
    this.last = now
    if (!this.running) return
    this.owed += passed * this.speed
    const whole = Math.floor(this.owed)
    if (whole <= 0) return
    const { clock } = this.cluster
    const target = clock.now() + whole
    const deadline = now + budgetMs
    for (let count = 0; clock.step(target); count++) {
      if ((count & 15) === 15 && this.timers.now() > deadline) {
        // Too much to do for this speed: what is owed is forgiven, time just runs slower.
        this.owed = 0
        return
      }
    }
    clock.runUntil(target)
    this.owed -= whole
  }

  private skipOn(): void {
    const skip = this.skip!
    const { clock } = this.cluster
    const deadline = this.timers.now() + skipBudgetMs
    if (skip.next) {
      const piece = 60_000
      while (this.timers.now() < deadline) {
        const until = Math.min(skip.until, clock.now() + piece)
        if (this.cluster.runToNextChange(until)) return this.endSkip()
        clock.runUntil(until)
        if (clock.now() >= skip.until) return this.endSkip()
      }
      return
    }
    for (let count = 0; clock.step(skip.until); count++) {
      if ((count & 15) === 15 && this.timers.now() > deadline) return
    }
    clock.runUntil(skip.until)
    this.endSkip()
  }

  private clockState(): ClockState {
    const { clock } = this.cluster
    return {
      now: clock.now(),
      epoch: clock.epoch,
      running: this.running,
      speed: this.speed,
      next: clock.nextForegroundDue() ?? null,
      ...(this.skip && { skippingTo: this.skip.until }),
    }
  }

  /** At most one on its way: the next goes out once the page has drawn the last. */
  private sendDelta(view: View, now: boolean): void {
    if (!view.acknowledged && !now) return
    const clock = this.clockState()
    const { revision } = this.cluster.api.etcd
    const clockText = JSON.stringify(clock)
    const machinesChanged = view.machines !== this.cluster.machines.version
    const nothing =
      revision === view.revision && clockText === view.clock && !machinesChanged && view.journal === this.journal.length
    if (nothing) return
    const changes = this.cluster.changesSince(view.revision)
    const delta: Delta = {
      ...changes,
      clock,
      controlPlane: controlPlaneOf(this.cluster),
      ...((machinesChanged || revision !== view.revision) && { machines: machinesOf(this.cluster) }),
      ...(view.journal !== this.journal.length || changes.full
        ? { journal: this.journal.slice(changes.full ? 0 : view.journal) }
        : {}),
    }
    view.revision = revision
    view.machines = this.cluster.machines.version
    view.journal = this.journal.length
    view.clock = clockText
    view.acknowledged = false
    view.send({ type: 'delta', delta })
  }

  private saved(): Answers['snapshot'] {
    return {
      snapshot: serialiseSnapshot(this.cluster.snapshot()),
      at: this.cluster.now(),
      journal: this.journal,
      shape: this.shape,
    }
  }

  private autosave(): void {
    const now = this.timers.now()
    if (now < this.savedAt || this.skip) return
    const state = `${this.cluster.now()} ${this.cluster.api.etcd.revision} ${this.journal.length}`
    this.savedAt = now + autosaveMs
    if (state === this.savedState) return
    this.savedState = state
    const saved = this.saved()
    for (const view of this.views) view.send({ type: 'autosave', saved })
    // A large cluster takes a while to write down; it does so at most a fiftieth of the time.
    this.savedAt = now + Math.max(autosaveMs, (this.timers.now() - now) * 50)
  }
}

/** A cluster from a snapshot, else from its journal, else new. What cannot be read falls back, and says so. */
function openCluster(
  { shape, journal = [], until, snapshot }: OpenPlayground,
  handle: Handle | undefined,
): {
  cluster: Cluster
  answer: Answers['open']
} {
  let message: string | undefined
  if (snapshot) {
    try {
      return { cluster: Cluster.restore(parseSnapshot(snapshot)), answer: { ok: true, restored: 'snapshot' } }
    } catch (error) {
      message = error instanceof Error ? error.message : String(error)
    }
  }
  const cluster = clusterOf(shape)
  for (const { at, action } of journal) {
    cluster.clock.runUntil(at)
    act(cluster, action, handle)
  }
  if (until !== undefined) cluster.clock.runUntil(until)
  const replayed = journal.length > 0 || until !== undefined
  return {
    cluster,
    answer: { ok: message === undefined, ...(message && { message }), restored: replayed ? 'replayed' : 'new' },
  }
}
