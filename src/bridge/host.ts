import type { Cluster } from '../sim/cluster.ts'
import { act, clusterOf } from './actions.ts'
import { compare } from './compare.ts'
import { Feed } from './feed.ts'
import { Futures } from './futures.ts'
import { answerHttp, loadHandle, writeOf, type Handle } from './http.ts'
import { openCluster } from './opening.ts'
import type {
  Action,
  Answers,
  ClockState,
  ClusterShape,
  JournalEntry,
  OpenPlayground,
  PageMessage,
  Request,
} from './protocol.ts'
import { PreviewRun } from './preview.ts'
import { answerQuestion } from './questions.ts'
import { Autosave, saveOf } from './saving.ts'
import { TerminalFeed } from './terminal.ts'

/** How often the host works, and how much of that it may compute before it lets messages in. */
const tickMs = 16
const budgetMs = 11
/** A skip works in longer pieces; it still hears a cancel. */
const skipBudgetMs = 40
const previewBudgetMs = 8
const dayMs = 86_400_000
/** What is seen before it is answered for, so that nobody reads an older state after it. */
const toldFirst: ReadonlySet<Request['type']> = new Set(['act', 'open', 'step', 'seek', 'future', 'undo'])
/** "Skip to the next thing" gives up after so much virtual time without one. */
const longestSkipMs = 7 * dayMs

const emptyShape: ClusterShape = { name: 'cluster', seed: 1, machines: [] }

export interface HostTimers {
  /** Real milliseconds. */
  now(): number
  later(run: () => void, ms: number): void
}

/**
 * The cluster's end of the bridge: turns real time into virtual time, does what pages ask, and tells them what changed.
 * In a tab there is one page; a server's cluster may have several, or none.
 */
export class Host {
  private readonly timers: HostTimers
  private readonly views = new Set<Feed>()
  private readonly afterTick: (() => void)[] = []
  private readonly beforeAct: ((action: Action) => void)[] = []
  private shape = emptyShape
  private readonly futures = new Futures(clusterOf(emptyShape), emptyShape, () => this.handle)
  private running = false
  /** Did time run before somebody looked at the past? */
  private ranBefore = false
  /** The cluster is a server's: pages look on and act, but open no other. */
  private shared = false
  private handle: Handle | undefined
  private stopped = false
  private speed = 1
  private last = 0
  /** Virtual milliseconds that are due and less than a whole one. */
  private owed = 0
  private skip: { until: number; next: boolean; done: () => void } | undefined
  private preview: { run: PreviewRun; done(answer: Answers['preview']): void } | undefined
  private keepAt = 0
  private readonly autosaving = new Autosave()

  private readonly terminals = new TerminalFeed()

  constructor(timers: HostTimers) {
    this.timers = timers
    this.last = timers.now()
    this.loop()
  }

  get cluster(): Cluster {
    return this.futures.cluster
  }

  /** A page comes; it is told everything first. */
  connect(send: Feed['send']): Feed {
    const view = new Feed(send)
    this.views.add(view)
    return view
  }

  disconnect(view: Feed): void {
    this.views.delete(view)
  }

  /** Takes a server's cluster in: it runs at once, at this speed, and no page may open another in its place. */
  share(cluster: Cluster, shape: ClusterShape, speed: number): void {
    this.futures.begin(cluster, shape, [])
    this.futures.keepNothing()
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

  receive(message: PageMessage, view: Feed): void {
    if ('frameAck' in message) {
      view.acknowledge()
      return
    }
    const { id, request } = message
    this.answer(request)
      .then((answer) => {
        if (toldFirst.has(request.type)) this.tell(view, true)
        view.send({ type: 'answer', id, answer })
      })
      // Also what cannot be told of a cluster that is not sound.
      .catch((error: unknown) =>
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
        this.toNextChange(this.cluster.now() + longestSkipMs)
        return null
      case 'skip':
        return this.startSkip(request.by)
      case 'cancelSkip':
        this.endSkip()
        return null
      case 'seek':
        return this.seek(request.at)
      case 'future':
        this.ownPastOnly()
        if (request.forget) this.futures.forget(request.id)
        else this.futures.switchTo(request.id)
        return null
      case 'preview':
        return this.startPreview(request.actions)
      case 'compare': {
        const { cluster } = this
        const there = this.futures.other(request.with, cluster.now())
        return { at: Math.min(cluster.now(), there.now()), differences: compare(cluster, there) }
      }
      case 'undo':
        this.ownPastOnly()
        this.futures.without(request.index ?? this.futures.journal.length - 1)
        return null
      case 'snapshot':
        return saveOf(this.futures, this.shape)
      case 'http':
        return this.http(request)
      case 'ping':
        return null
      default:
        return answerQuestion(this.cluster, request, this.timers)
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
    const opened = openCluster(playground)
    const { journal = [], until, past } = playground
    this.shape = playground.shape
    if (opened.answer.restored === 'snapshot') {
      this.futures.begin(opened.cluster, playground.shape, journal, past)
      // What came before a snapshot is known by its journal alone.
      if (!past) this.futures.beginsHere()
    } else {
      this.futures.begin(opened.cluster, playground.shape, [])
    }
    for (const view of this.views) view.beginAgain()
    this.autosaving.forget()
    this.owed = 0
    if (opened.answer.restored === 'replayed') await this.doAgain(journal, until)
    return opened.answer
  }

  /** Does again what was done, in pieces: it may take long, and may be stopped where it is. */
  private doAgain(journal: readonly JournalEntry[], until = 0): Promise<void> {
    this.futures.plan(journal)
    const end = Math.max(until, ...journal.map(({ at }) => at))
    return new Promise((done) => {
      this.skip = { until: end, next: false, done }
      this.skipOn()
    })
  }

  private act(action: Action): Answers['act'] {
    this.note(action)
    return act(this.cluster, action, this.handle)
  }

  private note(action: Action): void {
    this.terminals.follow(action)
    this.goOn()
    for (const listener of this.beforeAct) listener(action)
    this.futures.beforeAct(action)
  }

  private seek(at: number | null): null {
    this.ownPastOnly()
    this.endSkip()
    const wasLive = this.futures.isLive
    if (wasLive) this.ranBefore = this.running
    this.futures.seek(at)
    this.running = this.futures.isLive && !wasLive ? this.ranBefore : this.running && this.futures.isLive
    this.last = this.timers.now()
    this.owed = 0
    return null
  }

  /** Who acts in the past wants to see what comes of it. */
  private goOn(): void {
    if (this.futures.isLive) return
    this.running = this.ranBefore
    this.last = this.timers.now()
  }

  private ownPastOnly(): void {
    if (this.shared) throw new Error('A cluster that several look at has no past to go to.')
  }

  private startPreview(actions: readonly Action[]): Promise<Answers['preview']> {
    this.preview?.done({ preview: null })
    this.preview = undefined
    if (actions.length === 0) return Promise.resolve({ preview: null })
    const run = new PreviewRun(this.cluster, actions, this.handle)
    return new Promise((done) => (this.preview = { run, done }))
  }

  /** A preview goes on beside the cluster, in what is left of the time. */
  private previewOn(): void {
    const { preview } = this
    if (!preview) return
    const deadline = this.timers.now() + previewBudgetMs
    if (!preview.run.step(() => this.timers.now() > deadline)) return
    this.preview = undefined
    preview.done({ preview: preview.run.result() })
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
    this.futures.plan([])
    if (!skip) return
    for (const view of this.views) this.tell(view, true)
    skip.done()
  }

  private loop(): void {
    try {
      if (this.skip) this.skipOn()
      else this.advance()
      this.previewOn()
      for (const said of this.terminals.read(this.cluster)) for (const view of this.views) view.send(said)
      for (const view of this.views) this.tell(view, false)
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
    // Too much to do for this speed: what is owed is forgiven, time just runs slower.
    if (this.run(this.cluster.now() + whole, now + budgetMs)) this.owed -= whole
    else this.owed = 0
    this.keep()
  }

  /** Runs to a virtual time, through what was done on the way; false when real time ran out before. */
  private run(target: number, deadline: number): boolean {
    for (;;) {
      const { clock } = this.cluster
      const stop = this.futures.stopBefore(target)
      for (let count = 0; clock.step(stop); count++)
        if ((count & 15) === 15 && this.timers.now() > deadline) return false
      clock.runUntil(stop)
      this.futures.pass()
      if (this.cluster.now() >= target && !this.futures.hasMoreBy(target)) return true
    }
  }

  /** To the next change that somebody who looks on would see; false when there is none until then. */
  private toNextChange(until: number): boolean {
    for (;;) {
      const stop = this.futures.stopBefore(until)
      if (this.cluster.runToNextChange(stop)) return true
      this.cluster.clock.runUntil(stop)
      const wasLive = this.futures.isLive
      this.futures.pass()
      if (stop < until) return true
      if (wasLive || stop >= until) return false
    }
  }

  private skipOn(): void {
    const skip = this.skip!
    const deadline = this.timers.now() + skipBudgetMs
    if (skip.next) {
      const piece = 60_000
      while (this.timers.now() < deadline) {
        const until = Math.min(skip.until, this.cluster.now() + piece)
        if (this.toNextChange(until) || this.cluster.now() >= skip.until) return this.endSkip()
      }
    } else if (this.run(skip.until, deadline)) return this.endSkip()
    this.keep()
  }

  /** Keeps a moment now and then, as long as that takes little of the time. */
  private keep(): void {
    const now = this.timers.now()
    if (!this.futures.isLive || now < this.keepAt) return
    this.futures.checkpoint(true)
    this.keepAt = now + (this.timers.now() - now) * 40
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
      ...(!this.futures.isLive && { live: this.futures.live.now() }),
    }
  }

  private tell(view: Feed, now: boolean): void {
    view.update(this.futures, this.clockState(), now)
  }

  private autosave(): void {
    if (this.skip) return
    const saved = this.autosaving.due(this.futures, this.shape, () => this.timers.now())
    if (saved) for (const view of this.views) view.send({ type: 'autosave', saved })
  }
}
