import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { CycleState, Handle, Plugin, Status } from './types.ts'

export interface Rejection {
  readonly node: NodeInfo
  readonly plugin: string
  readonly status: Status
}

/** Scores of the feasible nodes, index by index; no plugin scored when there is just one. */
export interface Scores {
  readonly totals: readonly number[]
  readonly byPlugin: readonly { readonly name: string; readonly scores: readonly number[] }[]
}

export interface CycleResult {
  /** Nodes that passed every filter. */
  readonly feasible: readonly NodeInfo[]
  readonly scores: Scores
  readonly rejected: readonly Rejection[]
  /** Set when a plugin refused the pod for all nodes at once. */
  readonly refusedBy?: { readonly plugin: string; readonly status: Status }
  /** Where the next cycle starts to look. */
  readonly nextStart: number
}

/** How many feasible nodes are enough. Upstream: numFeasibleNodesToFind, percentageOfNodesToScore 0 (adaptive). */
export function enoughNodes(count: number): number {
  if (count < 100) return count
  const percentage = Math.max(5, 50 - Math.trunc(count / 125))
  return Math.max(100, Math.trunc((count * percentage) / 100))
}

/** Filters and scores the nodes for a pod. From 100 nodes up it stops at enough of them, starting where the last stopped. */
export function runCycle(plugins: readonly Plugin[], pod: PodInfo, handle: Handle, start: number): CycleResult {
  const state: CycleState = new Map()
  const nodes = handle.nodes()
  const filters: Plugin[] = []
  for (const plugin of plugins) {
    const result = plugin.preFilter?.(state, pod, handle)
    if (result === 'skip') continue
    if (result)
      return {
        feasible: [],
        scores: noScores,
        rejected: [],
        refusedBy: { plugin: plugin.name, status: result },
        nextStart: start,
      }
    if (plugin.filter) filters.push(plugin)
  }
  const enough = enoughNodes(nodes.length)
  const feasible: NodeInfo[] = []
  const rejected: Rejection[] = []
  let looked = 0
  for (; looked < nodes.length && feasible.length < enough; looked++) {
    const node = nodes[(start + looked) % nodes.length]!
    const rejection = filterNode(filters, state, pod, node, handle)
    if (rejection) rejected.push(rejection)
    else feasible.push(node)
  }
  const nextStart = nodes.length === 0 ? 0 : (start + looked) % nodes.length
  return { feasible, scores: scoreNodes(plugins, state, pod, feasible, handle), rejected, nextStart }
}

function filterNode(
  filters: readonly Plugin[],
  state: CycleState,
  pod: PodInfo,
  node: NodeInfo,
  handle: Handle,
): Rejection | undefined {
  for (const plugin of filters) {
    const status = plugin.filter!(state, pod, node, handle)
    if (status) return { node, plugin: plugin.name, status }
  }
  return undefined
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
  const byPlugin: { name: string; scores: number[] }[] = []
  for (const plugin of plugins) {
    if (!plugin.score) continue
    const before = plugin.preScore?.(state, pod, nodes, handle)
    if (before === 'skip') continue
    const weight = plugin.weight ?? 1
    if (before !== undefined) {
      for (let i = 0; i < nodes.length; i++) totals[i]! += before * weight
      byPlugin.push({ name: plugin.name, scores: new Array<number>(nodes.length).fill(before * weight) })
      continue
    }
    const scores = new Array<number>(nodes.length)
    for (let i = 0; i < nodes.length; i++) scores[i] = plugin.score(state, pod, nodes[i]!, handle)
    plugin.normalizeScore?.(state, pod, scores, nodes)
    for (let i = 0; i < nodes.length; i++) {
      scores[i]! *= weight
      totals[i]! += scores[i]!
    }
    byPlugin.push({ name: plugin.name, scores })
  }
  return { totals, byPlugin }
}

const noScores: Scores = { totals: [], byPlugin: [] }
