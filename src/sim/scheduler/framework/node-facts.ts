import type { NodeInfo } from './node-info.ts'

/** What holds for all nodes together, so that a plugin can tell at once that it has nothing to say. */
export interface NodeFacts {
  readonly anyUnschedulable: boolean
  /** Taints that keep pods off. */
  readonly anyHardTaint: boolean
  readonly anySoftTaint: boolean
  /** Does any node have this label? */
  hasLabel(name: string): boolean
  /** How many nodes have an image. */
  imageCount(image: string): number
}

// The list of nodes is a new one whenever a node changed, so what was found out of one stays true.
const memo = new WeakMap<readonly NodeInfo[], NodeFacts>()

export function factsOf(nodes: readonly NodeInfo[]): NodeFacts {
  let facts = memo.get(nodes)
  if (!facts) memo.set(nodes, (facts = findOut(nodes)))
  return facts
}

function findOut(nodes: readonly NodeInfo[]): NodeFacts {
  const labels = new Map<string, boolean>()
  const images = new Map<string, number>()
  const taints = nodes.flatMap(({ node }) => (node.spec?.taints ?? []) as readonly { readonly effect: string }[])
  return {
    anyUnschedulable: nodes.some(({ node }) => node.spec?.unschedulable === true),
    anyHardTaint: taints.some(({ effect }) => effect !== 'PreferNoSchedule'),
    anySoftTaint: taints.some(({ effect }) => effect === 'PreferNoSchedule'),
    hasLabel: (name) => remembered(labels, name, () => nodes.some((node) => node.labels[name] !== undefined)),
    imageCount: (image) => remembered(images, image, () => nodes.filter((node) => node.imageSizes().has(image)).length),
  }
}

function remembered<Value>(known: Map<string, Value>, key: string, find: () => Value): Value {
  let value = known.get(key)
  if (value === undefined) known.set(key, (value = find()))
  return value
}
