import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import { isTolerated, type Taint } from '../../../../machinery/taints.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import { defaultSelector, systemDefaults } from './default-constraints.ts'
import { factsOf } from '../../framework/node-facts.ts'
import { matchesNodeAffinity } from '../../framework/node-selector.ts'
import { maxNodeScore, unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'PodTopologySpread'
const scoreKey = 'PodTopologySpread/score'
const hostname = 'kubernetes.io/hostname'
const noKey = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")
const skewed = unschedulable("node(s) didn't match pod topology spread constraints")

interface Counted {
  readonly constraint: any
  /** Domain → matching pods in it. */
  readonly counts: ReadonlyMap<string, number>
  readonly selfMatch: number
  readonly min: number
}

/** A constraint that counts for the score. */
interface Scored {
  readonly topologyKey: string
  readonly maxSkew: number
  /** More domains make each pod in one weigh more. Upstream: topologyNormalizingWeight. */
  readonly weight: number
  /** Nodes without the key are not scored; for the system's defaults they just do without it. */
  readonly required: boolean
  count(node: NodeInfo, domain: string): number
}

/** Keeps a workload's pods spread over topology domains. Upstream: podtopologyspread. */
export const podTopologySpread: Plugin = {
  name: key,
  weight: 2,
  events: ['nodes/ADDED', 'nodes/MODIFIED', 'nodes/DELETED', 'pods/ADDED', 'pods/MODIFIED', 'pods/DELETED'],
  preFilter: (state, { pod }, handle) => {
    const hard = constraintsOf(pod, 'DoNotSchedule')
    if (hard.length === 0) return 'skip'
    state.set(
      key,
      hard.map((one) => count(one, pod, hard, handle)),
    )
    return undefined
  },
  filter: (state, _pod, node) => {
    for (const { constraint, counts, selfMatch, min } of state.get(key) as Counted[]) {
      const domain = node.labels[constraint.topologyKey]
      if (domain === undefined) return noKey
      if ((counts.get(domain) ?? 0) + selfMatch - min > constraint.maxSkew) return skewed
    }
    return undefined
  },
  preScore: (state, { pod }, nodes, handle) => {
    const soft = constraintsOf(pod, 'ScheduleAnyway')
    const scored = pod.spec.topologySpreadConstraints?.length
      ? soft.map((one) => countedFor(one, pod, soft, nodes, handle))
      : defaults(pod, nodes, handle)
    if (scored.length === 0) return 'skip'
    state.set(scoreKey, scored)
    return undefined
  },
  score: (state, _pod, node) => {
    const constraints = state.get(scoreKey) as readonly Scored[]
    let score = 0
    // Called for every node and pod: an index is cheaper than an iterator.
    for (let i = 0; i < constraints.length; i++) {
      const one = constraints[i]!
      const domain = node.labels[one.topologyKey]
      if (domain !== undefined) score += one.count(node, domain) * one.weight + (one.maxSkew - 1)
      else if (one.required) return -1
    }
    return Math.round(score)
  },
  normalizeScore: (_state, _pod, scores) => {
    let max = 0
    let min = Infinity
    for (const score of scores) {
      if (score < 0) continue
      max = Math.max(max, score)
      min = Math.min(min, score)
    }
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!
      if (score < 0) scores[i] = 0
      else scores[i] = max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - score)) / max)
    }
  },
}

function countedFor(
  constraint: any,
  pod: KubeObject,
  all: readonly any[],
  nodes: readonly NodeInfo[],
  handle: Handle,
): Scored {
  const { counts } = count(constraint, pod, all, handle)
  const { topologyKey, maxSkew } = constraint
  return {
    topologyKey,
    maxSkew,
    weight: Math.log(domainsOf(topologyKey, nodes) + 2),
    required: true,
    count: (_node, domain) => counts.get(domain) ?? 0,
  }
}

/** The system's own constraints, over the pods of the same Services and owner. */
function defaults(pod: KubeObject, nodes: readonly NodeInfo[], handle: Handle): Scored[] {
  const selector = defaultSelector(pod, handle)
  if (!selector) return []
  const byNode = handle.counts.of(pod.metadata.namespace ?? '', selector, handle.nodes())
  const known = systemDefaults.filter(({ topologyKey }) => factsOf(handle.nodes()).hasLabel(topologyKey))
  return known.map(({ topologyKey, maxSkew }) => {
    const weight = Math.log(domainsOf(topologyKey, nodes) + 2)
    if (topologyKey === hostname)
      return { topologyKey, maxSkew, weight, required: false, count: (node: NodeInfo) => byNode.get(node.name) ?? 0 }
    const byDomain = new Map<string, number>()
    for (const node of handle.nodes()) {
      const domain = node.labels[topologyKey]
      if (domain !== undefined) byDomain.set(domain, (byDomain.get(domain) ?? 0) + (byNode.get(node.name) ?? 0))
    }
    return {
      topologyKey,
      maxSkew,
      weight,
      required: false,
      count: (_node: NodeInfo, domain: string) => byDomain.get(domain) ?? 0,
    }
  })
}

/** How many values of a key the scored nodes have; each node is a host of its own. */
function domainsOf(topologyKey: string, nodes: readonly NodeInfo[]): number {
  if (topologyKey === hostname) return nodes.length
  const domains = new Set<string>()
  for (const node of nodes) if (node.labels[topologyKey] !== undefined) domains.add(node.labels[topologyKey]!)
  return domains.size
}

function constraintsOf(pod: KubeObject, whenUnsatisfiable: string): readonly any[] {
  const all: readonly any[] = pod.spec.topologySpreadConstraints ?? []
  return all.filter((one) => one.whenUnsatisfiable === whenUnsatisfiable)
}

function count(constraint: any, pod: KubeObject, all: readonly any[], handle: Handle): Counted {
  const selector = selectorOf(constraint, pod)
  const counts = new Map<string, number>()
  for (const node of handle.nodes()) {
    if (!isCounted(constraint, pod, node, all)) continue
    const domain = node.labels[constraint.topologyKey]!
    let matching = counts.get(domain) ?? 0
    for (const { pod: other } of node.pods.values()) {
      if (other.metadata.namespace !== pod.metadata.namespace || other.metadata.deletionTimestamp) continue
      if (matchesLabelSelector(selector, other.metadata.labels ?? {})) matching++
    }
    counts.set(domain, matching)
  }
  const fewDomains = constraint.minDomains && counts.size < constraint.minDomains
  const min = fewDomains || counts.size === 0 ? 0 : Math.min(...counts.values())
  return { constraint, counts, min, selfMatch: matchesLabelSelector(selector, pod.metadata.labels ?? {}) ? 1 : 0 }
}

function selectorOf(constraint: any, pod: KubeObject): any {
  const keys: readonly string[] = constraint.matchLabelKeys ?? []
  if (keys.length === 0) return constraint.labelSelector
  const extra = Object.fromEntries(
    keys.filter((one) => pod.metadata.labels?.[one] !== undefined).map((one) => [one, pod.metadata.labels![one]]),
  )
  return { ...constraint.labelSelector, matchLabels: { ...constraint.labelSelector?.matchLabels, ...extra } }
}

/** Does a node's population count for a constraint? */
function isCounted(constraint: any, pod: KubeObject, node: NodeInfo, all: readonly any[]): boolean {
  if (all.some((one) => node.labels[one.topologyKey] === undefined)) return false
  if ((constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor' && !matchesNodeAffinity(pod, node.node)) return false
  if (constraint.nodeTaintsPolicy !== 'Honor') return true
  const taints: readonly Taint[] = node.node.spec?.taints ?? []
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, pod.spec.tolerations))
}
