import type { KubeObject } from '../../machinery/objects.ts'
import type { Addresses } from './addresses.ts'
import type { KernelState, DirectoryNode, FileNode } from '../containers/kernel/types.ts'
import type { Log } from './logs.ts'

/** How an instance of a container ended, as a status tells it. */
export interface Termination {
  readonly exitCode: number
  readonly reason: string
  readonly message?: string
  /** metav1.Time */
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly containerID?: string
}

/** What became of a container, in two words and a sentence. */
export interface Waiting {
  readonly reason: string
  readonly message?: string
}

/** A back-off that doubles: how long now, and since when. Upstream: client-go flowcontrol.Backoff. */
export interface BackOff {
  ms: number
  since: number
}

/** A container that is being ended. */
export interface Kill {
  /** Virtual milliseconds: then it is killed. */
  deadline: number
  /** Its hook runs, it waits for others to end first, it was sent its signal. */
  stage: 'hook' | 'turn' | 'term'
  /** Sidecars wait for those that they serve. */
  readonly ordered: boolean
}

/** One container of a pod, as the kubelet knows it. Plain data. */
export interface ContainerState {
  readonly name: string
  readonly kind: 'init' | 'sidecar' | 'main' | 'ephemeral'
  /** What the runtime says of its latest instance; 'none' while there is none. */
  state: 'none' | 'running' | 'terminated'
  /** Why it could not be started, last time. Upstream: the reason cache. */
  waiting?: Waiting
  termination?: Termination
  /** How the instance before ended. */
  last?: Termination
  /** Of the latest instance. */
  restartCount: number
  /** Counts starts; tasks of an earlier run are void. */
  run: number
  containerID?: string
  /** What it was started from. */
  image?: string
  /** What it was given when it was started. */
  resources?: unknown
  startedAt?: string
  /** Virtual milliseconds of its start and end. */
  startedMs: number
  finishedMs: number
  /** Of the end of the instance before. */
  lastFinishedMs?: number
  /** What runs in it. */
  kernel?: KernelState
  /** Bytes that its instances before have written, or may have. */
  stored?: number
  /** When the kernel wants to run again: another time's task is void. */
  wakeMs?: number
  log?: Log
  previousLog?: Log
  /** Commands that run in it, by name, and what they have written. */
  sessions?: Record<string, Session>
  started: boolean
  ready: boolean
  /** Why a probe gave up on it, until it is restarted. */
  unhealthy?: { readonly message: string; readonly grace?: number }
  kill?: Kill
  /** A hook that runs, or that has failed. */
  hook?: { readonly kind: 'postStart' | 'preStop'; failure?: string; call?: Call }
  crashes?: BackOff
  pulls?: BackOff & { readonly image: string; readonly message: string }
  /** Consecutive results by probe. */
  probes: Partial<Record<ProbeType, ProbeState>>
}

/** Consecutive results of a probe, and the one that is under way. */
export interface ProbeState {
  ok: number
  failed: number
  /** Virtual milliseconds: when it is asked next. Another time's task is void. */
  next?: number
  /** Virtual milliseconds: when the attempt under way has taken too long. */
  due?: number
  call?: Call
}

/** A probe's or hook's connection. */
export interface Call {
  readonly connection: string
  /** It is a call of gRPC. */
  readonly grpc?: true
  /** What is sent once it is made; nothing where being connected is enough. */
  readonly request?: string
  readonly url: string
  connected?: true
  received: string
}

/** A command that runs in a container. */
export interface Session {
  readonly argv: readonly string[]
  stdout: string
  stderr: string
  /** Somebody reads it, and takes it away: it is a command of theirs, or what the container itself writes. */
  readonly attached?: 'command' | 'container'
  code?: number
}

export type ProbeType = 'startup' | 'liveness' | 'readiness'

/** What a pod's worker is doing. One thing at a time, as upstream's pod workers. */
export type Work =
  | { readonly do: 'mount' }
  | { readonly do: 'sandbox' }
  /** Waits for the end of what it kills; then goes on to start. */
  | { readonly do: 'kill'; readonly names: readonly string[] }
  /** Ends all there is, and the sandbox. */
  | { readonly do: 'end' }
  | { readonly do: 'start'; readonly container: string; readonly at: 'pull' | 'create' | 'hook' }

/** One pod on this node. Plain data. */
export interface PodState {
  readonly uid: string
  readonly key: string
  /** What the kubelet has seen last. */
  pod: KubeObject
  /** Runs, has come to its end, is being ended, is over. */
  stage: 'running' | 'finishing' | 'terminating' | 'terminated'
  startTime: string
  /** The same in virtual milliseconds. */
  startedMs: number
  ip?: string
  sandbox: 'none' | 'ready' | 'stopped'
  mounted: boolean
  containers: ContainerState[]
  work?: Work
  /** Containers to start when what is done now is done. */
  queue: string[]
  /** What the sync that is under way has come to. */
  outcome?: { started: boolean; failed: boolean; madeSandbox: boolean; retryMs?: number; killed?: readonly string[] }
  /** Something happened while it was busy. */
  again: boolean
  /** It is among those that the next relist looks at. */
  dirty: boolean
  /** Counts pieces of work; tasks of earlier ones are void. */
  turn: number
  /** A static pod whose file is gone. */
  removed?: true
  /** Set when the node itself ended the pod. */
  failure?: { readonly reason: string; readonly message: string }
  /** The same while it still ends: it is told of when all is over. */
  eviction?: { readonly reason: string; readonly message: string; readonly isDisruption?: true }
  /** Seconds that the pod has to end when the node ends it. */
  grace?: number
  /** Names of its volumes that must be attached to the node. */
  volumes?: readonly string[]
  /** Since when it waits for them, in virtual milliseconds. */
  waitsSince?: number
  /** What its volumes hold, by name: those that somebody has looked at. */
  trees?: Record<string, VolumeTree>
  /** Retries of mounting. */
  retries: number
}

/** A volume's contents. */
export interface VolumeTree {
  node: DirectoryNode | FileNode
  /** Virtual milliseconds: when it was last made from objects of the API. */
  madeMs?: number
}

export interface Pull {
  readonly image: string
  readonly since: number
  /** It was begun then; it waited before. */
  begun?: number
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
  /** A relist is on its way. */
  relisting: boolean
  addresses: Addresses
  /** Memory was scarce when it was last looked at, and since when. */
  watchesMemory?: true
  pressureSince?: number
  /** The same of its disk. */
  watchesDisk?: true
  diskPressureSince?: number
  /** What host paths hold, by path. */
  disk?: DirectoryNode
}

export function newKubeletState(): KubeletState {
  return {
    registered: false,
    boots: 0,
    pods: [],
    pulls: [],
    nextContainer: 1,
    relisting: false,
    addresses: { last: 1, taken: {} },
  }
}

/** The power goes: what is left is what the disk holds. */
export function cutPower(state: KubeletState): void {
  state.pods = []
  state.pulls = []
  state.relisting = false
  for (const key of ['watchesMemory', 'pressureSince', 'watchesDisk', 'diskPressureSince'] as const) delete state[key]
}

/** A container's spec, whichever list it stands in. */
export function specOf({ pod }: PodState, { name, kind }: Pick<ContainerState, 'name' | 'kind'>): any {
  const { containers, initContainers, ephemeralContainers } = pod.spec
  const list: readonly any[] =
    kind === 'main' ? containers : kind === 'ephemeral' ? ephemeralContainers : initContainers
  return list?.find((one) => one.name === name)
}

/** `spec.containers{web}` */
export function fieldPathOf({ name, kind }: Pick<ContainerState, 'name' | 'kind'>): string {
  const list = kind === 'main' ? 'containers' : kind === 'ephemeral' ? 'ephemeralContainers' : 'initContainers'
  return `spec.${list}{${name}}`
}

/** A pod by its key, or a container by its name, where it must be there. */
export function containerNamed(pod: PodState, name: string): ContainerState | undefined {
  return pod.containers.find((one) => one.name === name)
}

export function isSuccess({ state, termination }: ContainerState): boolean {
  return state === 'terminated' && termination!.exitCode === 0
}

/** Seconds that a pod has to end. */
export function graceOf({ pod }: PodState): number {
  return pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
}
