import type { KubeObject } from '../../machinery/objects.ts'
import type { ContainerUsage } from '../metrics.ts'
import type { KubeletEnvironment } from './environment.ts'

/** What a pod's running containers use. */
export interface PodUsage {
  readonly pod: KubeObject
  readonly containers: readonly (ContainerUsage & { readonly startedMs: number })[]
}

/** What the containers of a machine use now, of the pods that are asked for. */
export function podUsages(
  { state, containers }: KubeletEnvironment,
  asked: (pod: KubeObject) => boolean = () => true,
): PodUsage[] {
  const found = state.pods.filter(({ pod }) => asked(pod))
  return found.map((pod) => ({
    pod: pod.pod,
    containers: pod.containers
      .filter((one) => one.state === 'running')
      .map((one) => {
        const { milliCPU = 0, memoryBytes = 0 } = containers.usage(pod, one) ?? {}
        return { name: one.name, startedMs: one.startedMs, milliCPU, memoryBytes }
      }),
  }))
}

/** The same, added up. */
export function usageOfAll(environment: KubeletEnvironment): { milliCPU: number; memoryBytes: number } {
  const sum = { milliCPU: 0, memoryBytes: 0 }
  for (const { containers } of podUsages(environment))
    for (const one of containers) {
      sum.milliCPU += one.milliCPU
      sum.memoryBytes += one.memoryBytes
    }
  return sum
}
