import { maxNodeScore, type Plugin } from '../../framework/types.ts'

/**
 * Prefers nodes on which the pod makes CPU and memory used more alike: 75 where it changes nothing, more where it
 * balances, less where it does the opposite. Recorded from kube-scheduler 1.36, whose
 * noderesources/balanced_allocation.go compares the balance with the pod to that without it.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: (_state, { requests }) =>
    requests.milliCPU === 0 && requests.memory === 0 && requests.ephemeralStorage === 0 ? 'skip' : undefined,
  score: (_state, { requests }, { requested, allocatable }) => {
    const before = balance(requested.milliCPU, requested.memory, allocatable)
    const after = balance(requested.milliCPU + requests.milliCPU, requested.memory + requests.memory, allocatable)
    return Math.trunc((1.5 * maxNodeScore + after - before) / 2)
  },
}

/** 100 where both are used alike, less by how far apart they are. */
function balance(milliCPU: number, memory: number, allocatable: { milliCPU: number; memory: number }): number {
  if (allocatable.milliCPU <= 0 || allocatable.memory <= 0) return maxNodeScore
  const cpuFraction = Math.min(1, milliCPU / allocatable.milliCPU)
  const memoryFraction = Math.min(1, memory / allocatable.memory)
  // With two fractions the standard deviation is half their distance.
  return Math.trunc((1 - Math.abs((cpuFraction - memoryFraction) / 2)) * maxNodeScore)
}
