import { becomes, type Hint } from '../../framework/hints.ts'
import { matchesNodeAffinity, matchesTerm } from '../../framework/node-selector.ts'
import { defaultNormalizeScore, unresolvable, type Plugin } from '../../framework/types.ts'

const refused = unresolvable("node(s) didn't match Pod's node affinity/selector")

const conflicting = unresolvable('pod affinity terms conflict')

const matched: Hint = becomes(({ pod }, node) => matchesNodeAffinity(pod, node))

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  events: { 'nodes/ADDED': matched, 'nodes/MODIFIED': matched },
  preFilter: (_state, { pod }) => {
    const { nodeSelector, affinity } = pod.spec
    const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    if (!nodeSelector && !required) return 'skip'
    const nodes = namedNodes(required?.nodeSelectorTerms ?? [])
    if (!nodes) return undefined
    return nodes.size === 0 ? conflicting : { nodes }
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

/** The nodes that terms name; undefined when one of them names none, for terms are alternatives. */
function namedNodes(terms: readonly any[]): Set<string> | undefined {
  if (terms.length === 0) return undefined
  const nodes = new Set<string>()
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter((one: any) => one.key === 'metadata.name' && one.operator === 'In')
    if (lists.length === 0) return undefined
    for (const name of lists[0].values) if (lists.every((one: any) => one.values.includes(name))) nodes.add(name)
  }
  return nodes
}
