import type { KubeObject } from '../../machinery/objects.ts'
import { milliValue, parseQuantity } from '../../machinery/quantity.ts'
import type { Behaviour } from './runtime.ts'

/** Annotations of a pod that say what it uses, its containers together: `kubecosm.dev/cpu: 250m`. */
const annotations = { cpu: 'kubecosm.dev/cpu', memory: 'kubecosm.dev/memory' } as const

/** What one of a pod's running containers uses. `sharers` is how many there are to divide an annotation's amount among. */
export function usageOf(
  pod: KubeObject,
  container: string,
  behaviour: Pick<Behaviour, 'milliCPU' | 'memoryBytes' | 'shareOfRequest'>,
  sharers: number,
): { readonly milliCPU: number; readonly memoryBytes: number } {
  const { containers, initContainers = [] } = pod.spec
  const named = (one: any): boolean => one.name === container
  const { requests, limits } = (containers.find(named) ?? initContainers.find(named))?.resources ?? {}
  const amount = (name: 'cpu' | 'memory', constant: number): number => {
    const said = pod.metadata.annotations?.[annotations[name]]
    let wanted = constant
    if (said !== undefined && parseQuantity(said)) wanted = milliValue(said) / sharers
    else if (behaviour.shareOfRequest)
      wanted = Math.max(constant, milliValue(requests?.[name]) * behaviour.shareOfRequest)
    return Math.max(0, limits?.[name] === undefined ? wanted : Math.min(wanted, milliValue(limits[name])))
  }
  return {
    milliCPU: Math.round(amount('cpu', behaviour.milliCPU)),
    memoryBytes: Math.round(amount('memory', behaviour.memoryBytes * 1000) / 1000),
  }
}
