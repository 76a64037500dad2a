import { maxNodeScore, type Plugin } from '../../framework/types.ts'
import { amountOf } from '../node-resources-fit/strategies.ts'
import { nodeResourcesBalancedAllocation } from './plugin.ts'

/** The plugin for other resources than CPU and memory. */
export function balancedAllocationWith({
  resources,
}: {
  readonly resources: readonly { readonly name: string }[]
}): Plugin {
  const names = resources.map(({ name }) => name)
  return {
    ...nodeResourcesBalancedAllocation,
    preScore: (_state, { requests }) => (names.every((name) => amountOf(requests, name) === 0) ? 'skip' : undefined),
    score: (_state, { requests }, { requested, allocatable }) => {
      // An extended resource that the pod does not want is none of its business.
      const counted = names.filter(
        (name) => amountOf(allocatable, name) > 0 && (!name.includes('/') || amountOf(requests, name) > 0),
      )
      const shares = (withPod: 0 | 1) =>
        counted.map((name) =>
          Math.min(1, (amountOf(requested, name) + withPod * amountOf(requests, name)) / amountOf(allocatable, name)),
        )
      return Math.trunc((1.5 * maxNodeScore + balance(shares(1)) - balance(shares(0))) / 2)
    },
  }
}

/** 100 where all are used alike, less by their standard deviation. */
function balance(shares: readonly number[]): number {
  if (shares.length < 2) return maxNodeScore
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length
  return Math.trunc((1 - Math.sqrt(variance)) * maxNodeScore)
}
