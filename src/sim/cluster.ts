import { restoredRandom, seededRandom, type Random } from '../lib/random.ts'
import { parseTime } from '../lib/time.ts'
import { metricsKinds } from '../kinds/metrics/kinds.ts'
import { keyOf } from '../machinery/objects.ts'
import type { StaticToken } from './apiserver/authentication.ts'
import { ApiServer } from './apiserver/server.ts'
import { Watches } from './apiserver/watches.ts'
import { bootstrap, createStorageClasses } from './bootstrap.ts'
import { Client } from './client/client.ts'
import { Informers } from './client/informers.ts'
import { Clock } from './clock/clock.ts'
import type { Images } from './containers/images/image.ts'
import type { Programs } from './containers/kernel/start.ts'
import { clusterSoftware } from './containers/software.ts'
import { Controller } from './controller-runtime/controller.ts'
import { GarbageCollector } from './controllers/garbage-collector/controller.ts'
import { nodeLifecycleDefaults, type NodeLifecycleOptions } from './controllers/node-lifecycle/controller.ts'
import { controllerDefinitions } from './controllers/registry.ts'
import { Etcd, type StoreEvent } from './etcd/etcd.ts'
import { latencies as defaultLatencies, type Latencies } from './latencies.ts'
import { PodSessions } from './machines/pod-sessions.ts'
import { machineLogs } from './machines/pod-logs.ts'
import { machineMetrics } from './machines/resource-metrics.ts'
import { Machines, type NewMachine } from './machines/machines.ts'
import { Network } from './network/network.ts'
import type { SchedulerConfiguration } from './scheduler/configuration/types.ts'
import { Scheduler } from './scheduler/scheduler.ts'
import { changesSince, differences, isVisible, type ViewChanges } from './cluster-view.ts'
import { snapshotFormat, type ClusterSnapshot } from './snapshot.ts'

export interface ClusterOptions {
  readonly seed: number
  /** Hosts that are there from the start, their kubelets about to come up. */
  readonly machines: readonly NewMachine[]
  /** Milliseconds since the Unix epoch at virtual time 0. */
  readonly epoch: number
  readonly latencies: Latencies
  readonly nodeLifecycle: NodeLifecycleOptions
  readonly defaultStorageClass: boolean
  /** Do Services of type LoadBalancer get an address, as where a cloud stands behind a cluster? */
  readonly loadBalancers: boolean
  /** Do kube-controller-manager's loops run? */
  readonly controllerManager: boolean
  /** Bearer tokens that the API server knows from the start, and whose they are. */
  readonly tokens: readonly StaticToken[]
  /** Is there a metrics server, fed by the machines? */
  readonly metrics: boolean
  /** How often autoscalers look at their targets. Upstream: --horizontal-pod-autoscaler-sync-period. */
  readonly autoscalerSyncMs: number
  /** How pods are scheduled; what kube-scheduler does by default when it is not said. */
  readonly scheduler?: SchedulerConfiguration
}

export const clusterDefaults: ClusterOptions = {
  seed: 1,
  machines: [],
  epoch: parseTime('2026-01-01T00:00:00Z'),
  latencies: defaultLatencies,
  nodeLifecycle: nodeLifecycleDefaults,
  defaultStorageClass: true,
  loadBalancers: true,
  controllerManager: true,
  tokens: [],
  metrics: false,
  autoscalerSyncMs: 15_000,
}

/** What of the control plane runs in a process of its own, beside the API server. */
export type ControlPlanePart = 'scheduler' | 'controllerManager'

/** What containers are made of. It is code, not state: a restored cluster is given it again. */
export interface Software {
  readonly images: Images
  readonly programs: Programs
}

/** Housekeeping of the store: what is older than this is compacted. Upstream: --etcd-compaction-interval. */
const compactionMs = 300_000
/** Upstream: --event-ttl. */
const eventTtlMs = 3_600_000
/** Kubelets do not all start in the same millisecond. */
const bootSpreadMs = 40

/** A whole cluster: virtual time, the control plane, the machines. Synchronous, deterministic, and its state is a value. */
export class Cluster {
  readonly options: ClusterOptions
  readonly clock: Clock
  readonly api: ApiServer
  readonly machines: Machines
  readonly network: Network
  /** exec, attach and port-forward. */
  readonly sessions: PodSessions
  readonly scheduler: Scheduler
  readonly controllers: readonly Controller[]
  readonly garbageCollector: GarbageCollector
  private readonly etcd: Etcd
  private readonly watches: Watches
  private readonly random: Random
  /** A view's flag, no part of the state. */
  private sawVisible = false

  constructor(options: ClusterOptions, snapshot?: ClusterSnapshot, software: Software = clusterSoftware) {
    this.options = options
    const { latencies } = options
    this.clock = new Clock(options.epoch)
    this.random = snapshot ? restoredRandom(snapshot.random) : seededRandom(options.seed)
    this.etcd = new Etcd()
    this.watches = new Watches(this.etcd, this.clock, latencies.watch)
    // The store and the cursors come first: what is built on them finds them where they were.
    if (snapshot) {
      this.clock.restore(snapshot.clock)
      this.etcd.restore(snapshot.etcd, keyOf)
      this.watches.restore(snapshot.watches)
    }
    const core = { clock: this.clock, etcd: this.etcd, watches: this.watches, random: this.random }
    this.api = new ApiServer({ ...core, tokens: options.tokens ?? [] }, snapshot?.apiserver)
    if (!snapshot) {
      bootstrap(this.api)
      if (options.defaultStorageClass) createStorageClasses(this.api)
    }
    const parts = { clock: this.clock, api: this.api, latencies }
    const manager = { ...parts, informers: new Informers('kube-controller-manager', core) }
    const hasMachine = (name: string) => this.machines.get(name) !== undefined
    const loops = options.controllerManager ? controllerDefinitions(options, hasMachine) : []
    this.controllers = loops.map((definition) => new Controller(definition, manager))
    this.garbageCollector = new GarbageCollector(manager)
    this.scheduler = new Scheduler({
      ...parts,
      informers: new Informers('kube-scheduler', core),
      configuration: options.scheduler,
    })
    const nodes = new Informers('node', core)
    const proxy = new Client({ api: this.api, informers: nodes, component: 'kube-proxy' })
    const below = (bound: number) => this.random.below(bound)
    this.network = new Network(
      { clock: this.clock, client: proxy, latencyMs: latencies.network, below },
      snapshot?.network,
    )
    const kubelets = { ...parts, ...software, informers: nodes, network: this.network }
    this.machines = new Machines(kubelets, snapshot?.machines)
    this.api.podLogs = machineLogs(this.api, this.machines)
    this.sessions = new PodSessions({ api: this.api, network: this.network, machines: this.machines })
    if (options.metrics) {
      this.api.kinds.add(metricsKinds)
      this.api.metrics = machineMetrics(this.machines, this.clock)
    }
    this.clock.register('housekeeping', () => this.housekeeping())
    const notify = this.etcd.onEvent
    this.etcd.onEvent = (resource, event) => {
      this.garbageCollector.noticeResource(resource)
      notify(resource, event)
      if (!this.sawVisible && isVisible(resource, event)) this.sawVisible = true
    }
    if (snapshot) this.restoreComponents(snapshot)
    else this.start()
  }

  /** Virtual milliseconds since the start. */
  now(): number {
    return this.clock.now()
  }

  /** Runs everything that is due within `ms` of virtual time. */
  runFor(ms: number): void {
    this.clock.runFor(ms)
  }

  /** A part of the control plane ends, or starts again with nothing in mind but what the API server tells it. */
  setPart(part: ControlPlanePart, running: boolean): void {
    if (running !== this.stoppedParts().includes(part)) return
    const loops = part === 'scheduler' ? [this.scheduler] : [...this.controllers, this.garbageCollector]
    for (const loop of loops) {
      if (running) loop.restart()
      else loop.stop()
    }
  }

  /** Parts of the control plane that somebody has ended. */
  stoppedParts(): ControlPlanePart[] {
    const parts: ControlPlanePart[] = []
    if (this.scheduler.isStopped) parts.push('scheduler')
    if (this.garbageCollector.isStopped) parts.push('controllerManager')
    return parts
  }

  /** Changes after a revision, up to another or to now, for whoever looks on. */
  changesSince(revision: number, upTo?: number): ViewChanges {
    return changesSince(this.etcd, revision, upTo)
  }

  /** What makes this state another than that of a cluster that somebody looked at before. */
  differencesFrom(other: Cluster): ViewChanges {
    return differences(other.etcd, this.etcd)
  }

  /** Calls back with each change of the store, as it is written. A listener must not write. */
  onEvent(listener: (resource: string, event: StoreEvent) => void): void {
    const notify = this.etcd.onEvent
    this.etcd.onEvent = (resource, event) => {
      notify(resource, event)
      listener(resource, event)
    }
  }

  /** Runs until something changes that somebody who looks on would see, or until a virtual time; tells which it was. */
  runToNextChange(until: number): boolean {
    for (;;) {
      if (!this.clock.step(until)) return false
      if (!this.sawVisible) continue
      this.sawVisible = false
      // What happens in the same millisecond belongs to it.
      this.clock.runUntil(this.clock.now())
      this.sawVisible = false
      return true
    }
  }

  snapshot(): ClusterSnapshot {
    return {
      format: snapshotFormat,
      options: this.options,
      clock: this.clock.snapshot(),
      random: this.random.state(),
      etcd: this.etcd.snapshot(),
      watches: this.watches.snapshot(),
      apiserver: this.api.snapshot(),
      controllers: this.controllers.map((controller) => ({ name: controller.name, state: controller.snapshot() })),
      garbageCollector: this.garbageCollector.snapshot(),
      scheduler: this.scheduler.snapshot(),
      machines: this.machines.snapshot(),
      network: this.network.snapshot(),
    }
  }

  /** Continues exactly where the snapshot was taken. */
  static restore(snapshot: ClusterSnapshot, software?: Software): Cluster {
    return new Cluster(snapshot.options as ClusterOptions, snapshot, software)
  }

  private start(): void {
    for (const controller of this.controllers) controller.start()
    if (this.options.controllerManager) this.garbageCollector.start()
    this.scheduler.start()
    this.options.machines.forEach((machine, index) => this.machines.add(machine, 20 + (index % 25) * bootSpreadMs))
    this.clock.schedule('housekeeping', compactionMs, {}, { background: true })
  }

  private restoreComponents(snapshot: ClusterSnapshot): void {
    for (const { name, state } of snapshot.controllers)
      this.controllers.find((one) => one.name === name)?.restore(state)
    this.garbageCollector.restore(snapshot.garbageCollector)
    this.scheduler.restore(snapshot.scheduler)
  }

  private housekeeping(): void {
    const now = this.clock.now()
    this.etcd.compact(now - compactionMs, (resource) => this.watches.slowest(resource))
    const expired = this.clock.wall() - eventTtlMs
    for (const { object } of [...this.etcd.entries('events').values()]) {
      if (parseTime((object as any).lastTimestamp ?? object.metadata.creationTimestamp) < expired)
        this.api.delete('events', keyOf(object))
    }
    this.clock.schedule('housekeeping', compactionMs, {}, { background: true })
  }
}

/** A new cluster with the defaults for what is not said. */
export function createCluster(options: Partial<ClusterOptions> = {}, software?: Software): Cluster {
  return new Cluster({ ...clusterDefaults, ...options }, undefined, software)
}
