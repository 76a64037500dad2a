import { recordedMachine } from './recorded-machine.ts'
import type { Upgrades } from '../../src/node/streaming/upgrades.ts'
import type { Registry } from '../../src/sim/machines/registry.ts'

/** What the runner needs of a cluster: the API over HTTP-like requests, virtual time, and what changed. */
export interface ClusterRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The token of the cluster's administrator, beside those that the cases name. */
export const adminToken = 'admintoken'

export interface ResponseStream {
  /** What was sent since the last read. */
  read(): string
  readonly closed: boolean
  close(): void
}

export interface ClusterResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** A watch: more comes while virtual time passes. */
  readonly stream?: ResponseStream
}

/** One write, in the order of the store. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** `pods`, `deployments.apps`. */
  readonly resource: string
  readonly object: any
  /** Wall clock, milliseconds: when it happened, where the cluster knows. */
  readonly at?: number
}

export interface ConformanceCluster {
  handle(request: ClusterRequest): ClusterResponse
  /** Connections that exec, attach and port-forward keep open, where the cluster takes them. */
  readonly upgrades?: Pick<Upgrades, 'upgrade' | 'pump' | 'size' | 'close'>
  /** Virtual milliseconds since the epoch. */
  now(): number
  runFor(ms: number): void
  /** All writes since the last call. */
  changes(): Change[]
  /** Weighted, normalised scores per node of a pod's last successful scheduling, where the cluster keeps them. */
  scores?(podKey: string): Record<string, { total: number; plugins: Record<string, number> }> | undefined
  /** A manifest in the kubelet's static pod folder; undefined removes it. */
  staticPod?(node: string, file: string, manifest: string | undefined): void
  kubeletProcess?(node: string, state: 'start' | 'stop'): void
}

export interface RecordedMachine {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly labels?: Readonly<Record<string, string>>
  /** Full names of images that are on its disk, and their sizes. */
  readonly images?: Readonly<Record<string, number>>
  readonly registry?: Registry
}

export interface ClusterOptions {
  /** Milliseconds; the recorder's flags of the controller manager. */
  readonly nodeMonitorGracePeriod?: number
  readonly nodeMonitorPeriod?: number
  readonly hpaSyncPeriod?: number
  /** False where the recorder ran none. */
  readonly controllerManager?: false
  /** Machines with kubelets of their own; none where nodes are bare API objects. */
  readonly machines: readonly RecordedMachine[]
}

export type OpenCluster = (options: ClusterOptions) => ConformanceCluster

/** The flags that each area was recorded with. */
export function optionsOf(area: string): ClusterOptions {
  switch (area) {
    case 'controllers':
      return { nodeMonitorGracePeriod: 12_000, nodeMonitorPeriod: 1_000, hpaSyncPeriod: 2_000, machines: [] }
    case 'scheduler':
      return { nodeMonitorGracePeriod: 3_600_000, machines: [] }
    case 'scheduler-random':
      return { controllerManager: false, machines: [] }
    case 'kubelet':
      return { machines: [recordedMachine] }
    default:
      return { machines: [] }
  }
}
