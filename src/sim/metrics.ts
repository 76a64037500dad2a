import type { KubeObject } from '../machinery/objects.ts'

/** What metrics.k8s.io tells of one container: the last that was measured, over a window. */
export interface ContainerUsage {
  readonly name: string
  readonly milliCPU: number
  readonly memoryBytes: number
}

export interface PodUsage {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  /** When it was measured, in epoch milliseconds. */
  readonly atMs: number
  readonly containers: readonly ContainerUsage[]
}

export interface NodeUsage {
  readonly name: string
  readonly atMs: number
  readonly milliCPU: number
  readonly memoryBytes: number
}

/** Where metrics come from, when there are any: the machines' kubelets. */
export interface MetricsSource {
  readonly windowMs: number
  /** Pods that are asked for, by namespace and name. */
  pods(asked: (pod: KubeObject) => boolean): PodUsage[]
  nodes(): NodeUsage[]
}
