import type { Random } from '../../../lib/random.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { filterNode, preFilter, type Filtering, type Rejection } from './filtering.ts'
import type { CycleState, Handle, Plugin } from './types.ts'

/** Scores of the feasible nodes, index by index; no plugin scored when there is just one. */
export interface Scores {
  readonly totals: readonly number[]
  readonly byPlugin: readonly PluginScores[]
}

/** What a plugin thinks of each feasible node. What counts is the normalised score times the weight. */
interface PluginScores {
  readonly name: string
  readonly weight: number
  readonly raw: readonly number[]
  readonly normalised: readonly number[]
}

export interface CycleResult {
  /** Nodes that passed every filter. */
  readonly feasible: readonly NodeInfo[]
  readonly scores: Scores
  readonly rejected: readonly Rejection[]
  readonly filtering: Filtering
  /** Where the next cycle starts to look. */
  readonly nextStart: number
}

/** From so many nodes up, not all are looked at. Upstream: minFeasibleNodesToFind. */
export const manyNodes = 100

/** How many feasible nodes are enough; 0 percent: by how many there are. Upstream: numFeasibleNodesToFind. */
export function enoughNodes(count: number, percentageOfNodesToScore = 0): number {
  if (count < manyNodes) return count
  const percentage = percentageOfNodesToScore || Math.max(5, 50 - Math.trunc(count / 125))
  return Math.max(manyNodes, Math.trunc((count * percentage) / 100))
}

/**
 * Filters and scores the nodes for a pod. From 100 nodes up it stops at enough of them, starting where the last
 * stopped. A pod that was promised a node looks there first, and nowhere else when it fits.
 */
export function runCycle(
  plugins: readonly Plugin[],
  pod: PodInfo,
  handle: Handle,
  start: number,
  promised?: string,
  percentageOfNodesToScore = 0,
): CycleResult {
  const filtering = preFilter(plugins, pod, handle)
  const { state, restricted, refusedBy } = filtering
  if (refusedBy) return { feasible: [], scores: noScores, rejected: [], filtering, nextStart: start }
  const all = handle.nodes()
  const nodes = restricted ? all.filter(({ name }) => restricted.nodes.has(name)) : all
  const nominated = promised ? nodes.find(({ name }) => name === promised) : undefined
  if (nominated && !filterNode(filtering, pod, nominated, handle)) {
    const feasible = [nominated]
    return { feasible, scores: { totals: [0], byPlugin: [] }, rejected: [], filtering, nextStart: start }
  }
  const from = restricted ? 0 : start
  const enough = enoughNodes(nodes.length, percentageOfNodesToScore)
  const feasible: NodeInfo[] = []
  const rejected: Rejection[] = []
  let looked = 0
  for (; looked < nodes.length && feasible.length < enough; looked++) {
    const node = nodes[(from + looked) % nodes.length]!
    const rejection = filterNode(filtering, pod, node, handle)
    if (rejection) rejected.push(rejection)
    else feasible.push(node)
  }
  const nextStart = restricted || nodes.length === 0 ? start : (start + looked) % nodes.length
  return { feasible, scores: scoreNodes(plugins, state, pod, feasible, handle), rejected, filtering, nextStart }
}

function scoreNodes(
  plugins: readonly Plugin[],
  state: CycleState,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  handle: Handle,
): Scores {
  const totals = new Array<number>(nodes.length).fill(0)
  if (nodes.length <= 1) return { totals, byPlugin: [] }
  const byPlugin: PluginScores[] = []
  for (const plugin of plugins) {
    if (!plugin.score) continue
    const before = plugin.preScore?.(state, pod, nodes, handle)
    if (before === 'skip') continue
    const { name, weight = 1 } = plugin
    const raw = new Array<number>(nodes.length)
    let normalised = raw
    if (before !== undefined) raw.fill(before)
    else {
      for (let i = 0; i < nodes.length; i++) raw[i] = plugin.score(state, pod, nodes[i]!, handle)
      if (plugin.normalizeScore) {
        normalised = raw.slice()
        plugin.normalizeScore(state, pod, normalised, nodes)
      }
    }
    for (let i = 0; i < nodes.length; i++) totals[i]! += normalised[i]! * weight
    byPlugin.push({ name, weight, raw, normalised })
  }
  return { totals, byPlugin }
}

/** Index of one of the best, by a seeded draw. Upstream: selectHost. */
export function oneOfTheBest(totals: readonly number[], random: Random): number {
  let best = 0
  let ties = 1
  for (let i = 1; i < totals.length; i++) {
    if (totals[i]! > totals[best]!) {
      best = i
      ties = 1
    } else if (totals[i] === totals[best] && random.below(++ties) === 0) {
      best = i
    }
  }
  return best
}

const noScores: Scores = { totals: [], byPlugin: [] }
