import type { PodState } from './state.ts'

/** What a pod's containers are called. */
export function hostnameOf(pod: PodState['pod'], nodeName?: string): string {
  if (pod.spec.hostNetwork && nodeName !== undefined) return nodeName
  return (pod.spec.hostname ?? pod.metadata.name).slice(0, 63).replace(/[-.]+$/, '')
}
