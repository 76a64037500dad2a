import type { ClusterShape } from '../bridge/protocol.ts'

/** A cluster of so many equal nodes in three zones. */
export function shapeOf(nodes: number): ClusterShape {
  const machines = Array.from({ length: nodes }, (_, index) => ({
    name: `node-${index + 1}`,
    zone: `zone-${'abc'[index % 3]}`,
    cpu: '4',
    memory: '8Gi',
  }))
  return { name: 'served', seed: 1, machines }
}
