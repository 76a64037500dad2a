import { manyNodes } from './cycle.ts'
import type { NodeInfo } from './node-info.ts'

/**
 * When not all nodes are looked at, those that are should come from all zones: the first node of each zone, then the
 * second of each, and so on; zones in the order of their first nodes. Fewer nodes stay as they are, since all are looked
 * at. Upstream: backend/cache/node_tree.go.
 */
export function zonesInTurn(nodes: NodeInfo[]): NodeInfo[] {
  if (nodes.length < manyNodes) return nodes
  const zones = new Map<string, NodeInfo[]>()
  for (const node of nodes) {
    const zone = zoneOf(node)
    const known = zones.get(zone)
    if (known) known.push(node)
    else zones.set(zone, [node])
  }
  if (zones.size === 1) return nodes
  const result: NodeInfo[] = []
  let left: readonly NodeInfo[][] = [...zones.values()]
  for (let turn = 0; left.length > 0; turn++) {
    left = left.filter((zone) => turn < zone.length)
    for (const zone of left) result.push(zone[turn]!)
  }
  return result
}

function zoneOf({ labels }: NodeInfo): string {
  return JSON.stringify([labels['topology.kubernetes.io/region'] ?? '', labels['topology.kubernetes.io/zone'] ?? ''])
}
