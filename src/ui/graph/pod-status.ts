import type { KubeObject } from '../../machinery/objects.ts'

/** The twelve looks a pod can have; how each is drawn stands in pod-states.ts. */
export type PodState =
  | 'Running'
  | 'Pending'
  | 'SchedulingGated'
  | 'ContainerCreating'
  | 'NotReady'
  | 'CrashLoopBackOff'
  | 'Error'
  | 'OOMKilled'
  | 'Evicted'
  | 'Completed'
  | 'Terminating'
  | 'Unknown'

export interface PodStatus {
  /** The STATUS column of `kubectl get pods`, word for word. */
  readonly status: string
  /** How it is drawn. */
  readonly state: PodState
  readonly ready: number
  readonly containers: number
  readonly restarts: number
}

const nodeUnreachablePodReason = 'NodeLost'

/** What `kubectl get pods` prints of a pod. Upstream: pkg/printers/internalversion/printers.go, printPod. */
export function podStatus(pod: KubeObject): PodStatus {
  const spec = pod.spec ?? {}
  const status = pod.status ?? {}
  const conditions: readonly any[] = status.conditions ?? []
  const phase: string = status.phase ?? ''
  const sidecars = new Set<string>(
    (spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always').map((c: any) => c.name),
  )

  let reason: string = status.reason || phase
  if (conditions.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) reason = 'SchedulingGated'

  const init = initReason(spec, status, sidecars)
  if (init.reason) reason = init.reason
  let { restarts, ready } = init
  if (!init.reason || isTrue(conditions, 'Initialized')) {
    restarts = init.sidecarRestarts
    let hasRunning = false
    const statuses: readonly any[] = status.containerStatuses ?? []
    for (let i = statuses.length - 1; i >= 0; i--) {
      const container = statuses[i]
      restarts += container.restartCount ?? 0
      const { waiting, terminated, running } = container.state ?? {}
      if (waiting?.reason) reason = waiting.reason
      else if (terminated) reason = terminated.reason || exitReason(terminated)
      else if (container.ready && running) {
        hasRunning = true
        ready++
      }
    }
    if (reason === 'Completed' && hasRunning) reason = isTrue(conditions, 'Ready') ? 'Running' : 'NotReady'
  }

  if (pod.metadata.deletionTimestamp && status.reason === nodeUnreachablePodReason) reason = 'Unknown'
  else if (pod.metadata.deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed') reason = 'Terminating'

  const containers = (spec.containers?.length ?? 0) + sidecars.size
  return { status: reason, state: stateOf(reason, phase, conditions), ready, containers, restarts }
}

function initReason(spec: any, status: any, sidecars: ReadonlySet<string>) {
  const result = { reason: '', restarts: 0, sidecarRestarts: 0, ready: 0 }
  const statuses: readonly any[] = status.initContainerStatuses ?? []
  for (const [index, container] of statuses.entries()) {
    const sidecar = sidecars.has(container.name)
    result.restarts += container.restartCount ?? 0
    if (sidecar) result.sidecarRestarts += container.restartCount ?? 0
    const { waiting, terminated } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecar && container.started) {
      if (container.ready) result.ready++
      continue
    }
    if (terminated) result.reason = `Init:${terminated.reason || exitReason(terminated)}`
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') result.reason = `Init:${waiting.reason}`
    else result.reason = `Init:${index}/${spec.initContainers?.length ?? 0}`
    return result
  }
  return result
}

function exitReason(terminated: any): string {
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode ?? 0}`
}

function isTrue(conditions: readonly any[], type: string): boolean {
  return conditions.some((c) => c.type === type && c.status === 'True')
}

const crashing = /BackOff|^Crash/
const starting = new Set(['ContainerCreating', 'PodInitializing'])

function stateOf(status: string, phase: string, conditions: readonly any[]): PodState {
  const word = status.startsWith('Init:') ? status.slice(5) : status
  switch (word) {
    case 'Terminating':
    case 'SchedulingGated':
    case 'Evicted':
    case 'OOMKilled':
    case 'Unknown':
    case 'NotReady':
      return word
    case 'Completed':
    case 'Succeeded':
      return 'Completed'
  }
  if (status === 'Pending') {
    // Bound, and the kubelet has not spoken yet: the queue is behind it.
    return isTrue(conditions, 'PodScheduled') ? 'ContainerCreating' : 'Pending'
  }
  if (starting.has(word) || /^\d+\/\d+$/.test(word)) return 'ContainerCreating'
  // A running pod whose node is lost keeps the word Running; only its Ready condition tells.
  if (status === 'Running') return readiness(conditions)
  if (crashing.test(word)) return 'CrashLoopBackOff'
  return phase === 'Succeeded' ? 'Completed' : 'Error'
}

function readiness(conditions: readonly any[]): PodState {
  const ready = conditions.find((c) => c.type === 'Ready')
  if (!ready || ready.status === 'True') return 'Running'
  return ready.status === 'Unknown' ? 'Unknown' : 'NotReady'
}
