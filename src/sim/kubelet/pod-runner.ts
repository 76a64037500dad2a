import { fnv1aHex } from '../../lib/fnv1a.ts'
import { deepFreeze } from '../../lib/freeze.ts'
import { areAttached } from './attached-volumes.ts'
import { environmentOf, expandReferences, unboundClaim, volumeProblem } from './config.ts'
import { later, type KubeletEnvironment, type PodStep } from './environment.ts'
import { enqueuePull, fieldPathOf, finishPull, pullNeeded } from './image-puller.ts'
import { terminationOf } from './pod-status.ts'
import { PodStopper } from './pod-stopper.ts'
import { runProbe, startProbes } from './probes.ts'
import type { ContainerState, PodState } from './state.ts'
import { addressOf, podPrefix } from '../machines/machine.ts'

/** Upstream: MaxContainerBackOff and its first step; a container that ran for twice the longest starts afresh. */
const firstBackoffMs = 10_000
const longestBackoffMs = 300_000
const resetBackoffMs = 600_000

/** Brings pods up and down, container by container. All it remembers is in the pod's state and in tasks. */
export class PodRunner {
  private readonly environment: KubeletEnvironment
  private readonly finished: (pod: PodState) => void
  private readonly stopper: PodStopper

  constructor(environment: KubeletEnvironment, finished: (pod: PodState) => void) {
    this.environment = environment
    this.finished = finished
    this.stopper = new PodStopper(environment, (pod, container, code) => this.exited(pod, container, code))
  }

  /** A pod is new on this node. */
  begin(pod: PodState): void {
    this.environment.report(pod)
    this.mount(pod)
  }

  step(pod: PodState, step: PodStep): void {
    if (step.step === 'mount') return this.mount(pod)
    if (step.step === 'sandboxed') return this.sandboxed(pod)
    if (step.step === 'torndown') return this.finished(pod)
    if (step.step === 'kill') return this.stopper.kill(pod)
    const container = pod.containers.find((one) => one.name === step.container)
    if (!container || (step.run !== undefined && step.run !== container.run)) return
    switch (step.step) {
      case 'config':
      case 'restart':
        if (pod.stage === 'running' && container.state !== 'running') this.prepare(pod, container)
        return
      case 'start':
        if (pod.stage === 'running') this.start(pod, container)
        return
      case 'wait':
        return this.wait(pod, container)
      case 'exit':
        return this.exited(pod, container, step.code ?? 0)
      case 'stopped':
        return this.exited(pod, container, step.code ?? 0)
      case 'probe':
        runProbe(this.environment, pod, container, this.specOf(pod, container), step, (message) =>
          this.stopper.restart(pod, container, message),
        )
        // A sidecar whose startup probe passed lets the next containers start.
        if (container.kind === 'sidecar') this.advance(pod)
    }
  }

  pulled(image: string): void {
    finishPull(
      this.environment,
      image,
      (pod, name) => {
        const container = pod.containers.find((one) => one.name === name)
        if (container && pod.stage === 'running') this.scheduleStart(pod, container)
      },
      (pod, name, { reason, message }) => {
        const container = pod.containers.find((one) => one.name === name)
        if (!container || pod.stage !== 'running') return
        this.event(pod, container, 'Failed', `Failed to pull image "${image}": ${message}`)
        this.event(pod, container, 'Failed', `Error: ${reason}`)
        this.waiting(pod, container, reason, message)
        this.backOffPull(pod, container, image)
      },
    )
  }

  /** Begins to end a pod. */
  stop(pod: PodState, graceSeconds: number): void {
    this.stopper.stop(pod, graceSeconds)
  }

  private mount(pod: PodState): void {
    if (pod.stage !== 'mounting') return
    const { client, latencies } = this.environment
    const claim = unboundClaim(pod.pod, client)
    const problem = claim ? undefined : volumeProblem(pod.pod, client)
    if (!claim && !problem && !areAttached(pod, this.environment)) return
    if (claim || problem) {
      // The mount loop looks every so often, and complains with a back-off of its own: 0.5 s doubling to about 2 minutes.
      const delay = Math.min(500 * 2 ** pod.retries, 122_000)
      pod.retries++
      if (problem && this.environment.online()) client.events.warning(pod.pod, 'FailedMount', problem)
      later(this.environment, delay, { pod: pod.uid, step: 'mount' })
      return
    }
    pod.retries = 0
    const hasClaims = pod.pod.spec.volumes?.some((volume: any) => volume.persistentVolumeClaim)
    pod.stage = 'sandbox'
    later(this.environment, latencies.sandbox + (hasClaims ? latencies.mountVolume : 0), {
      pod: pod.uid,
      step: 'sandboxed',
    })
  }

  private sandboxed(pod: PodState): void {
    if (pod.stage !== 'sandbox') return
    pod.stage = 'running'
    pod.sandboxReady = true
    pod.ip = pod.pod.spec.hostNetwork ? addressOf(this.environment.machine()) : this.freeAddress()
    this.advance(pod)
    // A container that starts in a moment reports both at once; one that waits for its image does not.
    const waits = this.environment.state.pulls.some((pull) => pull.waiting.some(({ uid }) => uid === pod.uid))
    if (waits) this.environment.report(pod)
  }

  private freeAddress(): string {
    const { state } = this.environment
    const taken = new Set(state.pods.map((one) => one.ip))
    const base = podPrefix(this.environment.machine())
    for (let host = 2; host < 255; host++) {
      const address = `${base}.${host}`
      if (!taken.has(address)) return address
    }
    return `${base}.254`
  }

  /** Starts what may start now: init containers one by one, sidecars on the way, then the rest together. */
  private advance(pod: PodState): void {
    if (pod.stage !== 'running') return
    for (const container of pod.containers) {
      if (container.kind === 'main') continue
      if (container.kind === 'init' && container.state === 'terminated' && container.termination!.exitCode === 0)
        continue
      if (container.run === 0 && container.state === 'waiting' && !container.stopping) {
        if (isFresh(container)) this.prepare(pod, container)
      }
      if (container.kind === 'sidecar' && container.started) continue
      return
    }
    for (const container of pod.containers) {
      if (container.kind === 'main' && container.run === 0 && isFresh(container)) this.prepare(pod, container)
    }
  }

  /** Checks a container's configuration and gets its image. */
  private prepare(pod: PodState, container: ContainerState): void {
    const { environment } = this
    const spec = this.specOf(pod, container)
    container.reason = container.run === 0 && container.kind === 'main' ? 'ContainerCreating' : container.reason
    container.stopping = false
    const needed = pullNeeded(environment, spec)
    if (needed === 'yes') {
      this.event(pod, container, 'Pulling', `Pulling image "${spec.image}"`, 'Normal')
      delete container.message
      container.reason = container.kind === 'main' ? 'ContainerCreating' : 'PodInitializing'
      container.retryPending = true
      enqueuePull(environment, spec.image, pod.uid, container.name)
      return
    }
    if (needed === 'never') {
      this.event(
        pod,
        container,
        'ErrImageNeverPull',
        `Container image "${spec.image}" is not present with pull policy of Never`,
      )
      this.event(pod, container, 'Failed', 'Error: ErrImageNeverPull')
      this.waiting(
        pod,
        container,
        'ErrImageNeverPull',
        `Container image "${spec.image}" is not present with pull policy of Never`,
      )
      this.again(pod, container, 10_000)
      return
    }
    this.event(
      pod,
      container,
      'Pulled',
      `Container image "${spec.image}" already present on machine and can be accessed by the pod`,
      'Normal',
    )
    this.scheduleStart(pod, container)
  }

  private scheduleStart(pod: PodState, container: ContainerState): void {
    container.retryPending = true
    const env = this.environmentFor(pod, container)
    if (!env.ok) {
      this.event(pod, container, 'Failed', `Error: ${env.message}`)
      this.waiting(pod, container, 'CreateContainerConfigError', env.message)
      this.again(pod, container, 12_000)
      return
    }
    later(this.environment, this.environment.latencies.startContainer, {
      pod: pod.uid,
      step: 'start',
      container: container.name,
      run: container.run,
    })
  }

  private environmentFor(pod: PodState, container: ContainerState) {
    const machine = this.environment.machine()
    return environmentOf(
      pod.pod,
      this.specOf(pod, container),
      pod.ip,
      machine.name,
      addressOf(machine),
      this.environment.client,
    )
  }

  private start(pod: PodState, container: ContainerState): void {
    const { environment } = this
    const { clock, state, client } = environment
    const spec = this.specOf(pod, container)
    const env = this.environmentFor(pod, container)
    if (!env.ok) return this.scheduleStart(pod, container)
    const expand = (list: readonly string[] | undefined) => (list ?? []).map((one) => expandReferences(one, env.value))
    const behaviour = deepFreeze(
      environment.runtime.behaviour({
        image: spec.image,
        command: expand(spec.command),
        args: expand(spec.args),
        env: env.value,
        ports: (spec.ports ?? []).map((port: any) => port.containerPort),
      }),
    )
    container.state = 'running'
    container.retryPending = false
    delete container.message
    container.run++
    container.containerID = `containerd://${containerId(environment.name, state.nextContainer++)}`
    container.startedAt = client.timestamp()
    container.startedMs = clock.now()
    container.behaviour = behaviour
    delete container.termination
    container.started = !spec.startupProbe
    container.ready = container.kind !== 'init' && !spec.startupProbe && !spec.readinessProbe
    this.event(pod, container, 'Created', 'Container created', 'Normal')
    this.event(pod, container, 'Started', 'Container started', 'Normal')
    const run = { pod: pod.uid, container: container.name, run: container.run }
    if (behaviour.waitsFor) later(environment, 50, { ...run, step: 'wait' })
    else if (behaviour.exit)
      later(environment, behaviour.exit.afterMs, { ...run, step: 'exit', code: behaviour.exit.code })
    if (container.kind !== 'init') startProbes(environment, pod, container, spec)
    environment.report(pod)
    this.advance(pod)
  }

  /** The container asks for a host again, until somebody answers. */
  private wait(pod: PodState, container: ContainerState): void {
    const { environment } = this
    const { behaviour } = container
    if (container.state !== 'running' || !behaviour?.waitsFor) return
    const { host, port, everyMs } = behaviour.waitsFor
    const run = { pod: pod.uid, container: container.name, run: container.run }
    if (!environment.answers(pod.pod.metadata.namespace ?? '', host, port)) {
      later(environment, Math.max(100, everyMs), { ...run, step: 'wait' }, true)
      return
    }
    if (behaviour.exit) later(environment, 50, { ...run, step: 'exit', code: behaviour.exit.code })
  }

  private exited(pod: PodState, container: ContainerState, code: number): void {
    const { environment } = this
    if (container.state !== 'running') return
    const reason = code === 0 ? 'Completed' : 'Error'
    container.state = 'terminated'
    container.termination = terminationOf(container, code, reason, environment.client.timestamp())
    container.ready = false
    container.started = false
    if (pod.stage === 'stopping') {
      environment.report(pod)
      return this.stopper.proceed(pod)
    }
    if (container.kind === 'init' && code === 0) {
      environment.report(pod)
      return this.advance(pod)
    }
    if (this.mayRestart(pod, container, code)) return this.backOff(pod, container)
    environment.report(pod)
    if (
      pod.containers.every(
        (one) =>
          one.kind === 'sidecar' || one.state === 'terminated' || (one.kind === 'main' && container.kind === 'init'),
      )
    )
      this.allEnded(pod)
  }

  /** All containers that do not restart are over: sidecars go too, and the sandbox with them. */
  private allEnded(pod: PodState): void {
    for (const one of pod.containers)
      if (one.kind === 'sidecar' && one.state === 'running') this.stopper.term(pod, one, 30)
    if (pod.containers.some((one) => one.state === 'running')) return
    pod.sandboxReady = false
    this.environment.report(pod)
  }

  private mayRestart(pod: PodState, container: ContainerState, code: number): boolean {
    if (container.kind === 'sidecar')
      return pod.containers.some((one) => one.kind === 'main' && one.state !== 'terminated')
    const { restartPolicy } = pod.pod.spec
    if (restartPolicy === 'Always') return container.kind === 'main' || code !== 0
    return restartPolicy === 'OnFailure' && code !== 0
  }

  private backOff(pod: PodState, container: ContainerState): void {
    const { environment } = this
    const ranMs = environment.clock.now() - container.startedMs
    const first = container.backoffMs === 0 || ranMs > resetBackoffMs
    const delay = first ? 0 : container.backoffMs
    container.backoffMs = first ? firstBackoffMs : Math.min(container.backoffMs * 2, longestBackoffMs)
    container.last = container.termination
    container.restartCount++
    environment.report(pod)
    if (delay > 0) {
      container.state = 'waiting'
      const { namespace, name, uid } = pod.pod.metadata
      const where = `${container.name} in pod ${name}_${namespace}(${uid})`
      this.event(pod, container, 'BackOff', `Back-off restarting failed container ${where}`)
      const shown = delay < 60_000 ? `${delay / 1000}s` : `${Math.floor(delay / 60_000)}m${(delay % 60_000) / 1000}s`
      this.waiting(
        pod,
        container,
        'CrashLoopBackOff',
        `back-off ${shown} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`,
      )
    }
    this.again(pod, container, Math.max(delay, 100), 'restart')
  }

  private backOffPull(pod: PodState, container: ContainerState, image: string): void {
    container.backoffMs =
      container.backoffMs === 0 ? firstBackoffMs : Math.min(container.backoffMs * 2, longestBackoffMs)
    this.event(pod, container, 'BackOff', `Back-off pulling image "${image}"`, 'Normal')
    this.event(pod, container, 'Failed', 'Error: ImagePullBackOff')
    const message = `Back-off pulling image "${image}": ${container.message ?? ''}`
    this.waiting(pod, container, 'ImagePullBackOff', message)
    this.again(pod, container, container.backoffMs)
  }

  private again(
    pod: PodState,
    container: ContainerState,
    delayMs: number,
    step: 'config' | 'restart' = 'config',
  ): void {
    container.retryPending = true
    later(this.environment, delayMs, { pod: pod.uid, step, container: container.name, run: container.run })
  }

  private waiting(pod: PodState, container: ContainerState, reason: string, message: string): void {
    container.state = 'waiting'
    container.reason = reason
    container.message = message
    container.ready = false
    this.environment.report(pod)
  }

  private event(
    pod: PodState,
    container: ContainerState,
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Warning',
  ): void {
    const { client } = this.environment
    if (!this.environment.online()) return
    if (type === 'Normal') client.events.normal(pod.pod, reason, message, fieldPathOf(pod, container.name))
    else client.events.warning(pod.pod, reason, message, fieldPathOf(pod, container.name))
  }

  private specOf(pod: PodState, container: ContainerState): any {
    const list: readonly any[] = container.kind === 'main' ? pod.pod.spec.containers : pod.pod.spec.initContainers
    return list.find((one) => one.name === container.name)
  }
}

/** Nothing has been tried for it yet. */
function isFresh(container: ContainerState): boolean {
  return container.state === 'waiting' && !container.retryPending
}

function containerId(node: string, number: number): string {
  return (fnv1aHex(node) + number.toString(16).padStart(8, '0')).repeat(4)
}
