import { maxNodeScore, unresolvable, unschedulable, type Plugin } from '../../framework/types.ts'
import { nodeHint, podHint } from './hints.ts'
import { likingOf, type Liking } from './liking.ts'
import { cloneCounted, countHard, countPod, type Counted } from './skew.ts'

const key = 'PodTopologySpread'
const scoreKey = 'PodTopologySpread/score'
const noKey = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")
const skewed = unschedulable("node(s) didn't match pod topology spread constraints")

/** Keeps a workload's pods spread over topology domains. Upstream: podtopologyspread. */
export const podTopologySpread: Plugin = {
  name: key,
  weight: 2,
  events: {
    'nodes/ADDED': nodeHint,
    'nodes/MODIFIED': nodeHint,
    'nodes/DELETED': nodeHint,
    'pods/ADDED': podHint,
    'pods/MODIFIED': podHint,
    'pods/DELETED': podHint,
  },
  preFilter: (state, pod, handle) => {
    const counted = countHard(pod, handle)
    if (counted.length === 0) return 'skip'
    state.set(key, counted)
    return undefined
  },
  cloneState: (state) => {
    const counted = state.get(key) as readonly Counted[] | undefined
    if (counted) state.set(key, cloneCounted(counted))
  },
  podChanged: (state, pod, other, node, sign) => {
    const counted = state.get(key) as readonly Counted[] | undefined
    if (counted) countPod(counted, pod, other, node, sign)
  },
  filter: (state, _pod, node) => {
    for (const { constraint, counts, selfMatch, min } of state.get(key) as readonly Counted[]) {
      const domain = node.labels[constraint.topologyKey]
      if (domain === undefined) return noKey
      if ((counts.get(domain) ?? 0) + selfMatch - min > constraint.maxSkew) return skewed
    }
    return undefined
  },
  preScore: (state, { pod }, nodes, handle) => {
    const liking = likingOf(pod, nodes, handle)
    if (!liking) return 'skip'
    state.set(scoreKey, liking)
    return undefined
  },
  /** Less is better; -1: not scored. */
  score: (state, _pod, node) => {
    const { constraints, keysRequired } = state.get(scoreKey) as Liking
    let score = 0
    // Called for every node and pod: an index is cheaper than an iterator.
    for (let i = 0; i < constraints.length; i++) {
      const one = constraints[i]!
      const domain = node.labels[one.topologyKey]
      if (domain !== undefined) score += one.count(node, domain) * one.weight + (one.maxSkew - 1)
      else if (keysRequired) return -1
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
