import type { KubeObject } from '../../../../machinery/objects.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import { factsOf } from '../../framework/node-facts.ts'
import { matchesNodeAffinity } from '../../framework/node-selector.ts'
import type { Handle } from '../../framework/types.ts'
import { constraintsOf, counterOf, hasAllKeys, isIncluded } from './constraints.ts'
import { defaultSelector, systemDefaults } from './default-constraints.ts'

const hostname = 'kubernetes.io/hostname'

/** A constraint that counts for the score. */
interface Scored {
  readonly topologyKey: string
  readonly maxSkew: number
  /** More domains make each pod in one weigh more. Upstream: topologyNormalizingWeight. */
  readonly weight: number
  count(node: NodeInfo, domain: string): number
}

/** What the pod's soft constraints, or the system's defaults, say about nodes. */
export interface Liking {
  readonly constraints: readonly Scored[]
  /** Nodes without all keys are not scored; for the system's defaults they just do without. */
  readonly keysRequired: boolean
}

/** Undefined when nothing is to be spread. */
export function likingOf(pod: KubeObject, nodes: readonly NodeInfo[], handle: Handle): Liking | undefined {
  const keysRequired = pod.spec.topologySpreadConstraints?.length > 0
  const constraints = keysRequired ? ownConstraints(pod, nodes, handle) : defaults(pod, nodes, handle)
  return constraints.length > 0 ? { constraints, keysRequired } : undefined
}

function ownConstraints(pod: KubeObject, nodes: readonly NodeInfo[], handle: Handle): Scored[] {
  const soft = constraintsOf(pod, 'ScheduleAnyway')
  const scored = nodes.filter((node) => hasAllKeys(node, soft))
  return soft.map((constraint) => {
    const { topologyKey, maxSkew, labelSelector } = constraint
    const matching = counterOf(labelSelector, pod.metadata.namespace ?? '', handle)
    const weight = weightOf(topologyKey, scored)
    // Each node is a host of its own, whatever the constraint says about which nodes to include.
    if (topologyKey === hostname) return { topologyKey, maxSkew, weight, count: matching }
    const counts = new Map<string, number>()
    for (const node of handle.nodes()) {
      if (!hasAllKeys(node, soft) || !isIncluded(constraint, pod, node)) continue
      const domain = node.labels[topologyKey]!
      counts.set(domain, (counts.get(domain) ?? 0) + matching(node))
    }
    return { topologyKey, maxSkew, weight, count: (_node: NodeInfo, domain: string) => counts.get(domain) ?? 0 }
  })
}

/** The system's own constraints, over the pods of the same Services and owner. */
function defaults(pod: KubeObject, nodes: readonly NodeInfo[], handle: Handle): Scored[] {
  const selector = defaultSelector(pod, handle)
  if (!selector) return []
  const byNode = handle.counts.of(pod.metadata.namespace ?? '', selector, handle.nodes())
  // Nodes that the pod may not use do not count; most pods may use all.
  const choosy = pod.spec.nodeSelector !== undefined || pod.spec.affinity?.nodeAffinity !== undefined
  const known = systemDefaults.filter(({ topologyKey }) => factsOf(handle.nodes()).hasLabel(topologyKey))
  return known.map(({ topologyKey, maxSkew }) => {
    const weight = weightOf(topologyKey, nodes)
    if (topologyKey === hostname)
      return { topologyKey, maxSkew, weight, count: (node: NodeInfo) => byNode.get(node.name) ?? 0 }
    const byDomain = new Map<string, number>()
    for (const node of handle.nodes()) {
      const count = byNode.get(node.name)
      if (count === undefined) continue
      const domain = node.labels[topologyKey]
      if (domain !== undefined && (!choosy || matchesNodeAffinity(pod, node.node)))
        byDomain.set(domain, (byDomain.get(domain) ?? 0) + count)
    }
    return { topologyKey, maxSkew, weight, count: (_node: NodeInfo, domain: string) => byDomain.get(domain) ?? 0 }
  })
}

/** By how many values of a key the scored nodes have; having none of it is one more, as upstream counts. */
function weightOf(topologyKey: string, nodes: readonly NodeInfo[]): number {
  if (topologyKey === hostname) return Math.log(nodes.length + 2)
  const domains = new Set<string | undefined>()
  let last: string | undefined | null = null
  for (const node of nodes) {
    const domain = node.labels[topologyKey]
    // Neighbours in the list are often neighbours in the world.
    if (domain !== last) domains.add((last = domain))
  }
  return Math.log(domains.size + 2)
}
