import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { maxNodeScore, unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'

const key = 'InterPodAffinity'
const existingAnti = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
const ownAnti = unschedulable("node(s) didn't match pod anti-affinity rules")
const affinityMissing = unresolvable("node(s) didn't match pod affinity rules")

/** `topologyKey=value` → how many pods there match. */
type Domains = Map<string, number>

interface State {
  readonly existingAnti: Domains
  readonly anti: readonly Domains[]
  readonly affinity: readonly Domains[]
  readonly selfMatches: boolean
}

/** Pods that want, or do not want, to be near others. Upstream: interpodaffinity. */
export const interPodAffinity: Plugin = {
  name: key,
  weight: 2,
  events: ['nodes/ADDED', 'nodes/MODIFIED', 'pods/ADDED', 'pods/MODIFIED', 'pods/DELETED'],
  preFilter: (state, pod, handle) => {
    const existing = existingAntiAffinity(pod, handle)
    if (existing.size === 0 && pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0) return 'skip'
    const found: State = {
      existingAnti: existing,
      anti: pod.requiredAntiAffinity.map((term) => matching(term, pod.pod, handle)),
      affinity: pod.requiredAffinity.map((term) => matching(term, pod.pod, handle)),
      selfMatches: pod.requiredAffinity.every((term) => matchesTerm(term, pod.pod, pod.pod, handle)),
    }
    state.set(key, found)
    return undefined
  },
  filter: (state, pod, node) => {
    const found = state.get(key) as State
    const { labels } = node
    const domain = (topologyKey: string) => `${topologyKey}=${labels[topologyKey]}`
    const met = pod.requiredAffinity.every(
      (term, index) =>
        labels[term.topologyKey] !== undefined && (found.affinity[index]!.get(domain(term.topologyKey)) ?? 0) > 0,
    )
    // The first pod of a group that wants to be together may go anywhere.
    const first =
      found.selfMatches &&
      found.affinity.every((domains) => domains.size === 0) &&
      pod.requiredAffinity.every((term) => labels[term.topologyKey] !== undefined)
    if (!met && !first) return affinityMissing
    for (const [index, term] of pod.requiredAntiAffinity.entries()) {
      if (labels[term.topologyKey] !== undefined && (found.anti[index]!.get(domain(term.topologyKey)) ?? 0) > 0)
        return ownAnti
    }
    for (const pair of found.existingAnti.keys()) {
      const equals = pair.indexOf('=')
      if (labels[pair.slice(0, equals)] === pair.slice(equals + 1)) return existingAnti
    }
    return undefined
  },
  preScore: (state, pod, _nodes, handle) => {
    const preferred = pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0
    const others = handle.nodesWithAffinity()
    if (!preferred && others.length === 0) return 'skip'
    const scores: Domains = new Map()
    for (const node of preferred ? handle.nodes() : others) {
      for (const existing of node.pods.values()) {
        const add = (term: any, weight: number) => {
          const value = node.labels[term.topologyKey]
          if (value !== undefined)
            scores.set(`${term.topologyKey}=${value}`, (scores.get(`${term.topologyKey}=${value}`) ?? 0) + weight)
        }
        for (const { weight, podAffinityTerm: term } of pod.preferredAffinity)
          if (matchesTerm(term, pod.pod, existing.pod, handle)) add(term, weight)
        for (const { weight, podAffinityTerm: term } of pod.preferredAntiAffinity)
          if (matchesTerm(term, pod.pod, existing.pod, handle)) add(term, -weight)
        for (const term of existing.requiredAffinity) if (matchesTerm(term, existing.pod, pod.pod, handle)) add(term, 1)
        for (const { weight, podAffinityTerm: term } of existing.preferredAffinity)
          if (matchesTerm(term, existing.pod, pod.pod, handle)) add(term, weight)
        for (const { weight, podAffinityTerm: term } of existing.preferredAntiAffinity)
          if (matchesTerm(term, existing.pod, pod.pod, handle)) add(term, -weight)
      }
    }
    if (scores.size === 0) return 'skip'
    state.set(`${key}/score`, scores)
    return undefined
  },
  score: (state, _pod, node) => {
    let score = 0
    for (const [pair, weight] of state.get(`${key}/score`) as Domains) {
      const equals = pair.indexOf('=')
      if (node.labels[pair.slice(0, equals)] === pair.slice(equals + 1)) score += weight
    }
    return score
  },
  normalizeScore: (_state, _pod, scores) => {
    const max = Math.max(...scores)
    const min = Math.min(...scores)
    scores.forEach((score, index) => {
      scores[index] = max === min ? 0 : Math.trunc((maxNodeScore * (score - min)) / (max - min))
    })
  },
}

/** Domains in which a pod is that does not want this one near. */
function existingAntiAffinity({ pod }: PodInfo, handle: Handle): Domains {
  const domains: Domains = new Map()
  for (const node of handle.nodesWithAffinity()) {
    for (const existing of node.pods.values()) {
      for (const term of existing.requiredAntiAffinity) {
        const value = node.labels[term.topologyKey]
        if (value !== undefined && matchesTerm(term, existing.pod, pod, handle))
          increment(domains, `${term.topologyKey}=${value}`)
      }
    }
  }
  return domains
}

function matching(term: any, owner: KubeObject, handle: Handle): Domains {
  const domains: Domains = new Map()
  for (const node of handle.nodes()) {
    const value = node.labels[term.topologyKey]
    if (value === undefined) continue
    for (const { pod } of node.pods.values())
      if (matchesTerm(term, owner, pod, handle)) increment(domains, `${term.topologyKey}=${value}`)
  }
  return domains
}

function increment(domains: Domains, pair: string): void {
  domains.set(pair, (domains.get(pair) ?? 0) + 1)
}

/** Does a pod match a term of `owner`? */
function matchesTerm(term: any, owner: KubeObject, pod: KubeObject, { client }: Handle): boolean {
  if (!term.labelSelector || !matchesLabelSelector(term.labelSelector, pod.metadata.labels ?? {})) return false
  const namespace = pod.metadata.namespace ?? ''
  const named: readonly string[] = term.namespaces ?? []
  if (named.includes(namespace)) return true
  if (term.namespaceSelector) {
    return matchesLabelSelector(term.namespaceSelector, client.get('namespaces', namespace)?.metadata.labels ?? {})
  }
  return named.length === 0 && namespace === owner.metadata.namespace
}
