import { isFinished } from '../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { Client } from '../client/client.ts'
import type { Change } from '../client/cache.ts'
import type { Informers } from '../client/informers.ts'
import type { Clock } from '../clock/clock.ts'
import type { Latencies } from '../latencies.ts'
import { bind, bindingPollMs, reserve, unreserve, type Binding, type BindingFailure } from './binding.ts'
import { SchedulerCache, type AssumedPod } from './cache.ts'
import { oneOfTheBest, runCycle, type CycleResult } from './framework/cycle.ts'
import { podInfoOf } from './framework/pod-info.ts'
import { runPostFilters } from './framework/post-filter.ts'
import type { AssumedVolume, ClusterEvent, Handle } from './framework/types.ts'
import { buildProfiles, type Profile } from './configuration/profiles.ts'
import type { SchedulerConfiguration } from './configuration/types.ts'
import { SchedulingQueue, type QueuedPod, type SchedulingQueueSnapshot } from './queue.ts'
import { asEvent, eventOf, isOwnChange, watched } from './changes.ts'
import { failureRecord, successRecord } from './decision.ts'
import { evictVictims } from './evict.ts'
import { DecisionRecords, type DecisionRecord } from './records.ts'
import { failureMessage } from './messages.ts'
import { Nominator, type Nomination } from './nominator.ts'
import { writeNotScheduled } from './pod-scheduled.ts'
import { eventsOf, mayHelp } from './waking.ts'
import { whatWouldFit, type Suggestion } from './what-would-fit/what-would-fit.ts'

const actor = 'scheduler'
/** Upstream: podMaxInUnschedulablePodsDuration; unschedulable pods are tried again without a reason. */
const flushPeriodMs = 30_000
const longestUnschedulableMs = 300_000

export interface SchedulerSnapshot {
  readonly queue: SchedulingQueueSnapshot
  readonly assumed: readonly AssumedPod[]
  readonly nominated: readonly Nomination[]
  readonly volumes: readonly (readonly [volume: string, AssumedVolume])[]
  readonly records: readonly DecisionRecord[]
  readonly nextStart: number
  readonly life: number
  readonly running: boolean
  readonly stopped?: true
  readonly scheduled: number
}

/** Finds a node for each pod that has none: queue → filter → score → assume → bind. */
export class Scheduler {
  scheduled = 0
  readonly records = new DecisionRecords()
  private readonly client: Client
  private readonly clock: Clock
  private readonly api: ApiServer
  private readonly latencies: Latencies
  private readonly profiles: ReadonlyMap<string, Profile>
  private readonly cache: SchedulerCache
  private readonly queue: SchedulingQueue
  private readonly nominator: Nominator
  private readonly handle: Handle
  private readonly assumedVolumes = new Map<string, AssumedVolume>()
  private nextStart = 0
  private life = 0
  private running = false
  private stopped = false

  constructor(parts: {
    clock: Clock
    api: ApiServer
    informers: Informers
    latencies: Latencies
    configuration?: SchedulerConfiguration | undefined
  }) {
    this.clock = parts.clock
    this.api = parts.api
    this.latencies = parts.latencies
    this.client = new Client({ ...parts, component: 'kube-scheduler', fieldManager: 'kube-scheduler' })
    this.client.events.component = 'default-scheduler'
    this.profiles = buildProfiles(parts.configuration)
    this.cache = new SchedulerCache(this.client)
    this.nominator = new Nominator(this.client)
    this.queue = new SchedulingQueue(parts.configuration)
    this.handle = {
      client: this.client,
      nodes: () => this.cache.nodes(),
      counts: this.cache.counts,
      assumedVolumes: this.assumedVolumes,
      bind: (pod, node) => {
        this.api.bind(keyOf(pod), pod.metadata.uid, node, { user: this.client.user, fieldManager: 'kube-scheduler' })
      },
      nominatedOn: (node, pod) => this.nominator.countedFor(node, pod),
      nodesWithAffinity: () =>
        this.cache.counts.affinityPods === 0 ? [] : this.cache.nodes().filter((node) => node.affinityPods > 0),
    }
    for (const resource of watched) this.client.cache(resource).onChange((change) => this.changed(resource, change))
    parts.clock.register(actor, (payload: any) => this.task(payload))
  }

  start(): void {
    for (const pod of this.client.cache('pods').list()) this.enqueue(pod, this.clock.cause)
    this.clock.schedule(actor, flushPeriodMs, { flush: true }, { background: true })
  }

  /** Its process ends: nothing is taken in or bound until a restart. */
  stop(): void {
    this.forgetAll()
    this.stopped = true
  }

  get isStopped(): boolean {
    return this.stopped
  }

  /** Forgets its queue and starts over, as after a crash. */
  restart(): void {
    this.forgetAll()
    this.stopped = false
    const pods = this.client.cache('pods').list()
    this.nominator.rebuild(pods)
    for (const pod of pods) this.enqueue(pod, this.clock.cause)
  }

  private forgetAll(): void {
    this.queue.restore({ sequence: 0, pods: [] })
    // Bindings of the life before are void.
    this.life++
    this.cache.rebuild([])
    this.assumedVolumes.clear()
  }

  queued(): readonly QueuedPod[] {
    return this.queue.list()
  }

  /** The smallest edits that would make a waiting pod schedulable. Changes nothing; empty for another scheduler's. */
  whatWouldFit(key: ObjectKey): readonly Suggestion[] {
    const pod = this.client.get('pods', key)
    const profile = pod && this.profileOf(pod)
    if (!profile || isFinished(pod) || this.cache.node(pod.spec.nodeName ?? '')) return []
    return whatWouldFit(pod, profile.plugins, this.handle)
  }

  snapshot(): SchedulerSnapshot {
    const { nextStart, life, running, scheduled } = this
    return {
      queue: this.queue.snapshot(),
      assumed: this.cache.snapshot(),
      nominated: this.nominator.snapshot(),
      volumes: [...this.assumedVolumes],
      records: this.records.snapshot(),
      nextStart,
      life,
      running,
      ...(this.stopped && { stopped: true as const }),
      scheduled,
    }
  }

  restore(snapshot: SchedulerSnapshot): void {
    this.queue.restore(snapshot.queue)
    this.cache.rebuild(snapshot.assumed)
    this.nominator.restore(snapshot.nominated)
    this.assumedVolumes.clear()
    for (const [volume, assumed] of snapshot.volumes) this.assumedVolumes.set(volume, assumed)
    this.records.restore(snapshot.records)
    this.nextStart = snapshot.nextStart
    this.life = snapshot.life
    this.running = snapshot.running
    this.stopped = snapshot.stopped ?? false
    this.scheduled = snapshot.scheduled
  }

  private task(payload: { cycle?: true; flush?: true; backoff?: ObjectKey; bind?: Binding }): void {
    if (payload.cycle) this.cycle()
    else if (payload.bind) this.bind(payload.bind)
    else if (payload.backoff) this.backoffOver(payload.backoff)
    else this.flush()
  }

  private changed(resource: string, change: Change): void {
    if (resource === 'pods') {
      this.nominator.podChanged(change)
      this.podChanged(change)
    }
    const event = eventOf(resource, change)
    if (!event) return
    const seen = asEvent(event, change)
    const helps = (entry: QueuedPod) => this.helps(entry, event, seen)
    for (const entry of this.queue.moveOn(helps, this.clock.now(), change.revision)) this.follow(entry)
  }

  private helps(entry: QueuedPod, event: ClusterEvent, change: Change): boolean {
    const pod = this.client.get('pods', entry.key)
    const profile = pod && this.profileOf(pod)
    return profile !== undefined && mayHelp(entry, event, change, profile.plugins, this.handle)
  }

  private podChanged(change: Change): void {
    const { type, key, object, revision } = change
    if (type === 'DELETED' || object.spec.nodeName || isFinished(object) || object.metadata.deletionTimestamp) {
      this.queue.remove(key)
      return
    }
    const queued = this.queue.get(key)
    if (queued && queued.state !== 'gated' && queued.uid === object.metadata.uid) {
      if (queued.state === 'unschedulable' && isOwnChange(change) && this.helps(queued, 'pods/MODIFIED', change))
        this.follow(this.queue.activate(queued, this.clock.now(), revision))
      return
    }
    if (!this.cache.isAssumed(key)) this.enqueue(object, revision)
  }

  /** Undefined: another scheduler's business. */
  private profileOf(pod: KubeObject): Profile | undefined {
    return this.profiles.get(pod.spec.schedulerName ?? 'default-scheduler')
  }

  private enqueue(pod: KubeObject, cause: number): void {
    if (this.stopped || pod.spec.nodeName || isFinished(pod) || pod.metadata.deletionTimestamp) return
    const profile = this.profileOf(pod)
    if (!profile) return
    const held = profile.plugins.find((plugin) => plugin.preEnqueue?.(pod))
    const entry = {
      key: keyOf(pod),
      uid: pod.metadata.uid,
      priority: pod.spec.priority ?? 0,
      at: this.clock.now(),
      attempts: 0,
      backoffUntil: 0,
      cause,
    }
    if (held) {
      this.queue.put({ ...entry, state: 'gated', plugins: [held.name] })
      return
    }
    this.queue.put({ ...entry, state: 'active', plugins: [] })
    this.wake()
  }

  /** Does what an entry's new state asks for. */
  private follow(entry: QueuedPod): void {
    if (entry.state === 'active' || !entry.afterError) this.wake()
    else this.clock.schedule(actor, entry.backoffUntil - this.clock.now(), { backoff: entry.key })
  }

  private backoffOver(key: ObjectKey): void {
    const entry = this.queue.get(key)
    if (entry?.state === 'backoff' && entry.backoffUntil <= this.clock.now())
      this.follow(this.queue.activate(entry, this.clock.now(), entry.cause))
  }

  private flush(): void {
    const now = this.clock.now()
    for (const entry of this.queue.list()) {
      if (entry.state === 'unschedulable' && now - entry.at > longestUnschedulableMs)
        this.follow(this.queue.activate(entry, now, entry.cause))
    }
    this.clock.schedule(actor, flushPeriodMs, { flush: true }, { background: true })
  }

  private wake(): void {
    if (this.running) return
    this.running = true
    this.clock.schedule(actor, this.latencies.schedule, { cycle: true })
  }

  private cycle(): void {
    this.running = false
    const entry = this.queue.pop()
    if (!entry) return
    this.clock.cause = entry.cause
    const pod = this.client.get('pods', entry.key)
    if (pod && pod.metadata.uid === entry.uid && !pod.spec.nodeName && !pod.metadata.deletionTimestamp)
      this.schedule(pod, entry)
    if (this.queue.hasReady()) this.wake()
  }

  private schedule(pod: KubeObject, entry: QueuedPod): void {
    const attempts = entry.attempts + 1
    const profile = this.profileOf(pod)
    if (!profile) return
    const promised = this.nominator.nodeOf(entry.key)
    const { plugins, percentageOfNodesToScore } = profile
    const result = runCycle(plugins, podInfoOf(pod), this.handle, this.nextStart, promised, percentageOfNodesToScore)
    this.nextStart = result.nextStart
    if (result.feasible.length === 0) return this.failed(pod, entry, attempts, result)
    const chosen = oneOfTheBest(result.scores.totals, this.api.random)
    const node = result.feasible[chosen]!.name
    const score = result.scores.totals[chosen]!
    const at = this.clock.now()
    this.records.add(entry.key, () => successRecord(pod, at, attempts, chosen, result))
    this.cache.assume(pod, node)
    this.nominator.set(entry.key, entry.uid, undefined)
    const binding: Binding = {
      key: entry.key,
      uid: entry.uid,
      node,
      score,
      attempts,
      until: this.clock.now() + profile.bindTimeoutMs,
      life: this.life,
    }
    const info = podInfoOf(pod)
    const reserved = reserve(plugins, info, result.feasible[chosen]!, this.handle, at)
    if ('message' in reserved) {
      this.release(entry.key, pod)
      return this.notBound(pod, binding, reserved)
    }
    this.clock.schedule(actor, this.latencies.bind, { bind: { ...binding, ...reserved } })
  }

  private failed(pod: KubeObject, entry: QueuedPod, attempts: number, result: CycleResult): void {
    const nodes = this.cache.nodes().length
    const failure = { pod: podInfoOf(pod), ...result, now: this.clock.wall() }
    const rescue = nodes > 0 ? runPostFilters(this.profileOf(pod)!.postFilters, failure, this.handle) : undefined
    const message = [failureMessage(result, nodes), rescue?.message].filter(Boolean).join(' ')
    const now = this.clock.now()
    const { refusedBy, restricted } = result.filtering
    const plugins = refusedBy
      ? [refusedBy.plugin]
      : [...new Set([...(restricted?.plugins ?? []), ...result.rejected.map(({ plugin }) => plugin)])]
    const wokenBy = eventsOf(this.profileOf(pod)!.plugins, plugins)
    this.records.add(entry.key, () => failureRecord(pod, now, attempts, message, result, wokenBy, rescue))
    this.queue.put({
      ...entry,
      state: 'unschedulable',
      at: now,
      attempts,
      backoffUntil: now + this.queue.backoffMs(attempts),
      plugins,
    })
    let nominated = rescue?.clearsNomination ? '' : undefined
    if (rescue?.nominate) {
      nominated = rescue.nominate.node
      this.nominator.giveUpFor(pod, nominated)
      evictVictims(this.client, pod, rescue.nominate)
    }
    if (nominated !== undefined) this.nominator.set(entry.key, entry.uid, nominated)
    this.client.events.warning(pod, 'FailedScheduling', message, undefined, 'Scheduling')
    writeNotScheduled(this.client, pod, 'Unschedulable', message, nominated)
  }

  private bind(binding: Binding): void {
    const { key, uid, node, score, attempts, life } = binding
    if (life !== this.life) return
    const pod = this.client.live('pods', key)
    if (!pod || pod.metadata.uid !== uid || pod.metadata.deletionTimestamp) return this.release(key, pod)
    const plugins = this.profileOf(pod)?.plugins
    if (!plugins) return this.release(key, pod)
    const result = bind(binding, pod, plugins, this.cache.node(node), this.handle, this.clock.now())
    if (result === 'bound') {
      this.scheduled++
      const bound = this.client.live('pods', key)!
      this.api.causes.annotate(Number(bound.metadata.resourceVersion), { node, score, attempts })
      this.client.events.normal(pod, 'Scheduled', `Successfully assigned ${key} to ${node}`, undefined, 'Binding')
      unreserve(plugins, pod, this.handle)
    } else if ('wait' in result) {
      this.clock.schedule(actor, bindingPollMs, { bind: { ...result.wait } })
    } else {
      this.release(key, pod)
      this.notBound(pod, binding, result)
    }
  }

  /** Gives back what a pod was to have. */
  private release(key: ObjectKey, pod: KubeObject | undefined): void {
    this.cache.forget(key)
    if (pod) unreserve(this.profileOf(pod)?.plugins ?? [], pod, this.handle)
    else
      for (const [volume, assumed] of this.assumedVolumes) if (assumed.pod === key) this.assumedVolumes.delete(volume)
  }

  /** A pod that had its node did not get it: it waits for a change when it was refused, and else tries again. */
  private notBound(pod: KubeObject, { key, attempts }: Binding, { plugin, message, refused }: BindingFailure): void {
    const now = this.clock.now()
    const entry = {
      key,
      uid: pod.metadata.uid,
      priority: pod.spec.priority ?? 0,
      at: now,
      attempts,
      backoffUntil: now + this.queue.backoffMs(attempts),
      state: refused ? ('unschedulable' as const) : ('backoff' as const),
      ...(!refused && { afterError: true }),
      plugins: refused && plugin ? [plugin] : [],
      cause: this.clock.cause,
    }
    this.queue.put(entry)
    if (!refused) this.follow({ ...entry, sequence: 0 })
    this.client.events.warning(pod, 'FailedScheduling', message, undefined, 'Scheduling')
    writeNotScheduled(this.client, pod, refused ? 'Unschedulable' : 'SchedulerError', message)
  }
}
