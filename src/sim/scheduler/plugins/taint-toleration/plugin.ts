import { isTolerated, type Taint } from '../../../../machinery/taints.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { becomes, ownChange, type Hint } from '../../framework/hints.ts'
import { factsOf } from '../../framework/node-facts.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { defaultNormalizeScore, maxNodeScore, unresolvable, type Plugin } from '../../framework/types.ts'

const refused = unresolvable('node(s) had untolerated taint(s)')

function toleratesAll({ pod }: PodInfo, node: KubeObject): boolean {
  const taints: readonly Taint[] | undefined = node.spec?.taints
  if (!taints) return true
  for (const taint of taints)
    if (taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, pod.spec.tolerations)) return false
  return true
}

const tolerable: Hint = becomes(toleratesAll)

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  events: {
    'nodes/ADDED': tolerable,
    'nodes/MODIFIED': tolerable,
    'pods/MODIFIED': ownChange(({ spec }) => spec.tolerations),
  },
  preFilter: (_state, _pod, handle) => (factsOf(handle.nodes()).anyHardTaint ? undefined : 'skip'),
  filter: (_state, pod, { node }) => (toleratesAll(pod, node) ? undefined : refused),
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
