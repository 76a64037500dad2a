import { deepEqual } from '../../lib/deep-equal.ts'
import { isFinished } from '../../kinds/pod/conditions.ts'
import { rfc3339Micro } from '../../lib/time.ts'
import { StatusError } from '../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Watch } from '../apiserver/watches.ts'
import { isNotFound } from '../client/client.ts'
import { usageOf } from '../containers/usage.ts'
import type { ContainerUsage } from '../metrics.ts'
import { addressOf } from '../machines/machine.ts'
import { reportVolumes } from './attached-volumes.ts'
import type { KubeletEnvironment, PodStep } from './environment.ts'
import { imagesOf, nodeConditions, nodeObject, nodeStatus } from './node-object.ts'
import { PodRunner } from './pod-runner.ts'
import { podStatus, terminationOf } from './pod-status.ts'
import { newKubeletState, type ContainerState, type KubeletState, type PodState } from './state.ts'

const leases = 'leases.coordination.k8s.io'
/** Upstream: nodeLeaseDurationSeconds 40, renewed every quarter of it. */
const leaseSeconds = 40
const leasePeriodMs = 10_000
/** Upstream: nodeStatusReportFrequency, when nothing changed. */
const statusPeriodMs = 300_000
const ready = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' } as const
const starting = {
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
} as const

/** The agent on one machine: keeps its Node and its lease, and makes the machine's pods be what the API says. */
export class Kubelet {
  readonly name: string
  state: KubeletState
  private readonly environment: KubeletEnvironment
  private readonly runner: PodRunner
  private readonly watch: Watch
  private readonly byUid = new Map<string, PodState>()

  constructor(
    name: string,
    parts: Omit<KubeletEnvironment, 'name' | 'actor' | 'state' | 'report' | 'reportVolumes' | 'find'>,
    openWatch: (actor: string) => Watch,
    snapshot?: KubeletState,
  ) {
    this.name = name
    this.state = snapshot ?? newKubeletState()
    for (const pod of this.state.pods) this.byUid.set(pod.uid, pod)
    const self = this
    this.environment = {
      ...parts,
      name,
      actor: `kubelet/${name}`,
      get state() {
        return self.state
      },
      report: (pod) => this.report(pod),
      reportVolumes: () => reportVolumes(this.environment),
      find: (uid) => this.byUid.get(uid),
    }
    this.environment.client.events.host = name
    this.environment.client.events.component = 'kubelet'
    this.runner = new PodRunner(this.environment, (pod) => this.finished(pod))
    this.watch = openWatch(this.environment.actor)
  }

  /** The machine got power: the kubelet comes up after `delayMs` and takes up what the API has for it. */
  boot(delayMs: number): void {
    this.state.boots++
    this.schedule(delayMs, { up: true })
  }

  /** The power went: everything on the machine is gone, but for its disk. */
  powerOff(): void {
    this.environment.api.watches.setCut(this.watch, true)
    this.state.pods = []
    this.state.pulls = []
    this.byUid.clear()
  }

  /** The network cable went out or in. */
  setLine(plugged: boolean): void {
    this.environment.api.watches.setCut(this.watch, !plugged)
    if (!plugged || !this.environment.machine().powered) return
    this.renewLease()
    this.reportNode(true)
    // What the node's controller said of its pods meanwhile is not so any more.
    for (const pod of [...this.state.pods]) this.report(pod)
    this.relist()
    reportVolumes(this.environment)
  }

  task(payload: any): void {
    const { environment } = this
    if (!environment.machine().powered) return
    if (payload.watch !== undefined) return this.deliver()
    // A task of the time before the power went.
    if (payload.boot !== this.state.boots) return
    if (payload.up) return this.up()
    if (payload.lease) return this.leaseDue()
    if (payload.status) return this.statusDue()
    if (payload.netReady) return this.reportNode(true)
    if (payload.pulled !== undefined) return this.runner.pulled(payload.pulled)
    const pod = this.byUid.get(payload.pod)
    if (pod) this.runner.step(pod, payload as PodStep)
  }

  /** Lines that a container has written so far, with their virtual times. */
  logs(podKey: string, containerName: string | undefined): { at: number; text: string }[] {
    const pod = this.state.pods.find((one) => one.key === podKey)
    const container = pod?.containers.find((one) => one.name === (containerName ?? pod.pod.spec.containers[0].name))
    if (!container?.behaviour) return []
    const now = this.environment.clock.now()
    return container.behaviour.log
      .map(({ atMs, text }) => ({ at: container.startedMs + atMs, text }))
      .filter(({ at }) => at <= now)
  }

  /** What the machine's containers use now. */
  usage(): { milliCPU: number; memoryBytes: number } {
    let milliCPU = 0
    let memoryBytes = 0
    for (const { containers } of this.podUsages()) {
      for (const one of containers) {
        milliCPU += one.milliCPU
        memoryBytes += one.memoryBytes
      }
    }
    return { milliCPU, memoryBytes }
  }

  /** The same, told by pods and containers, of the pods that are asked for. */
  podUsages(
    asked: (pod: KubeObject) => boolean = () => true,
  ): { pod: KubeObject; containers: (ContainerUsage & { readonly startedMs: number })[] }[] {
    const found = this.state.pods.filter(({ pod }) => asked(pod))
    return found.map(({ pod, containers }) => {
      const running = containers.filter(({ state, behaviour }) => state === 'running' && behaviour)
      return {
        pod,
        containers: running.map(({ name, behaviour, startedMs }) => ({
          name,
          startedMs,
          ...usageOf(pod, name, behaviour!, running.length),
        })),
      }
    })
  }

  close(): void {
    this.environment.api.watches.close(this.watch.id)
  }

  private up(): void {
    const first = !this.state.registered
    this.state.registered = true
    if (this.environment.online()) {
      this.environment.api.watches.setCut(this.watch, false)
      this.register()
      this.relist()
      reportVolumes(this.environment)
    }
    this.schedule(leasePeriodMs, { lease: true }, true)
    this.schedule(statusPeriodMs, { status: true }, true)
    this.schedule(first ? 600 : 200, { netReady: true })
  }

  private register(): void {
    const { client } = this.environment
    if (!client.live('nodes', this.name)) client.create('nodes', nodeObject(this.environment.machine()))
    this.reportNode(false)
    this.renewLease()
    client.events.normal(this.nodeReference(), 'Starting', 'Starting kubelet.')
  }

  private leaseDue(): void {
    this.schedule(leasePeriodMs, { lease: true }, true)
    if (this.environment.online()) this.renewLease()
  }

  private statusDue(): void {
    this.schedule(statusPeriodMs, { status: true }, true)
    if (this.environment.online()) this.reportNode(true)
  }

  private renewLease(): void {
    const { client, clock } = this.environment
    const key = `kube-node-lease/${this.name}`
    const renewTime = rfc3339Micro(clock.wall())
    const lease = client.live(leases, key)
    if (lease) {
      client.update(leases, { ...lease, spec: { ...lease.spec, renewTime } })
      return
    }
    const node = client.live('nodes', this.name)
    if (!node) return
    const owner = { apiVersion: 'v1', kind: 'Node', name: this.name, uid: node.metadata.uid }
    const spec = { holderIdentity: this.name, leaseDurationSeconds: leaseSeconds, renewTime }
    client.create(
      leases,
      { metadata: { name: this.name, namespace: 'kube-node-lease', ownerReferences: [owner] }, spec },
      'kube-node-lease',
    )
  }

  private reportNode(isReady: boolean): void {
    const { client, machine } = this.environment
    if (!this.environment.online()) return
    const node = client.live('nodes', this.name)
    if (!node) return
    const conditions = nodeConditions(isReady ? ready : starting, client.timestamp(), node.status?.conditions)
    const status = { ...node.status, ...nodeStatus(machine()), conditions }
    const wasReady = node.status?.conditions?.find((one: any) => one.type === 'Ready')?.status === 'True'
    client.updateStatus('nodes', { ...node, status })
    if (isReady && !wasReady)
      client.events.normal(this.nodeReference(), 'NodeReady', `Node ${this.name} status is now: NodeReady`)
  }

  /** A node's own list of images changed. */
  reportImages(): void {
    const { client, machine } = this.environment
    const node = this.environment.online() ? client.live('nodes', this.name) : undefined
    if (!node) return
    const images = imagesOf(machine())
    if (!deepEqual(images, node.status?.images))
      client.updateStatus('nodes', { ...node, status: { ...node.status, images } })
  }

  private nodeReference() {
    return { apiVersion: 'v1', kind: 'Node', metadata: { name: this.name, uid: this.name } }
  }

  private deliver(): void {
    const events = this.environment.api.watches.take(this.watch)
    if (!this.environment.online()) return
    if (!events) return this.relist()
    for (const event of events) {
      if (event.type === 'DELETED') this.gone(event.object)
      else this.seen(event.object)
    }
  }

  /** Compares all that runs here with all that should. */
  private relist(): void {
    this.environment.api.watches.take(this.watch)
    const wanted = new Map<string, KubeObject>()
    for (const pod of this.environment.api.list('pods'))
      if (pod.spec.nodeName === this.name) wanted.set(pod.metadata.uid, pod)
    for (const pod of [...this.state.pods]) if (!wanted.has(pod.uid)) this.gone(pod.pod)
    for (const pod of wanted.values()) this.seen(pod)
  }

  private seen(object: KubeObject): void {
    if (object.spec.nodeName !== this.name) return
    const known = this.byUid.get(object.metadata.uid)
    if (!known) return this.admit(object)
    const wasDeleting =
      known.pod.metadata.deletionTimestamp !== undefined && (known.stage === 'stopping' || known.stage === 'done')
    if (known.stage === 'done' && object.metadata.deletionTimestamp) {
      known.pod = object
      return this.finished(known)
    }
    const grace = known.pod.metadata.deletionGracePeriodSeconds
    known.pod = object
    const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata
    if (deletionTimestamp && (!wasDeleting || deletionGracePeriodSeconds !== grace)) {
      if (isFinished(object) && known.stage !== 'stopping') return this.finished(known)
      this.runner.stop(known, deletionGracePeriodSeconds ?? 30)
    }
  }

  private admit(object: KubeObject): void {
    if (isFinished(object)) {
      if (object.metadata.deletionTimestamp) this.confirmDeleted(object)
      return
    }
    const pod: PodState = {
      uid: object.metadata.uid,
      key: keyOf(object),
      pod: object,
      stage: 'mounting',
      startTime: object.status?.startTime ?? this.environment.client.timestamp(),
      sandboxReady: false,
      containers: containersOf(object, this.environment.client.timestamp()),
      retries: 0,
    }
    this.state.pods.push(pod)
    this.byUid.set(pod.uid, pod)
    if (object.metadata.deletionTimestamp) this.runner.stop(pod, 0)
    else this.runner.begin(pod)
  }

  /** The object is gone from the API: whatever runs is killed. */
  private gone(object: KubeObject): void {
    const pod = this.byUid.get(object.metadata.uid)
    if (pod) this.drop(pod)
  }

  private drop(pod: PodState): void {
    this.byUid.delete(pod.uid)
    this.state.pods = this.state.pods.filter((one) => one !== pod)
    if (pod.volumes) reportVolumes(this.environment)
  }

  /** All of a pod has ended and is torn down. */
  private finished(pod: PodState): void {
    pod.stage = 'done'
    if (pod.volumes) reportVolumes(this.environment)
    if (!pod.pod.metadata.deletionTimestamp) return
    this.report(pod)
    if (!this.environment.online()) return
    this.drop(pod)
    this.confirmDeleted(pod.pod)
  }

  private confirmDeleted({ metadata }: KubeObject): void {
    try {
      this.environment.client.delete('pods', `${metadata.namespace}/${metadata.name}`, {
        gracePeriodSeconds: 0,
        preconditions: { uid: metadata.uid },
      })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
    }
  }

  /** Writes a pod's status if it is news. Offline, it waits until the line is back. */
  private report(pod: PodState): void {
    const { client } = this.environment
    if (!this.environment.online()) return
    const live = client.live('pods', pod.key)
    if (!live || live.metadata.uid !== pod.uid) return
    const status = podStatus(pod, live.status, client.timestamp(), addressOf(this.environment.machine()))
    if (deepEqual(status, live.status)) return
    try {
      client.updateStatus('pods', { ...live, status })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    if (pod.stage === 'done' && live.metadata.deletionTimestamp && !this.byUid.has(pod.uid)) this.confirmDeleted(live)
  }

  private schedule(delayMs: number, payload: Record<string, boolean>, background = false): void {
    this.environment.clock.schedule(
      this.environment.actor,
      delayMs,
      { ...payload, boot: this.state.boots },
      { background },
    )
  }
}

/** A pod's containers before anything ran; after a power cut they carry on counting from what the API remembers. */
function containersOf(pod: KubeObject, now: string): ContainerState[] {
  const init: readonly any[] = pod.spec.initContainers ?? []
  const make = (spec: any, kind: ContainerState['kind'], statuses: readonly any[] | undefined): ContainerState => {
    const before = statuses?.find((one) => one.name === spec.name)
    const ran = before?.containerID !== undefined
    const container: ContainerState = {
      name: spec.name,
      kind,
      state: 'waiting',
      reason: init.length > 0 ? 'PodInitializing' : 'ContainerCreating',
      restartCount: ran ? before.restartCount + 1 : 0,
      run: 0,
      startedMs: 0,
      started: false,
      ready: false,
      backoffMs: 0,
      stopping: false,
      retryPending: false,
      probes: {},
    }
    if (ran && before.state?.running) {
      container.last = {
        ...terminationOf(container, 255, 'Unknown', now),
        startedAt: before.state.running.startedAt,
        containerID: before.containerID,
      }
    }
    return container
  }
  return [
    ...init.map((spec) =>
      make(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init', pod.status?.initContainerStatuses),
    ),
    ...pod.spec.containers.map((spec: any) => make(spec, 'main', pod.status?.containerStatuses)),
  ]
}
