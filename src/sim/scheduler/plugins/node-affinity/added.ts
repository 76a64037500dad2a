import { becomes } from '../../framework/hints.ts'
import { matchesNodeAffinity, matchesTerm, matchesTerms } from '../../framework/node-selector.ts'
import { unresolvable, type Plugin } from '../../framework/types.ts'
import { nodeAffinity } from './plugin.ts'

const refused = unresolvable("node(s) didn't match scheduler-enforced node affinity")

/** The plugin with an affinity that every pod of the profile has besides its own. */
export function nodeAffinityWith({ addedAffinity }: { readonly addedAffinity?: any }): Plugin {
  const required = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const preferred: readonly any[] = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const own = (pod: any) => pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length > 0
  const accepts = (node: any) => !required || matchesTerms(required.nodeSelectorTerms ?? [], node)
  const matched = becomes(({ pod }, node) => accepts(node) && matchesNodeAffinity(pod, node))
  return {
    ...nodeAffinity,
    events: { 'nodes/ADDED': matched, 'nodes/MODIFIED': matched },
    preFilter: (state, pod, handle) => {
      const result = nodeAffinity.preFilter!(state, pod, handle)
      return result === 'skip' && required ? undefined : result
    },
    filter: (state, pod, node, handle) =>
      accepts(node.node) ? nodeAffinity.filter!(state, pod, node, handle) : refused,
    preScore: (_state, { pod }) => (own(pod) || preferred.length > 0 ? undefined : 'skip'),
    score: (state, pod, node, handle) => {
      let score = own(pod.pod) ? nodeAffinity.score!(state, pod, node, handle) : 0
      for (const { weight = 0, preference } of preferred) if (matchesTerm(preference ?? {}, node.node)) score += weight
      return score
    },
  }
}
