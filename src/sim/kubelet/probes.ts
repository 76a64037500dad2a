import { later, type KubeletEnvironment, type PodStep } from './environment.ts'
import { fieldPathOf } from './image-puller.ts'
import type { ProbeTarget } from '../containers/runtime.ts'
import type { ContainerState, PodState, ProbeType } from './state.ts'

const fields: Record<ProbeType, string> = {
  startup: 'startupProbe',
  liveness: 'livenessProbe',
  readiness: 'readinessProbe',
}
const titles: Record<ProbeType, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' }

/** Starts a container's probes; the others wait until the startup probe has passed. */
export function startProbes(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
): void {
  container.probes = {}
  const types: readonly ProbeType[] = spec.startupProbe ? ['startup'] : ['liveness', 'readiness']
  for (const type of types)
    if (spec[fields[type]])
      schedule(environment, pod, container, type, (spec[fields[type]].initialDelaySeconds ?? 0) * 1000)
}

function schedule(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  probe: ProbeType,
  delayMs: number,
): void {
  // A probe that keeps finding what it found is housekeeping; until then, somebody waits for it.
  const background = probe === 'liveness' || (probe === 'readiness' && container.ready)
  later(
    environment,
    delayMs,
    { pod: pod.uid, step: 'probe', container: container.name, run: container.run, probe },
    background,
  )
}

/** One probe is due. `restart` is called when the container must go. */
export function runProbe(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  spec: any,
  step: PodStep,
  restart: (message: string) => void,
): void {
  const type = step.probe!
  const probe = spec[fields[type]]
  if (!probe || container.state !== 'running' || container.stopping) return
  const counts = (container.probes[type] ??= { ok: 0, failed: 0 })
  const target = targetOf(probe, spec)
  const running = environment.clock.now() - container.startedMs
  const outcome = environment.runtime.probe(container.behaviour!, running, target, pod.ip ?? '')
  if (outcome.ok) {
    counts.ok++
    counts.failed = 0
    if (counts.ok >= (probe.successThreshold ?? 1)) passed(environment, pod, container, spec, type)
  } else {
    counts.failed++
    counts.ok = 0
    if (environment.online()) {
      environment.client.events.warning(
        pod.pod,
        'Unhealthy',
        `${titles[type]} probe failed: ${outcome.message}`,
        fieldPathOf(pod, container.name),
      )
    }
    if (counts.failed >= (probe.failureThreshold ?? 3)) {
      if (type !== 'readiness') {
        restart(`Container ${container.name} failed ${type} probe, will be restarted`)
        return
      }
      setReady(environment, pod, container, false)
    }
  }
  if (type === 'startup' && container.started) return
  schedule(environment, pod, container, type, (probe.periodSeconds ?? 10) * 1000)
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
  for (const next of ['liveness', 'readiness'] as const) {
    if (spec[fields[next]]) schedule(environment, pod, container, next, 0)
  }
  if (!spec.readinessProbe) container.ready = true
  environment.report(pod)
}

function setReady(environment: KubeletEnvironment, pod: PodState, container: ContainerState, ready: boolean): void {
  if (container.ready === ready) return
  container.ready = ready
  environment.report(pod)
}

function targetOf(probe: any, spec: any): ProbeTarget {
  const port = (value: number | string | undefined): number | undefined =>
    typeof value === 'string' ? (spec.ports ?? []).find((one: any) => one.name === value)?.containerPort : value
  if (probe.httpGet) return { kind: 'http', port: port(probe.httpGet.port) }
  if (probe.tcpSocket) return { kind: 'tcp', port: port(probe.tcpSocket.port) }
  if (probe.grpc) return { kind: 'grpc', port: probe.grpc.port }
  return { kind: 'exec' }
}
