import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import type { Handle } from '../../framework/types.ts'
import { constraintsOf, counterOf, hasAllKeys, isIncluded } from './constraints.ts'

/** A constraint that must hold, and how many pods its domains have. */
export interface Counted {
  readonly constraint: any
  /** Domain → matching pods in it. */
  readonly counts: Map<string, number>
  readonly selfMatch: number
  /** Of the emptiest domain. */
  min: number
}

/** Counts the domains of the pod's hard constraints. */
export function countHard({ pod }: PodInfo, handle: Handle): readonly Counted[] {
  const hard = constraintsOf(pod, 'DoNotSchedule')
  return hard.map((constraint) => {
    const { labelSelector, topologyKey } = constraint
    const matching = counterOf(labelSelector, pod.metadata.namespace ?? '', handle)
    const counts = new Map<string, number>()
    for (const node of handle.nodes()) {
      if (!hasAllKeys(node, hard) || !isIncluded(constraint, pod, node)) continue
      const domain = node.labels[topologyKey]!
      counts.set(domain, (counts.get(domain) ?? 0) + matching(node))
    }
    const selfMatch = matchesLabelSelector(labelSelector, pod.metadata.labels ?? {}) ? 1 : 0
    return { constraint, counts, selfMatch, min: least(constraint, counts) }
  })
}

/** In a trial, a pod came to a node or left it. */
export function countPod(
  all: readonly Counted[],
  { pod }: PodInfo,
  other: PodInfo,
  node: NodeInfo,
  sign: 1 | -1,
): void {
  const { metadata } = other.pod
  if (metadata.namespace !== pod.metadata.namespace) return
  if (all.some(({ constraint }) => node.labels[constraint.topologyKey] === undefined)) return
  for (const one of all) {
    const { constraint, counts } = one
    if (!matchesLabelSelector(constraint.labelSelector, metadata.labels ?? {})) continue
    if (!isIncluded(constraint, pod, node)) continue
    const domain = node.labels[constraint.topologyKey]!
    counts.set(domain, (counts.get(domain) ?? 0) + sign)
    one.min = least(constraint, counts)
  }
}

/** Changes of the copy leave the original alone. */
export function cloneCounted(all: readonly Counted[]): readonly Counted[] {
  return all.map((one) => ({ ...one, counts: new Map(one.counts) }))
}

/** Domains that are missing count as empty ones. */
function least({ minDomains = 1 }: any, counts: ReadonlyMap<string, number>): number {
  if (counts.size < minDomains) return 0
  let min = Infinity
  for (const count of counts.values()) if (count < min) min = count
  return min
}
