import { matchesNodeAffinity, matchesTerm } from '../../framework/node-selector.ts'
import { defaultNormalizeScore, unresolvable, type Plugin } from '../../framework/types.ts'

const refused = unresolvable("node(s) didn't match Pod's node affinity/selector")

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  events: ['nodes/ADDED', 'nodes/MODIFIED'],
  preFilter: (_state, { pod }) => {
    const { nodeSelector, affinity } = pod.spec
    return !nodeSelector && !affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ? 'skip' : undefined
  },
  filter: (_state, { pod }, { node }) => (matchesNodeAffinity(pod, node) ? undefined : refused),
  preScore: (_state, { pod }) =>
    pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length ? undefined : 'skip',
  score: (_state, { pod }, { node }) => {
    let score = 0
    for (const { weight, preference } of pod.spec.affinity.nodeAffinity
      .preferredDuringSchedulingIgnoredDuringExecution) {
      if (matchesTerm(preference, node)) score += weight
    }
    return score
  },
  normalizeScore: (_state, _pod, scores) => defaultNormalizeScore(scores, false),
}
