import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import { isTolerated, type Taint } from '../../../../machinery/taints.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import { matchesNodeAffinity } from '../../framework/node-selector.ts'
import { maxNodeScore, unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'PodTopologySpread'
const noKey = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")
const skewed = unschedulable("node(s) didn't match pod topology spread constraints")

interface Counted {
  readonly constraint: any
  /** Domain → matching pods in it. */
  readonly counts: ReadonlyMap<string, number>
  readonly selfMatch: number
  readonly min: number
}

/** Keeps a workload's pods spread over topology domains. Upstream: podtopologyspread. */
export const podTopologySpread: Plugin = {
  name: key,
  weight: 2,
  events: ['nodes/ADDED', 'nodes/MODIFIED', 'nodes/DELETED', 'pods/ADDED', 'pods/MODIFIED', 'pods/DELETED'],
  preFilter: (state, { pod }, handle) => {
    const hard = constraintsOf(pod, 'DoNotSchedule')
    if (hard.length === 0) return 'skip'
    state.set(key, hard.map((one) => count(one, pod, hard, handle)))
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
  preScore: (state, { pod }, _nodes, handle) => {
    const soft = constraintsOf(pod, 'ScheduleAnyway')
    if (soft.length === 0) return 'skip'
    state.set(`${key}/score`, soft.map((one) => count(one, pod, soft, handle)))
    return undefined
  },
  score: (state, _pod, node) => {
    let score = 0
    for (const { constraint, counts } of state.get(`${key}/score`) as Counted[]) {
      const domain = node.labels[constraint.topologyKey]
      if (domain === undefined) return -1
      score += (counts.get(domain) ?? 0) * Math.log(counts.size + 2) + (constraint.maxSkew - 1)
    }
    return Math.round(score)
  },
  normalizeScore: (_state, _pod, scores) => {
    const valid = scores.filter((score) => score >= 0)
    const max = Math.max(0, ...valid)
    const min = valid.length > 0 ? Math.min(...valid) : 0
    scores.forEach((score, index) => {
      if (score < 0) scores[index] = 0
      else scores[index] = max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - score)) / max)
    })
  },
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
  const extra = Object.fromEntries(keys.filter((one) => pod.metadata.labels?.[one] !== undefined).map((one) => [one, pod.metadata.labels![one]]))
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
