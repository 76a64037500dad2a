import type { KubeObject } from '../../machinery/objects.ts'
import { milliValue, parseQuantity } from '../../machinery/quantity.ts'
import type { Behaviour } from './runtime.ts'

/** Annotations of a pod that say what it uses, its containers together: `kubecosm.dev/cpu: 250m`. */
const annotations = { cpu: 'kubecosm.dev/cpu', memory: 'kubecosm.dev/memory' } as const

/** What one of a pod's running containers uses. `sharers` is how many there are to divide an annotation's amount among. */
export function usageOf(
  pod: KubeObject,
  container: string,
  behaviour: Behaviour,
  sharers: number,
): { readonly milliCPU: number; readonly memoryBytes: number } {
  const { containers, initContainers = [] } = pod.spec
  const resources = [...containers, ...initContainers].find((one: any) => one.name === container)?.resources ?? {}
  const amount = (name: 'cpu' | 'memory', constant: number): number => {
    const said = pod.metadata.annotations?.[annotations[name]]
    const isSaid = said !== undefined && parseQuantity(said) !== undefined
    const requested = milliValue(resources.requests?.[name]) * (behaviour.shareOfRequest ?? 0)
    const wanted = isSaid ? milliValue(said) / sharers : Math.max(constant, requested)
    const limit = resources.limits?.[name]
    return Math.max(0, Math.min(wanted, limit === undefined ? Infinity : milliValue(limit)))
  }
  return {
    milliCPU: Math.round(amount('cpu', behaviour.milliCPU)),
    memoryBytes: Math.round(amount('memory', behaviour.memoryBytes * 1000) / 1000),
  }
}
