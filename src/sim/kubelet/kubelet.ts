import { deepEqual } from '../../lib/deep-equal.ts'
import { isFinished } from '../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Watch } from '../apiserver/watches.ts'
import { isNotFound } from '../client/client.ts'
import type { End, NetworkEvent, Place } from '../network/types.ts'
import { releaseAddresses, releaseAddressesOf } from './addresses.ts'
import { refusalOf, reject } from './admission.ts'
import { reportVolumes } from './attached-volumes.ts'
import { called } from './calls.ts'
import { imagePulled } from './container-starter.ts'
import { Containers } from './containers.ts'
import type { KubeletEnvironment, KubeletParts, PodStep } from './environment.ts'
import { diskChanged, diskDue } from './disk-pressure.ts'
import { memoryDue } from './eviction.ts'
import { KubeletFaults } from './faults.ts'
import { finishPull } from './image-puller.ts'
import { locate } from './locate.ts'
import type { LogLine } from './logs.ts'
import { addEphemeral, memoryLimitOf, newPodState } from './new-pods.ts'
import { leaseDelay, register, renewLease, reportImages, reportNode } from './node-reporter.ts'
import { shownState } from './pod-phase.ts'
import { podStatus } from './pod-status.ts'
import { podUsages, usageOfAll, type PodUsage } from './pod-usage.ts'
import { ended, terminate } from './pod-terminator.ts'
import { PodWorkers } from './pod-workers.ts'
import { isMirror, isStatic, mirrorOf, removeFromApi, staticPods } from './static-pods.ts'
import { containerNamed, cutPower, graceOf, newKubeletState, type KubeletState, type PodState } from './state.ts'

/** Upstream: nodeStatusReportFrequency, when nothing changed. */
const statusPeriodMs = 300_000
/** From a cable's being plugged in until the API answers. */
const reconnectMs = 300
/** The agent on one machine: keeps its Node and its lease, and makes the machine's pods be what the API says. */
export class Kubelet {
  readonly name: string
  state: KubeletState
  private readonly environment: KubeletEnvironment
  private readonly workers: PodWorkers
  private readonly containers: Containers
  private readonly watch: Watch
  private readonly byUid = new Map<string, PodState>()

  constructor(name: string, parts: KubeletParts, openWatch: (actor: string) => Watch, snapshot?: KubeletState) {
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
      finished: (pod) => this.finished(pod),
      find: (uid) => this.byUid.get(uid),
      memoryLimitOf,
      reportNode: () => reportNode(this.environment, true),
      get containers() {
        return self.containers
      },
      get workers() {
        return self.workers
      },
    }
    this.containers = new Containers(this.environment)
    this.workers = new PodWorkers(this.environment)
    this.environment.client.events.host = name
    this.environment.client.events.component = 'kubelet'
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
    cutPower(this.state)
    this.containers.forget()
    this.byUid.clear()
  }

  /** What somebody's hand does to the machine or to a container. */
  get faults(): KubeletFaults {
    return new KubeletFaults(this.environment)
  }

  /** The network cable went out or in. */
  setLine(plugged: boolean): void {
    this.environment.api.watches.setCut(this.watch, !plugged)
    if (plugged && this.environment.machine().powered) this.schedule(reconnectMs, { line: true })
  }

  /** The line is back: everything is told again. */
  private reconnected(): void {
    if (!this.environment.online()) return
    renewLease(this.environment)
    reportNode(this.environment, true)
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
    if (payload.line) return this.reconnected()
    if (payload.netReady) return reportNode(this.environment, true)
    if (payload.memory) return memoryDue(this.environment)
    if (payload.disk) return diskDue(this.environment)
    if (payload.relist) return this.workers.relist()
    if (payload.pulled !== undefined)
      return finishPull(this.environment, payload.pulled, (pod, container, outcome) =>
        imagePulled(this.environment, pod, container, outcome),
      )
    const pod = this.byUid.get(payload.pod)
    if (pod && payload.step === 'forget') return this.forget(pod)
    if (pod) this.workers.step(pod, payload as PodStep)
  }

  /** What a container, or the one before it, has written. */
  containerLog(podKey: string, name: string, previous: boolean): readonly LogLine[] | string | undefined {
    const pod = this.state.pods.find((one) => one.key === podKey)
    const container = pod && containerNamed(pod, name)
    if (!pod || !container) return undefined
    // One that waits for its next start is both: its own log, and that of the one before.
    if (!previous || shownState(pod, container) === 'waiting') return this.containers.log(container)
    const id = container.last?.containerID ?? container.containerID
    return container.previousLog?.lines ?? `unable to retrieve container logs for ${id}`
  }

  /** A container, for whoever talks to it: exec, attach and port-forward. */
  container(podKey: string, name: string) {
    const pod = this.state.pods.find((one) => one.key === podKey)
    const container = pod && containerNamed(pod, name)
    return pod && container && { pod, container, containers: this.containers }
  }

  /** A pod whose network is there. */
  sandbox(podKey: string): PodState | undefined {
    return this.state.pods.find((one) => one.key === podKey && one.sandbox === 'ready')
  }

  /** What the machine's containers use now. */
  usage(): { milliCPU: number; memoryBytes: number } {
    return usageOfAll(this.environment)
  }

  /** The same, told by pods and containers, of the pods that are asked for. */
  podUsages(asked?: (pod: KubeObject) => boolean): PodUsage[] {
    return podUsages(this.environment, asked)
  }

  /** Who listens at a port of one of the machine's addresses. */
  locate(address: string, port: number): Place {
    return locate(this.environment, address, port)
  }

  /** Something that the network brings; false when it is for nobody. */
  tell(end: Exclude<End, { kind: 'client' }>, event: NetworkEvent): boolean {
    if (end.kind === 'kubelet') return called(this.environment, end.probe, event)
    const pod = this.byUid.get(end.pod)
    const container = pod && containerNamed(pod, end.container)
    return container?.state === 'running' && container.run === end.run
      ? this.containers.tell(pod!, container, event)
      : false
  }

  close(): void {
    this.environment.api.watches.close(this.watch.id)
  }

  private up(): void {
    const first = !this.state.registered
    this.state.registered = true
    if (this.environment.online()) {
      this.environment.api.watches.setCut(this.watch, false)
      register(this.environment)
      this.relist()
      reportVolumes(this.environment)
    }
    this.syncStaticPods()
    this.schedule(leaseDelay(this.environment), { lease: true }, true)
    this.schedule(statusPeriodMs, { status: true }, true)
    this.schedule(first ? 600 : 200, { netReady: true })
    diskChanged(this.environment)
  }

  private leaseDue(): void {
    this.schedule(leaseDelay(this.environment), { lease: true }, true)
    if (this.environment.online()) renewLease(this.environment)
  }

  private statusDue(): void {
    this.schedule(statusPeriodMs, { status: true }, true)
    if (this.environment.online()) reportNode(this.environment, true)
  }

  /** A node's own list of images changed. */
  reportImages(): void {
    reportImages(this.environment)
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
    for (const pod of [...this.state.pods]) if (!wanted.has(pod.uid) && !isStatic(pod)) this.gone(pod.pod)
    for (const pod of wanted.values()) this.seen(pod)
    releaseAddresses(this.environment, (uid) => wanted.has(uid) || this.byUid.has(uid))
  }

  /** Makes what runs here be what the files on the machine's disk say. */
  syncStaticPods(): void {
    const wanted = staticPods(this.environment)
    const { client, clock } = this.environment
    for (const pod of [...this.state.pods]) {
      if (!isStatic(pod) || pod.removed || wanted.some(({ metadata }) => metadata.uid === pod.uid)) continue
      pod.removed = true
      terminate(this.environment, pod, graceOf(pod))
    }
    for (const object of wanted) {
      // The one before it with this name must be over first.
      if (this.staticPod(keyOf(object))) continue
      const pod = newPodState(object, client.timestamp(), clock.epoch)
      this.state.pods.push(pod)
      this.byUid.set(pod.uid, pod)
      this.workers.begin(pod)
    }
  }

  private staticPod(key: string): PodState | undefined {
    return this.state.pods.find((one) => one.key === key && isStatic(one))
  }

  /** The mirror of a static pod has changed: nobody but the kubelet may end it. */
  private mirrored(mirror: KubeObject): void {
    const pod = this.staticPod(keyOf(mirror))
    if (!pod || pod.stage === 'terminated' || mirror.metadata.deletionTimestamp)
      removeFromApi(this.environment.client, mirror)
  }

  private forget(pod: PodState): void {
    const mirror = this.environment.online() ? this.environment.client.live('pods', pod.key) : undefined
    this.drop(pod)
    releaseAddressesOf(this.environment, pod.uid)
    if (mirror && isMirror(mirror)) removeFromApi(this.environment.client, mirror)
    this.syncStaticPods()
  }

  private seen(object: KubeObject): void {
    if (object.spec.nodeName !== this.name) return
    if (isMirror(object)) return this.mirrored(object)
    const known = this.byUid.get(object.metadata.uid)
    if (!known) return this.admit(object)
    if (known.stage === 'terminated') {
      known.pod = object
      return object.metadata.deletionTimestamp ? this.confirm(known) : undefined
    }
    const before = known.pod
    known.pod = object
    const { deletionTimestamp, deletionGracePeriodSeconds: grace } = object.metadata
    if (!deletionTimestamp) {
      addEphemeral(known)
      if (!deepEqual(before.spec, object.spec) || this.isGated(object, before)) this.workers.request(known)
      return
    }
    if (!before.metadata.deletionTimestamp || grace !== before.metadata.deletionGracePeriodSeconds)
      terminate(this.environment, known, graceOf(known))
  }

  /** Did others change conditions that the pod's readiness hangs on? */
  private isGated({ spec, status }: KubeObject, before: KubeObject): boolean {
    return spec.readinessGates !== undefined && !deepEqual(status?.conditions, before.status?.conditions)
  }

  private admit(object: KubeObject): void {
    if (isFinished(object)) {
      if (object.metadata.deletionTimestamp) removeFromApi(this.environment.client, object)
      return
    }
    const ran = object.status?.containerStatuses?.some(({ containerID }: any) => containerID)
    const refusal = object.metadata.deletionTimestamp || ran ? undefined : refusalOf(this.environment, object)
    if (refusal) return reject(this.environment, object, refusal)
    const pod = newPodState(object, this.environment.client.timestamp(), this.environment.clock.epoch)
    this.state.pods.push(pod)
    this.byUid.set(pod.uid, pod)
    if (object.metadata.deletionTimestamp) terminate(this.environment, pod, 0)
    else this.workers.begin(pod)
  }

  /** The object is gone from the API: whatever runs is killed. */
  private gone(object: KubeObject): void {
    if (isMirror(object)) {
      const shown = this.staticPod(keyOf(object))
      if (!shown || shown.stage === 'terminated') return
      this.report(shown)
      return this.report(shown)
    }
    const pod = this.byUid.get(object.metadata.uid)
    if (pod) {
      pod.pod = object
      if (pod.stage !== 'terminated') terminate(this.environment, pod, 0)
      this.drop(pod)
    }
    releaseAddressesOf(this.environment, object.metadata.uid)
  }

  private drop(pod: PodState): void {
    for (const one of pod.containers) if (one.state === 'running') this.containers.ended(pod, one)
    this.containers.forget(pod)
    this.byUid.delete(pod.uid)
    this.state.pods = this.state.pods.filter((one) => one !== pod)
    if (pod.volumes) reportVolumes(this.environment)
  }

  /** All of a pod has ended and is torn down. */
  private finished(pod: PodState): void {
    ended(this.environment, pod)
    if (pod.volumes) reportVolumes(this.environment)
    if (pod.pod.metadata.deletionTimestamp) this.confirm(pod)
  }

  /** A deleted pod is over. Offline, it waits until the line is back. */
  private confirm(pod: PodState): void {
    if (!this.environment.online()) return
    this.drop(pod)
    removeFromApi(this.environment.client, pod.pod)
  }

  /** Writes a pod's status if it is news. Offline, it waits until the line is back. */
  private report(pod: PodState): void {
    const { client } = this.environment
    // It is found out anew each time a status is worked out. Upstream: activeDeadlineHandler.ShouldEvict.
    if (pod.failure?.reason === 'DeadlineExceeded')
      client.events.normal(pod.pod, 'DeadlineExceeded', pod.failure.message)
    if (!this.environment.online()) return
    const own = isStatic(pod)
    const live = own ? mirrorOf(this.environment, pod) : client.live('pods', pod.key)
    if (!live || (!own && live.metadata.uid !== pod.uid)) return
    const status = podStatus(pod, live.status, client.timestamp(), this.environment.machine())
    if (deepEqual(status, live.status)) return
    try {
      client.updateStatus('pods', { ...live, status })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
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
