import { isTolerated, type Taint } from '../../../../machinery/taints.ts'
import { factsOf } from '../../framework/node-facts.ts'
import { defaultNormalizeScore, maxNodeScore, unresolvable, type Plugin } from '../../framework/types.ts'

const refused = unresolvable('node(s) had untolerated taint(s)')

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  events: ['nodes/ADDED', 'nodes/MODIFIED'],
  preFilter: (_state, _pod, handle) => (factsOf(handle.nodes()).anyHardTaint ? undefined : 'skip'),
  filter: (_state, { pod }, { node }) => {
    const taints: readonly Taint[] | undefined = node.spec?.taints
    if (!taints) return undefined
    for (const taint of taints) {
      if (taint.effect === 'PreferNoSchedule') continue
      if (!isTolerated(taint, pod.spec.tolerations)) return refused
    }
    return undefined
  },
  preScore: (_state, _pod, _nodes, handle) => (factsOf(handle.nodes()).anySoftTaint ? undefined : maxNodeScore),
  /** How many soft taints the pod would have to bear. */
  score: (_state, { pod }, { node }) => {
    const taints: readonly Taint[] | undefined = node.spec?.taints
    if (!taints) return 0
    let count = 0
    for (const taint of taints) {
      if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, pod.spec.tolerations)) count++
    }
    return count
  },
  normalizeScore: (_state, _pod, scores) => defaultNormalizeScore(scores, true),
}
