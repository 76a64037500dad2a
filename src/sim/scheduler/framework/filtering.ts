import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { CycleState, Handle, Plugin, Status } from './types.ts'

/** What the plugins' preFilter made of a pod. */
export interface Filtering {
  readonly state: CycleState
  /** Filters that have something to say about it. */
  readonly filters: readonly Plugin[]
  /** Only these nodes come into question, and who says so. */
  readonly restricted?: { readonly nodes: ReadonlySet<string>; readonly plugins: readonly string[] }
  /** Set when a plugin refused the pod for all nodes at once. */
  readonly refusedBy?: { readonly plugin: string; readonly status: Status }
}

export interface Rejection {
  readonly node: NodeInfo
  readonly plugin: string
  readonly status: Status
}

/** Runs preFilter of all plugins. */
export function preFilter(plugins: readonly Plugin[], pod: PodInfo, handle: Handle): Filtering {
  const state: CycleState = new Map()
  const filters: Plugin[] = []
  let restricted: Filtering['restricted']
  for (const plugin of plugins) {
    const result = plugin.preFilter?.(state, pod, handle)
    if (result === 'skip') continue
    if (result && 'code' in result) return { state, filters, refusedBy: { plugin: plugin.name, status: result } }
    if (result) {
      const { nodes, plugins: before } = restricted ?? { nodes: result.nodes, plugins: [] }
      const both = new Set([...nodes].filter((name) => result.nodes.has(name)))
      restricted = { nodes: both, plugins: [...before, plugin.name] }
    }
    if (plugin.filter) filters.push(plugin)
  }
  return restricted ? { state, filters, restricted } : { state, filters }
}

/**
 * Why a pod may not go to a node. Pods that were promised room there, and matter as much, count as if they were there;
 * and it must also fit without them, for they may never come. Upstream: RunFilterPluginsWithNominatedPods.
 */
export function filterNode(filtering: Filtering, pod: PodInfo, node: NodeInfo, handle: Handle): Rejection | undefined {
  const nominated = handle.nominatedOn(node.name, pod)
  if (nominated.length > 0) {
    const trial = new Trial(filtering, pod, node, handle)
    for (const other of nominated) trial.add(other)
    const rejection = runFilters(trial.filtering, pod, trial.node, handle)
    if (rejection) return { ...rejection, node }
  }
  return runFilters(filtering, pod, node, handle)
}

function runFilters(
  { filters, state }: Filtering,
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

/** A node on paper: pods come and go, and the filters say whether the pod would fit. */
export class Trial {
  readonly node: NodeInfo
  readonly filtering: Filtering
  private readonly pod: PodInfo
  private readonly handle: Handle

  constructor(filtering: Filtering, pod: PodInfo, node: NodeInfo, handle: Handle) {
    this.node = node.clone()
    const state = new Map(filtering.state)
    for (const plugin of filtering.filters) plugin.cloneState?.(state)
    this.filtering = { ...filtering, state }
    this.pod = pod
    this.handle = handle
  }

  add(other: PodInfo): void {
    this.node.addPod(other)
    this.changed(other, 1)
  }

  remove(other: PodInfo): void {
    this.node.removePod(other.key)
    this.changed(other, -1)
  }

  /** Why it does not fit; undefined when it does. */
  check(): Status | undefined {
    return filterNode(this.filtering, this.pod, this.node, this.handle)?.status
  }

  private changed(other: PodInfo, sign: 1 | -1): void {
    const { filters, state } = this.filtering
    for (const plugin of filters) plugin.podChanged?.(state, this.pod, other, this.node, sign, this.handle)
  }
}
