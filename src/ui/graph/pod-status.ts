import { podCells } from '../../kinds/pod/columns.ts'
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

/** What `kubectl get pods` prints of a pod, and how that is drawn. */
export function podStatus(pod: KubeObject): PodStatus {
  // The graph does not say how long ago a container restarted, so no time is needed.
  const cells = podCells(pod, 0)
  const [ready = 0, containers = 0] = cells.ready.split('/').map(Number)
  const state = stateOf(cells.status, pod.status?.phase ?? '', pod.status?.conditions ?? [])
  return { status: cells.status, state, ready, containers, restarts: Number.parseInt(cells.restarts, 10) || 0 }
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
