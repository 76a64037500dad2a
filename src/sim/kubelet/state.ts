import type { KubeObject } from '../../machinery/objects.ts'
import type { Behaviour } from '../containers/runtime.ts'

export interface Termination {
  readonly exitCode: number
  readonly reason: string
  readonly message?: string
  /** metav1.Time */
  readonly startedAt: string | null
  readonly finishedAt: string
  readonly containerID: string
}

/** One container of a pod, as the kubelet knows it. Plain data. */
export interface ContainerState {
  readonly name: string
  readonly kind: 'init' | 'sidecar' | 'main'
  state: 'waiting' | 'running' | 'terminated'
  /** Why it waits. */
  reason: string
  message?: string
  termination?: Termination
  last?: Termination
  restartCount: number
  /** Counts starts; tasks of an earlier run are void. */
  run: number
  containerID?: string
  startedAt?: string
  /** Virtual milliseconds of the start. */
  startedMs: number
  behaviour?: Behaviour
  started: boolean
  ready: boolean
  backoffMs: number
  /** Set from TERM on: how it will end. */
  stopping: boolean
  /** A next try is on its way: a pull, a start, a back-off. */
  retryPending: boolean
  /** Consecutive results by probe. */
  probes: Partial<Record<ProbeType, { ok: number; failed: number }>>
}

export type ProbeType = 'startup' | 'liveness' | 'readiness'

/** One pod on this node. Plain data. */
export interface PodState {
  readonly uid: string
  readonly key: string
  /** What the kubelet has seen last. */
  pod: KubeObject
  stage: 'mounting' | 'sandbox' | 'running' | 'stopping' | 'done'
  startTime: string
  ip?: string
  sandboxReady: boolean
  containers: ContainerState[]
  /** Set when the node itself ended the pod. */
  failure?: { readonly reason: string; readonly message: string }
  /** Names of its volumes that must be attached to the node. */
  volumes?: readonly string[]
  /** Since when it waits for them, in virtual milliseconds. */
  waitsSince?: number
  /** Retries of a step that waits for something. */
  retries: number
}

export interface Pull {
  readonly image: string
  readonly since: number
  readonly waiting: { uid: string; container: string }[]
}

export interface KubeletState {
  registered: boolean
  /** Counts power-ups; tasks of an earlier life are void. */
  boots: number
  pods: PodState[]
  /** First is under way. */
  pulls: Pull[]
  nextContainer: number
}

export function newKubeletState(): KubeletState {
  return { registered: false, boots: 0, pods: [], pulls: [], nextContainer: 1 }
}
