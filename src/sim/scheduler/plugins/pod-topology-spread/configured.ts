import type { Hint } from '../../framework/hints.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import type { Handle, Plugin } from '../../framework/types.ts'
import { defaultSelector } from './default-constraints.ts'
import { podTopologySpread } from './plugin.ts'

/** The plugin with a list of constraints for pods that have none of their own, instead of the system's. */
export function podTopologySpreadWith(constraints: readonly any[]): Plugin {
  const withList = (pod: PodInfo, handle: Handle): PodInfo | undefined => {
    if (pod.pod.spec.topologySpreadConstraints?.length) return pod
    const labelSelector = constraints.length > 0 ? defaultSelector(pod.pod, handle) : undefined
    if (!labelSelector) return undefined
    const topologySpreadConstraints = constraints.map((one) => ({ ...one, labelSelector }))
    return { ...pod, pod: { ...pod.pod, spec: { ...pod.pod.spec, topologySpreadConstraints } } }
  }
  const events = Object.fromEntries(
    Object.entries(podTopologySpread.events ?? {}).map(([event, hint]): [string, Hint] => [
      event,
      (pod, change, handle) => hint!(withList(pod, handle) ?? pod, change, handle),
    ]),
  )
  return {
    ...podTopologySpread,
    events,
    preFilter: (state, pod, handle) => {
      const seen = withList(pod, handle)
      return seen ? podTopologySpread.preFilter!(state, seen, handle) : 'skip'
    },
    preScore: (state, pod, nodes, handle) => {
      const seen = withList(pod, handle)
      return seen ? podTopologySpread.preScore!(state, seen, nodes, handle) : 'skip'
    },
  }
}
