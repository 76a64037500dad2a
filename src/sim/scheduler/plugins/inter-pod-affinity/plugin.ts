import type { NodeInfo } from '../../framework/node-info.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { maxNodeScore, unresolvable, unschedulable, type Handle, type Plugin } from '../../framework/types.ts'
import { nodeHint, podHint } from './hints.ts'
import { cloneRequired, countPod, requiredState, type RequiredState } from './required.ts'
import { Domains, matchesTerm } from './terms.ts'

const key = 'InterPodAffinity'
const scoreKey = 'InterPodAffinity/score'
const existingAnti = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
const ownAnti = unschedulable("node(s) didn't match pod anti-affinity rules")
const affinityMissing = unresolvable("node(s) didn't match pod affinity rules")

/** Pods that want, or do not want, to be near others. Upstream: interpodaffinity. */
export const interPodAffinity: Plugin = {
  name: key,
  weight: 2,
  events: {
    'nodes/ADDED': nodeHint,
    'nodes/MODIFIED': nodeHint,
    'pods/ADDED': podHint,
    'pods/MODIFIED': podHint,
    'pods/DELETED': podHint,
  },
  preFilter: (state, pod, handle) => {
    const found = requiredState(pod, handle)
    if (!found) return 'skip'
    state.set(key, found)
    return undefined
  },
  cloneState: (state) => {
    const found = state.get(key) as RequiredState | undefined
    if (found) state.set(key, cloneRequired(found))
  },
  podChanged: (state, pod, other, node, sign, handle) => {
    const found = state.get(key) as RequiredState | undefined
    if (found) countPod(found, pod, other, node, sign, handle)
  },
  filter: (state, pod, node) => {
    const found = state.get(key) as RequiredState
    if (!isNear(found, pod, node)) return affinityMissing
    const { labels } = node
    for (const { topologyKey } of pod.requiredAntiAffinity)
      if (found.anti.at(topologyKey, labels[topologyKey]) > 0) return ownAnti
    for (const [topologyKey, values] of found.existingAnti.byKey) {
      const value = labels[topologyKey]
      if (value !== undefined && (values.get(value) ?? 0) > 0) return existingAnti
    }
    return undefined
  },
  preScore: preScoreWith({ hardPodAffinityWeight: 1 }),
  score: (state, _pod, { labels }) => {
    let score = 0
    for (const [topologyKey, values] of (state.get(scoreKey) as Domains).byKey) {
      const value = labels[topologyKey]
      if (value !== undefined) score += values.get(value) ?? 0
    }
    return score
  },
  normalizeScore: (_state, _pod, scores) => {
    let max = -Infinity
    let min = Infinity
    for (const score of scores) {
      if (score > max) max = score
      if (score < min) min = score
    }
    // In upstream's order: dividing first rounds some scores down by one.
    for (let i = 0; i < scores.length; i++)
      scores[i] = max === min ? 0 : Math.trunc(maxNodeScore * ((scores[i]! - min) / (max - min)))
  },
}

/** InterPodAffinityArgs. */
export interface InterPodAffinityArgs {
  /** What a required affinity of an existing pod weighs when nodes are scored. */
  readonly hardPodAffinityWeight: number
  /** A pod without preferences of its own does not ask for those of others. */
  readonly ignorePreferredTermsOfExistingPods?: boolean
}

/** The plugin with other arguments. */
export function interPodAffinityWith(args: InterPodAffinityArgs): Plugin {
  return { ...interPodAffinity, preScore: preScoreWith(args) }
}

function preScoreWith(args: InterPodAffinityArgs): NonNullable<Plugin['preScore']> {
  const { hardPodAffinityWeight: weight, ignorePreferredTermsOfExistingPods: ignore = false } = args
  return (state, pod, _nodes, handle) => {
    const preferred = pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0
    const others = handle.nodesWithAffinity()
    if (!preferred && (ignore || others.length === 0)) return 'skip'
    const scores = new Domains()
    const known = new Map<string, readonly Contribution[]>()
    for (const node of preferred ? handle.nodes() : others)
      for (const { key: likeness, info, count } of node.alikePods()) {
        let found = known.get(likeness)
        if (!found) known.set(likeness, (found = contributionsOf(pod, info, weight, handle)))
        for (const { topologyKey, weight } of found) scores.addScore(topologyKey, node.labels, weight * count)
      }
    if (scores.size === 0) return 'skip'
    state.set(scoreKey, scores)
    return undefined
  }
}

function isNear(found: RequiredState, pod: PodInfo, { labels }: NodeInfo): boolean {
  let met = true
  for (const { topologyKey } of pod.requiredAffinity) {
    if (labels[topologyKey] === undefined) return false
    if (found.affinity.at(topologyKey, labels[topologyKey]) <= 0) met = false
  }
  // The first pod of a group that wants to be together may go anywhere.
  return met || (found.affinity.size === 0 && found.selfMatches)
}

/** What one pod being somewhere adds there. */
interface Contribution {
  readonly topologyKey: string
  readonly weight: number
}

/** The terms of both, where they match the other; a required affinity of an existing pod weighs `hard`. */
function contributionsOf(pod: PodInfo, existing: PodInfo, hard: number, handle: Handle): Contribution[] {
  const found: Contribution[] = []
  const add = (term: any, owner: PodInfo, other: PodInfo, weight: number) => {
    if (matchesTerm(term, owner.pod, other.pod, handle)) found.push({ topologyKey: term.topologyKey, weight })
  }
  for (const { weight, podAffinityTerm } of pod.preferredAffinity) add(podAffinityTerm, pod, existing, weight)
  for (const { weight, podAffinityTerm } of pod.preferredAntiAffinity) add(podAffinityTerm, pod, existing, -weight)
  if (hard > 0) for (const term of existing.requiredAffinity) add(term, existing, pod, hard)
  for (const { weight, podAffinityTerm } of existing.preferredAffinity) add(podAffinityTerm, existing, pod, weight)
  for (const { weight, podAffinityTerm } of existing.preferredAntiAffinity) add(podAffinityTerm, existing, pod, -weight)
  return found
}
