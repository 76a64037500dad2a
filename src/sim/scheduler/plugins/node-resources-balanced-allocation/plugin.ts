import { maxNodeScore, type Plugin } from '../../framework/types.ts'

/** Prefers nodes whose CPU and memory would be used alike. Upstream: noderesources/balanced_allocation.go. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: (_state, { requests }) =>
    requests.milliCPU === 0 && requests.memory === 0 && requests.ephemeralStorage === 0 ? 'skip' : undefined,
  score: (_state, { requests }, { requested, allocatable }) => {
    const fractions: number[] = []
    if (allocatable.milliCPU > 0)
      fractions.push(Math.min(1, (requested.milliCPU + requests.milliCPU) / allocatable.milliCPU))
    if (allocatable.memory > 0) fractions.push(Math.min(1, (requested.memory + requests.memory) / allocatable.memory))
    // With two fractions the standard deviation is half their distance.
    const deviation = fractions.length === 2 ? Math.abs((fractions[0]! - fractions[1]!) / 2) : 0
    return Math.trunc((1 - deviation) * maxNodeScore)
  },
}
