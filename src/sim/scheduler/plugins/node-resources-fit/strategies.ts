import type { NodeInfo } from '../../framework/node-info.ts'
import type { PodInfo, Resources } from '../../framework/pod-info.ts'
import { maxNodeScore, type Plugin } from '../../framework/types.ts'
import { nodeResourcesFit } from './plugin.ts'

interface Weighted {
  readonly name: string
  readonly weight: number
}

interface Point {
  readonly utilization?: number
  readonly score?: number
}

/** NodeResourcesFitArgs, with their defaults. */
export interface FitArgs {
  readonly ignoredResources?: readonly string[]
  readonly ignoredResourceGroups?: readonly string[]
  readonly scoringStrategy: {
    readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio'
    readonly resources: readonly Weighted[]
    readonly requestedToCapacityRatio?: { readonly shape?: readonly Point[] }
  }
}

/** Points of the shape go up to this. Upstream: MaxCustomPriorityScore. */
const maxCustomScore = 10

/** The plugin with another strategy of scoring, or blind to some resources. Upstream: noderesources/fit.go. */
export function nodeResourcesFitWith({ ignoredResources, ignoredResourceGroups, scoringStrategy }: FitArgs): Plugin {
  const ignored = (name: string) =>
    ignoredResources?.includes(name) || ignoredResourceGroups?.includes(name.split('/')[0]!) || false
  const filter: Plugin['filter'] =
    ignoredResources?.length || ignoredResourceGroups?.length
      ? (state, pod, node, handle) => nodeResourcesFit.filter!(state, without(pod, ignored), node, handle)
      : nodeResourcesFit.filter!
  return { ...nodeResourcesFit, filter, score: scoreBy(scoringStrategy) }
}

/** Only extended resources can be ignored. */
function without(pod: PodInfo, ignored: (name: string) => boolean): PodInfo {
  const { scalar } = pod.requests
  if (!scalar) return pod
  const left = Object.entries(scalar).filter(([name]) => !name.includes('/') || !ignored(name))
  const requests = { ...pod.requests, scalar: left.length > 0 ? Object.fromEntries(left) : undefined }
  return { ...pod, requests }
}

function scoreBy({
  type,
  resources,
  requestedToCapacityRatio,
}: FitArgs['scoringStrategy']): NonNullable<Plugin['score']> {
  const shape = requestedToCapacityRatio?.shape ?? []
  const rate = { LeastAllocated: least, MostAllocated: most, RequestedToCapacityRatio: ratio(shape) }[type]
  const byRatio = type === 'RequestedToCapacityRatio'
  return (_state, pod, node) => {
    let score = 0
    let weights = 0
    for (const { name, weight } of resources) {
      const { capacity, requested } = withPod(name, pod, node)
      if (capacity === 0) continue
      const own = rate(requested, capacity)
      // A ratio of nothing does not count at all.
      if (byRatio && own === 0) continue
      score += own * weight
      weights += weight
    }
    if (weights === 0) return 0
    return byRatio ? Math.round(score / weights) : Math.trunc(score / weights)
  }
}

/** What would be asked for with the pod there; nothing of an extended resource that the pod does not want. */
function withPod(name: string, pod: PodInfo, node: NodeInfo): { capacity: number; requested: number } {
  if (name === 'cpu')
    return { capacity: node.allocatable.milliCPU, requested: node.nonZeroMilliCPU + pod.nonZeroMilliCPU }
  if (name === 'memory') return { capacity: node.allocatable.memory, requested: node.nonZeroMemory + pod.nonZeroMemory }
  const wanted = amountOf(pod.requests, name)
  if (name !== 'ephemeral-storage' && wanted === 0) return { capacity: 0, requested: 0 }
  return { capacity: amountOf(node.allocatable, name), requested: amountOf(node.requested, name) + wanted }
}

/** How much of a resource, CPU in thousandths. */
export function amountOf(resources: Resources, name: string): number {
  if (name === 'cpu') return resources.milliCPU
  if (name === 'memory') return resources.memory
  if (name === 'ephemeral-storage') return resources.ephemeralStorage
  return resources.scalar && Object.hasOwn(resources.scalar, name) ? resources.scalar[name]! : 0
}

function least(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.trunc(((capacity - requested) * maxNodeScore) / capacity)
}

function most(requested: number, capacity: number): number {
  return Math.trunc((Math.min(requested, capacity) * maxNodeScore) / capacity)
}

/** Straight lines between the points. Upstream: helper.BuildBrokenLinearFunction. */
function ratio(points: readonly Point[]): (requested: number, capacity: number) => number {
  const shape = points.map(({ utilization = 0, score = 0 }) => ({
    at: utilization,
    score: score * (maxNodeScore / maxCustomScore),
  }))
  return (requested, capacity) => {
    const used = requested > capacity ? 100 : Math.trunc((requested * 100) / capacity)
    const index = shape.findIndex(({ at }) => used <= at)
    if (index < 0) return shape.at(-1)!.score
    const next = shape[index]!
    if (index === 0) return next.score
    const before = shape[index - 1]!
    return before.score + Math.trunc(((next.score - before.score) * (used - before.at)) / (next.at - before.at))
  }
}
