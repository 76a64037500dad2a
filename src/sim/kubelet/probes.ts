import { later, type KubeletEnvironment } from './environment.ts'
import { fieldPathOf, specOf, type ContainerState, type PodState, type ProbeType } from './state.ts'

const fields: Record<ProbeType, string> = {
  startup: 'startupProbe',
  liveness: 'livenessProbe',
  readiness: 'readinessProbe',
}
const titles: Record<ProbeType, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' }

/** What a probe found: fine, a failure with its output, or an error that says nothing about the container. */
export type ProbeOutcome =
  { readonly ok: true } | { readonly ok: false; readonly output: string; readonly errored?: true }

/** Starts a container's probes; the others wait until the startup probe has passed. */
export function startProbes(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
): void {
  container.probes = {}
  if (spec.startupProbe) return begin(environment, pod, container, spec, 'startup')
  begin(environment, pod, container, spec, 'liveness')
  begin(environment, pod, container, spec, 'readiness')
}

/** Readiness is asked for at once, the others after a period. Upstream: the prober's manual trigger. */
function begin(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
  type: ProbeType,
): void {
  const probe = spec[fields[type]]
  if (!probe) return
  container.probes[type] = { ok: 0, failed: 0 }
  const elapsed = environment.clock.now() - container.startedMs
  const delay = (probe.initialDelaySeconds ?? 0) * 1000 - elapsed
  const first = type === 'readiness' ? 30 : periodOf(probe)
  schedule(environment, pod, container, type, delay > 0 ? delay : first)
}

const periodOf = (probe: any): number => (probe.periodSeconds ?? 10) * 1000

function schedule(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  probe: ProbeType,
  delayMs: number,
): void {
  // A probe that keeps finding what it found is housekeeping; until then, somebody waits for it.
  const background = probe === 'liveness' || (probe === 'readiness' && container.ready)
  const due = environment.clock.now() + delayMs
  container.probes[probe]!.next = due
  const step = { pod: pod.uid, step: 'probe', container: container.name, run: container.run, probe, due } as const
  later(environment, delayMs, step, background)
}

/** A sync has seen a container that is not ready: it is asked again at once. Upstream: the prober's manual trigger. */
export function askAgain(environment: KubeletEnvironment, pod: PodState): void {
  for (const one of pod.containers) {
    const state = one.probes.readiness
    if (!state || one.ready || state.due !== undefined || !isProbed(one)) continue
    const { initialDelaySeconds = 0 } = specOf(pod, one).readinessProbe
    if (environment.clock.now() - one.startedMs >= initialDelaySeconds * 1000)
      schedule(environment, pod, one, 'readiness', 30)
  }
}

/** Does a container wait for its readiness probe? */
export function isAsked({ containers }: PodState): boolean {
  return containers.some(({ probes, ready }) => probes.readiness !== undefined && !ready)
}

/** One probe is due. */
export function probeDue(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  type: ProbeType,
  at: number,
): void {
  const probe = specOf(pod, container)?.[fields[type]]
  const state = container.probes[type]
  if (!probe || !state || state.next !== at || !isProbed(container)) return
  schedule(environment, pod, container, type, periodOf(probe))
  // The one before is still under way.
  if (state.due !== undefined) return
  const { clock, containers } = environment
  state.due = clock.now() + (probe.timeoutSeconds ?? 1) * 1000
  const { due } = state
  const command = probe.exec?.command
  const failure = command && containers.exec(pod, container, `probe-${type}`, command)
  if (failure !== undefined)
    return probed(environment, pod, container, type, { ok: false, output: failure, errored: true })
  if (!command) containers.request(pod, container, type, probe)
  if (container.probes[type]?.due === undefined) return
  const step = {
    pod: pod.uid,
    step: 'timeout',
    container: container.name,
    run: container.run,
    probe: type,
    due,
  } as const
  later(environment, due - clock.now(), step, true)
}

/** An attempt has taken too long. */
export function probeTimedOut(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  type: ProbeType,
  due: number,
): void {
  if (container.probes[type]?.due !== due || !isProbed(container)) return
  const probe = specOf(pod, container)?.[fields[type]]
  const output = environment.containers.giveUp(pod, container, type, probe)
  probed(environment, pod, container, type, { ok: false, output })
}

/** What an attempt has come to. */
export function probed(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  type: ProbeType,
  outcome: ProbeOutcome,
): void {
  const state = container.probes[type]
  const spec = specOf(pod, container)
  const probe = spec?.[fields[type]]
  if (!state || !probe || !isProbed(container)) return
  delete state.due
  if (outcome.ok) {
    state.ok++
    state.failed = 0
    if (state.ok >= (probe.successThreshold ?? 1)) passed(environment, pod, container, spec, type)
    return
  }
  const { output, errored } = outcome
  const what = errored ? 'errored and resulted in unknown state' : 'failed'
  environment.client.events.warning(
    pod.pod,
    'Unhealthy',
    `${titles[type]} probe ${what}: ${output}`,
    fieldPathOf(container),
  )
  if (errored) return
  state.failed++
  state.ok = 0
  if (state.failed < (probe.failureThreshold ?? 3)) return
  if (type === 'readiness') return setReady(environment, pod, container, false)
  const grace = probe.terminationGracePeriodSeconds
  const message = `Container ${container.name} failed ${type} probe, will be restarted`
  container.unhealthy = { message, ...(grace !== undefined && { grace }) }
  environment.workers.request(pod)
}

function isProbed({ state, kill, unhealthy }: ContainerState): boolean {
  return state === 'running' && !kill && !unhealthy
}

function passed(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
  type: ProbeType,
): void {
  if (type === 'readiness') return setReady(environment, pod, container, true)
  if (type !== 'startup' || container.started) return
  container.started = true
  delete container.probes.startup
  begin(environment, pod, container, spec, 'liveness')
  begin(environment, pod, container, spec, 'readiness')
  if (!spec.readinessProbe) container.ready = true
  environment.workers.request(pod)
}

function setReady(environment: KubeletEnvironment, pod: PodState, container: ContainerState, ready: boolean): void {
  if (container.ready === ready) return
  container.ready = ready
  if (pod.stage === 'running') environment.workers.request(pod)
  environment.report(pod)
}

/** A probe's or hook's port, which may be a name. */
export function portOf(port: number | string | undefined, spec: any): number {
  if (typeof port !== 'string') return port ?? 0
  return spec.ports?.find((one: any) => one.name === port)?.containerPort ?? (Number(port) || 0)
}
