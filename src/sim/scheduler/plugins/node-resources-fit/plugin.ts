import { always } from '../../framework/hints.ts'
import { maxNodeScore, type Plugin, type Status } from '../../framework/types.ts'
import { nodeHint, shrunkHint } from './hints.ts'

/** Room for the pod, and a liking for nodes with much left. Upstream: noderesources/fit.go, LeastAllocated. */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  events: {
    'nodes/ADDED': nodeHint,
    'nodes/MODIFIED': nodeHint,
    'pods/DELETED': always,
    'pods/MODIFIED': shrunkHint,
  },
  filter: (_state, { requests }, node) => {
    const { allocatable, requested } = node
    const full = node.pods.size + 1 > node.allowedPods
    const cpu = requests.milliCPU > 0 && requests.milliCPU > allocatable.milliCPU - requested.milliCPU
    const memory = requests.memory > 0 && requests.memory > allocatable.memory - requested.memory
    const storage =
      requests.ephemeralStorage > 0 &&
      requests.ephemeralStorage > allocatable.ephemeralStorage - requested.ephemeralStorage
    if (!full && !cpu && !memory && !storage && !requests.scalar) return undefined
    const reasons: string[] = []
    // What even an empty node could not give, no eviction can.
    let never = false
    if (full) reasons.push('Too many pods')
    if (cpu) {
      reasons.push('Insufficient cpu')
      never ||= requests.milliCPU > allocatable.milliCPU
    }
    if (memory) {
      reasons.push('Insufficient memory')
      never ||= requests.memory > allocatable.memory
    }
    if (storage) {
      reasons.push('Insufficient ephemeral-storage')
      never ||= requests.ephemeralStorage > allocatable.ephemeralStorage
    }
    for (const name in requests.scalar) {
      const wanted = requests.scalar[name]!
      const has = allocatable.scalar?.[name] ?? 0
      if (wanted === 0 || wanted <= has - (requested.scalar?.[name] ?? 0)) continue
      reasons.push(`Insufficient ${name}`)
      never ||= wanted > has
    }
    if (reasons.length === 0) return undefined
    return { code: never ? 'unresolvable' : 'unschedulable', reasons } satisfies Status
  },
  score: (_state, pod, node) => {
    const cpu = least(node.nonZeroMilliCPU + pod.nonZeroMilliCPU, node.allocatable.milliCPU)
    const memory = least(node.nonZeroMemory + pod.nonZeroMemory, node.allocatable.memory)
    const weight = (node.allocatable.milliCPU > 0 ? 1 : 0) + (node.allocatable.memory > 0 ? 1 : 0)
    return weight === 0 ? 0 : Math.trunc((cpu + memory) / weight)
  },
}

function least(requested: number, capacity: number): number {
  if (capacity === 0 || requested > capacity) return 0
  return Math.trunc(((capacity - requested) * maxNodeScore) / capacity)
}
