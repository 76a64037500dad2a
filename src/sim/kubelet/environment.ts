import type { ApiServer } from '../apiserver/server.ts'
import type { Client } from '../client/client.ts'
import type { Clock } from '../clock/clock.ts'
import type { Images } from '../containers/images/image.ts'
import type { Programs } from '../containers/kernel/start.ts'
import type { DirectoryNode } from '../containers/kernel/types.ts'
import type { Latencies } from '../latencies.ts'
import type { Machine } from '../machines/machine.ts'
import type { Network } from '../network/network.ts'
import type { Containers } from './containers.ts'
import type { PodWorkers } from './pod-workers.ts'
import type { ContainerState, KubeletState, PodState, ProbeType } from './state.ts'

/** What the parts of one kubelet share. */
export interface KubeletEnvironment {
  readonly name: string
  readonly actor: string
  readonly state: KubeletState
  readonly client: Client
  readonly clock: Clock
  readonly api: ApiServer
  readonly images: Images
  readonly programs: Programs
  readonly network: Network
  /** What volumes of claims hold, by the volume's name: they can be used on any machine. */
  readonly disks: Record<string, DirectoryNode>
  readonly latencies: Latencies
  /** The runtime's side of containers. */
  readonly containers: Containers
  /** Who looks after each pod. */
  readonly workers: PodWorkers
  machine(): Machine
  /** Remembers an image on the machine's disk. */
  keepImage(name: string, sizeBytes: number): void
  /** Takes images away from the machine's disk. */
  dropImages(names: readonly string[]): void
  /** Can it talk to the API server? */
  online(): boolean
  /** Writes what changed in a pod's status, now or when the line is back. */
  report(pod: PodState): void
  /** Writes which attached volumes the node's pods use. */
  reportVolumes(): void
  /** All of a pod is over: it is taken away if it was deleted. */
  finished(pod: PodState): void
  /** Bytes of memory that a container may use; undefined when it may use all. */
  memoryLimitOf(pod: PodState, container: ContainerState): number | undefined
  /** Writes the Node's status. */
  reportNode(): void
  find(uid: string): PodState | undefined
}

/** A step of one pod that is due, as a task's payload. */
export interface PodStep {
  readonly pod: string
  readonly step:
    /** Of the pod's worker; void when its turn is over. */
    | 'wake'
    | 'mount'
    | 'sandboxed'
    | 'created'
    | 'deadline'
    | 'storage'
    | 'forget'
    | 'torndown'
    /** Of one container's run. */
    | 'kill'
    | 'hook'
    | 'exit'
    | 'run'
    | 'probe'
    | 'timeout'
  readonly turn?: number
  readonly container?: string
  readonly run?: number
  readonly code?: number
  readonly probe?: ProbeType
  readonly due?: number
}

/** Schedules a pod's next step. */
export function later(environment: KubeletEnvironment, delayMs: number, step: PodStep, background = false): void {
  environment.clock.schedule(environment.actor, delayMs, { ...step, boot: environment.state.boots }, { background })
}

/** What a kubelet is given; the rest of its environment is its own. */
export type KubeletParts = Omit<
  KubeletEnvironment,
  | 'name'
  | 'actor'
  | 'state'
  | 'report'
  | 'reportVolumes'
  | 'finished'
  | 'find'
  | 'containers'
  | 'workers'
  | 'memoryLimitOf'
  | 'reportNode'
>
