import { takeAddress } from './addresses.ts'
import { containerId } from './container-id.ts'
import { userOf } from './container-status.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { expandReferences, variablesOf, type Resolved, type Variables } from './environment-variables.ts'
import { startHook } from './hooks.ts'
import { ensureImage, longestBackOffMs, nextBackOff, warnOfPullSecrets, type ImageOutcome } from './image-puller.ts'
import { terminationOf } from './pod-status.ts'
import { startProbes } from './probes.ts'
import { containerNamed, fieldPathOf, specOf, type ContainerState, type PodState, type Waiting } from './state.ts'

/** What a container is started with, once everything it refers to is found. */
export interface StartSpec {
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly env: Variables
  readonly ports: readonly number[]
}

/** Starts what is next in a sync's queue; the sandbox first. */
export function startNext(environment: KubeletEnvironment, pod: PodState): void {
  if (pod.queue.length === 0) return environment.workers.done(pod)
  if (pod.sandbox !== 'ready') {
    pod.work = { do: 'sandbox' }
    later(environment, environment.latencies.sandbox, { pod: pod.uid, step: 'sandboxed', turn: pod.turn })
    return
  }
  const container = containerNamed(pod, pod.queue.shift()!)
  if (!container) return startNext(environment, pod)
  const spec = specOf(pod, container)
  const endedMs = endBefore(pod, container)
  const waitMs = backOffMs(environment, container, endedMs)
  if (waitMs > 0) return crashLoop(environment, pod, container, waitMs)
  if (endedMs !== undefined) container.crashes = nextBackOff(container.crashes, environment.clock.now(), endedMs)
  warnOfPullSecrets(environment, pod)
  const outcome = ensureImage(environment, pod, container, spec)
  if (outcome === 'pulling') {
    pod.work = { do: 'start', container: container.name, at: 'pull' }
    return
  }
  imageEnsured(environment, pod, container, outcome)
}

/** The sandbox is there, and the network: the pod has its address. */
export function sandboxed(environment: KubeletEnvironment, pod: PodState): void {
  if (pod.work?.do !== 'sandbox') return
  pod.sandbox = 'ready'
  pod.outcome!.madeSandbox = true
  // That it is there is told at once, before anything is started in it. Upstream: OnPodSandboxReady.
  environment.report(pod)
  if (!pod.pod.spec.hostNetwork) pod.ip = takeAddress(environment, pod.uid)
  startNext(environment, pod)
}

/** A pull is over. */
export function imagePulled(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  outcome: ImageOutcome,
): void {
  const { work } = pod
  if (work?.do === 'start' && work.at === 'pull' && work.container === container.name)
    imageEnsured(environment, pod, container, outcome)
}

function imageEnsured(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  outcome: ImageOutcome,
): void {
  if (outcome === 'pulling') return
  if (!outcome.ok) {
    environment.client.events.warning(pod.pod, 'Failed', `Error: ${outcome.waiting.reason}`, fieldPathOf(container))
    return failed(environment, pod, container, outcome.waiting, outcome.retryMs)
  }
  const config = configOf(environment, pod, container)
  if (!config.ok) {
    environment.client.events.warning(pod.pod, 'Failed', `Error: ${config.message}`, fieldPathOf(container))
    return failed(environment, pod, container, { reason: 'CreateContainerConfigError', message: config.message })
  }
  pod.work = { do: 'start', container: container.name, at: 'create' }
  const step = { pod: pod.uid, step: 'created', container: container.name, turn: pod.turn } as const
  later(environment, environment.latencies.startContainer, step)
}

/** A container has been created; it is started now. */
export function containerReady(environment: KubeletEnvironment, pod: PodState, container: ContainerState): void {
  if (pod.work?.do !== 'start' || pod.work.at !== 'create') return
  const { client, clock, state } = environment
  const config = configOf(environment, pod, container)
  if (!config.ok) return imageEnsured(environment, pod, container, { ok: true })
  const spec = specOf(pod, container)
  const path = fieldPathOf(container)
  if (container.termination && container.state === 'terminated') {
    container.last = container.termination
    container.lastFinishedMs = container.finishedMs
    container.restartCount++
  }
  container.run++
  container.containerID = `containerd://${containerId(environment.name, state.nextContainer++)}`
  container.image = spec.image
  if (spec.resources) container.resources = spec.resources
  container.startedAt = client.timestamp()
  container.startedMs = clock.now()
  client.events.normal(pod.pod, 'Created', 'Container created', path)
  const failure = environment.containers.start(pod, container, spec, config.value)
  if (failure !== undefined) return startFailed(environment, pod, container, failure)
  container.state = 'running'
  delete container.waiting
  delete container.termination
  delete container.unhealthy
  container.probes = {}
  client.events.normal(pod.pod, 'Started', 'Container started', path)
  if (spec.lifecycle?.postStart) {
    pod.work = { do: 'start', container: container.name, at: 'hook' }
    return startHook(environment, pod, container, 'postStart')
  }
  isStarted(environment, pod, container)
}

/** A container runs, and its hook has done what it had to. */
export function isStarted(environment: KubeletEnvironment, pod: PodState, container: ContainerState): void {
  const spec = specOf(pod, container)
  pod.outcome!.started = true
  if (container.state === 'running' && container.kind !== 'ephemeral') {
    container.started = !spec.startupProbe
    container.ready = container.kind !== 'init' && !spec.startupProbe && !spec.readinessProbe
    if (container.kind !== 'init') startProbes(environment, pod, container, spec)
  }
  startNext(environment, pod)
}

/** It could not be started: the next may still be, unless it had to come first. */
export function failed(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  waiting: Waiting,
  retryMs?: number,
): void {
  const outcome = pod.outcome!
  container.waiting = waiting
  outcome.retryMs = Math.min(outcome.retryMs ?? Infinity, retryMs ?? 10_000)
  outcome.failed = true
  if (container.kind === 'init' || container.kind === 'sidecar') pod.queue = []
  startNext(environment, pod)
}

/** The runtime could not make its first process. */
function startFailed(environment: KubeletEnvironment, pod: PodState, container: ContainerState, failure: string): void {
  const { client, clock } = environment
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${failure}`
  client.events.warning(pod.pod, 'Failed', `Error: ${message}`, fieldPathOf(container))
  container.state = 'terminated'
  container.startedAt = '1970-01-01T00:00:00Z'
  container.termination = terminationOf(container, 128, 'StartError', client.timestamp(), message)
  container.finishedMs = clock.now()
  failed(environment, pod, container, { reason: 'RunContainerError', message })
}

function crashLoop(environment: KubeletEnvironment, pod: PodState, container: ContainerState, waitMs: number): void {
  const { namespace, name, uid } = pod.pod.metadata
  const text = `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`
  environment.client.events.warning(pod.pod, 'BackOff', text, fieldPathOf(container))
  const message = `back-off ${backOffText(container.crashes!.ms)} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`
  failed(environment, pod, container, { reason: 'CrashLoopBackOff', message }, waitMs)
}

/**
 * When the instance ended that a back-off counts from. A sync that ended a container itself does not know of that end
 * yet: it goes by the one before. Upstream: doBackOff looks at the status that the sync began with.
 */
function endBefore(pod: PodState, { name, state, finishedMs, lastFinishedMs }: ContainerState): number | undefined {
  if (state !== 'terminated') return undefined
  return pod.outcome?.killed?.includes(name) ? lastFinishedMs : finishedMs
}

/** How long a container that ended must still wait. Upstream: IsInBackOffSince. */
function backOffMs({ clock }: KubeletEnvironment, { crashes }: ContainerState, endedMs: number | undefined): number {
  if (endedMs === undefined || !crashes || endedMs - crashes.since > 2 * longestBackOffMs) return 0
  return Math.max(0, crashes.ms - (clock.now() - endedMs))
}

/** As Go prints it: `10s`, `1m20s`. */
function backOffText(ms: number): string {
  const seconds = ms / 1000
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

/** What a container is given, or what keeps it from being configured. */
function configOf(environment: KubeletEnvironment, pod: PodState, container: ContainerState): Resolved<StartSpec> {
  const { client } = environment
  const spec = specOf(pod, container)
  const refusal = refusalOfRoot(environment, pod, container, spec)
  if (refusal) return { ok: false, message: refusal }
  const machine = environment.machine()
  const env = variablesOf({ pod: pod.pod, container: spec, ip: pod.ip, machine, client })
  if (!env.ok) return env
  const lookUp = (name: string) => (Object.hasOwn(env.value, name) ? env.value[name] : undefined)
  const expand = (list: readonly string[] = []) => list.map((one) => expandReferences(one, lookUp))
  const ports = (spec.ports ?? []).map(({ containerPort }: any) => containerPort)
  return {
    ok: true,
    value: { image: spec.image, command: expand(spec.command), args: expand(spec.args), env: env.value, ports },
  }
}

/** Upstream: verifyRunAsNonRoot. */
function refusalOfRoot(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
): string | undefined {
  const shared = pod.pod.spec.securityContext ?? {}
  if (!(spec.securityContext?.runAsNonRoot ?? shared.runAsNonRoot)) return undefined
  const { name, namespace, uid } = pod.pod.metadata
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`
  const said = spec.securityContext?.runAsUser ?? shared.runAsUser
  if (said !== undefined) return said === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined
  const user = environment.containers.userOf(spec.image)
  if (typeof user === 'string')
    return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`
  return userOf(pod, spec, user).uid === 0
    ? `container has runAsNonRoot and image will run as root ${where}`
    : undefined
}
