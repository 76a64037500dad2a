import type { ApiServer } from '../apiserver/server.ts'
import type { Client } from '../client/client.ts'
import type { Clock } from '../clock/clock.ts'
import type { ContainerRuntime } from '../containers/runtime.ts'
import type { Latencies } from '../latencies.ts'
import type { Machine } from '../machines/machine.ts'
import type { KubeletState, PodState } from './state.ts'

/** What the parts of one kubelet share. */
export interface KubeletEnvironment {
  readonly name: string
  readonly actor: string
  readonly state: KubeletState
  readonly client: Client
  readonly clock: Clock
  readonly api: ApiServer
  readonly runtime: ContainerRuntime
  readonly latencies: Latencies
  machine(): Machine
  /** Remembers an image on the machine's disk. */
  keepImage(name: string, sizeBytes: number): void
  /** Can it talk to the API server? */
  online(): boolean
  /** Does a host of the cluster's network (a Service, an address) answer? */
  answers(namespace: string, host: string, port: number | undefined): boolean
  /** Writes what changed in a pod's status, now or when the line is back. */
  report(pod: PodState): void
  /** Writes which attached volumes the node's pods use. */
  reportVolumes(): void
  find(uid: string): PodState | undefined
}

/** A step of one pod that is due, as a task's payload. */
export interface PodStep {
  readonly pod: string
  readonly step:
    'mount' | 'sandboxed' | 'start' | 'exit' | 'restart' | 'wait' | 'probe' | 'kill' | 'stopped' | 'torndown' | 'config'
  readonly container?: string
  readonly run?: number
  readonly code?: number
  readonly probe?: 'startup' | 'liveness' | 'readiness'
}

/** Schedules a pod's next step. */
export function later(environment: KubeletEnvironment, delayMs: number, step: PodStep, background = false): void {
  environment.clock.schedule(environment.actor, delayMs, { ...step, boot: environment.state.boots }, { background })
}
