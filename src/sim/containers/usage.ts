import type { KubeObject } from '../../machinery/objects.ts'
import { milliValue, parseQuantity } from '../../machinery/quantity.ts'
import type { Usage } from './kernel/types.ts'

/** What one container uses. */
export interface ContainerUse {
  readonly milliCPU: number
  readonly memoryBytes: number
  /** What it cannot do without: with less than that it is killed. */
  readonly heldBytes: number
}

/**
 * What one of a pod's running containers uses. `behaviour` says what the pod uses where that was said
 * (`kubecosm.dev/cpu: 250m`), its containers together; `sharers` is how many there are.
 */
export function usageOf(
  pod: KubeObject,
  container: string,
  used: Usage,
  sharers: number,
  behaviour: (name: 'cpu' | 'memory') => string | undefined,
): ContainerUse {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  const named = (one: any): boolean => one.name === container
  const spec = containers.find(named) ?? initContainers.find(named) ?? ephemeralContainers.find(named)
  const { requests, limits } = spec?.resources ?? {}
  const said = (name: 'cpu' | 'memory'): number | undefined => {
    const text = behaviour(name)
    return text !== undefined && parseQuantity(text) ? Math.max(0, milliValue(text) / sharers) : undefined
  }
  const amount = (name: 'cpu' | 'memory', own: number): number => {
    const wanted =
      said(name) ?? (used.shareOfRequest ? Math.max(own, milliValue(requests?.[name]) * used.shareOfRequest) : own)
    return limits?.[name] === undefined ? wanted : Math.min(wanted, milliValue(limits[name]))
  }
  const annotated = said('memory')
  const heldBytes = annotated === undefined ? used.memoryBytes : annotated / 1000
  return {
    milliCPU: Math.round(amount('cpu', used.milliCPU)),
    memoryBytes: Math.round(amount('memory', (used.memoryBytes + (used.spareBytes ?? 0)) * 1000) / 1000),
    heldBytes: Math.round(heldBytes),
  }
}
