import type { KubeObject } from '../../../machinery/objects.ts'
import { filterNode, preFilter } from '../framework/filtering.ts'
import { podInfoOf, type PodInfo } from '../framework/pod-info.ts'
import { SelectorCounts } from '../framework/selector-counts.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import type { CycleState, Handle, Plugin } from '../framework/types.ts'
import { applyEdits, patchFor, type Edit } from './edit.ts'
import { nodeFor, nodesLike } from './new-nodes.ts'
import { gateEdits, remedies } from './remedies.ts'

/** A few edits that would make a pod schedulable. Plain data. */
export interface Suggestion {
  readonly edits: readonly Edit[]
  /** Where it would fit then, in the scheduler's order; new ones have names that end in `-new`. */
  readonly nodes: readonly string[]
  /** A JSON merge patch of the pod that makes the edits; `patchFor` makes one of the template that it comes from. */
  readonly patch: { readonly spec?: Readonly<Record<string, unknown>> }
}

const limits = { suggestions: 6, edits: 2, tried: 60, combinations: 64 }

/**
 * The smallest edits that would let a pod in that fits nowhere, each tried with the scheduler's own filters on a copy.
 * Looks only: nothing is written, drawn or remembered. Empty when it fits, or when nothing of this kind helps.
 */
export function whatWouldFit(pod: KubeObject, plugins: readonly Plugin[], cluster: Handle): readonly Suggestion[] {
  // Counts of its own, so that the scheduler's learn no selector that only an edited pod has.
  const handle: Handle = { ...cluster, counts: new SelectorCounts() }
  if (nodesFor(pod, plugins, handle).length > 0) return []
  const candidates = podEdits(pod, plugins, handle)
  const found: Suggestion[] = []
  const add = (edits: readonly Edit[], world = handle, names?: ReadonlySet<string>) => {
    const spec = applyEdits(pod.spec, edits)
    const fits = nodesFor({ ...pod, spec }, plugins, world)
    const nodes = names ? fits.filter((name) => names.has(name)) : fits
    if (nodes.length === 0) return
    found.push({ edits, nodes, patch: patchFor(pod.spec, edits) })
  }
  let tried = 0
  for (let count = 1; count <= limits.edits && found.length === 0; count++) {
    for (const edits of candidates) {
      if (edits.length !== count) continue
      if (found.length >= limits.suggestions - 1 || tried++ >= limits.tried) break
      add(edits)
    }
  }
  const before = found.length
  const gates = gateEdits(pod.spec)
  const nodes = handle.nodes()
  const tryNodes = (list: readonly { node: NodeInfo; edit: Edit }[]) => {
    for (const { node, edit } of list) {
      if (found.length > before) return
      const all = [...nodes, node]
      const world = { ...handle, counts: new SelectorCounts(), nodes: () => all }
      add([...gates, edit], world, new Set([node.name]))
    }
  }
  tryNodes(nodesLike(nodes))
  tryNodes([nodeFor(podInfoOf(pod), nodes)])
  return found.sort((a, b) => a.edits.length - b.edits.length || sizeOf(a.edits) - sizeOf(b.edits))
}

/** Where a pod would be let in now. */
export function nodesFor(pod: KubeObject, plugins: readonly Plugin[], handle: Handle): readonly string[] {
  if (plugins.some((plugin) => plugin.preEnqueue?.(pod))) return []
  const info = podInfoOf(pod)
  const filtering = preFilter(plugins, info, handle)
  if (filtering.refusedBy) return []
  const { restricted } = filtering
  const nodes = handle.nodes().filter(({ name }) => !restricted || restricted.nodes.has(name))
  return nodes.filter((node) => !filterNode(filtering, info, node, handle)).map(({ name }) => name)
}

/** What could be tried, the smallest first: for each node, what answers all that its plugins have against the pod. */
function podEdits(pod: KubeObject, plugins: readonly Plugin[], handle: Handle): readonly (readonly Edit[])[] {
  const info = podInfoOf(pod)
  const gates = gateEdits(pod.spec)
  const best = new Map<string, readonly Edit[]>()
  for (const [node, refusals] of refusalsOf(info, plugins, handle)) {
    for (const edits of combined(info, node, refusals, gates)) {
      if (edits.length === 0 || edits.length > limits.edits) continue
      // Of the same request lowered for several nodes, the least lowered counts.
      const key = JSON.stringify(edits.map(({ kind, path, to }) => [kind, path, kind === 'lowerRequest' ? '' : to]))
      const known = best.get(key)
      if (!known || sizeOf(edits) < sizeOf(known)) best.set(key, edits)
    }
  }
  return [...best.values()].sort((a, b) => a.length - b.length || sizeOf(a) - sizeOf(b))
}

/** All plugins that refuse a pod, node by node: unlike in a cycle, the first is not the last. */
function refusalsOf(pod: PodInfo, plugins: readonly Plugin[], handle: Handle): Map<NodeInfo, ReadonlySet<string>> {
  const state: CycleState = new Map()
  const everywhere: string[] = []
  const only: { name: string; nodes: ReadonlySet<string> }[] = []
  const filters: Plugin[] = []
  for (const plugin of plugins) {
    const result = plugin.preFilter?.(state, pod, handle)
    if (result === 'skip') continue
    if (result && 'code' in result) {
      everywhere.push(plugin.name)
      continue
    }
    if (result) only.push({ name: plugin.name, nodes: result.nodes })
    if (plugin.filter) filters.push(plugin)
  }
  const refusals = handle.nodes().map((node): [NodeInfo, ReadonlySet<string>] => {
    const elsewhere = only.filter(({ nodes }) => !nodes.has(node.name)).map(({ name }) => name)
    const refusing = filters.filter((plugin) => plugin.filter!(state, pod, node, handle)).map(({ name }) => name)
    return [node, new Set([...everywhere, ...elsewhere, ...refusing])]
  })
  return new Map(refusals)
}

/** Every way to answer all refusals of a node; none when one of them has no answer. */
function combined(
  pod: PodInfo,
  node: NodeInfo,
  refusals: ReadonlySet<string>,
  gates: readonly Edit[],
): readonly (readonly Edit[])[] {
  let ways: (readonly Edit[])[] = [gates]
  for (const name of refusals) {
    const answers = Object.hasOwn(remedies, name) ? remedies[name]!(pod, node).filter((one) => one.length > 0) : []
    ways = ways.flatMap((way) => answers.map((answer) => union(way, answer))).slice(0, limits.combinations)
  }
  return ways
}

/** Two plugins may be content with the same edit. */
function union(first: readonly Edit[], second: readonly Edit[]): readonly Edit[] {
  const key = ({ path, to }: Edit) => JSON.stringify([path, to])
  const known = new Set(first.map(key))
  return [...first, ...second.filter((edit) => !known.has(key(edit)))]
}

function sizeOf(edits: readonly Edit[]): number {
  return edits.reduce((sum, { size }) => sum + size, 0)
}
