import { fitMessage } from '../../messages.ts'
import type { Candidate, Failure, Handle, Plugin, PostFilterResult } from '../../framework/types.ts'
import { pickCandidate } from './pick.ts'
import { isBeingPreempted, priorityOf, selectVictims } from './victims.ts'

const notHelpful = 'Preemption is not helpful for scheduling'
/** Of how many nodes with victims the best is picked, of those that could have some. Upstream: DefaultPreemptionArgs. */
interface Enough {
  readonly minCandidateNodesPercentage: number
  readonly minCandidateNodesAbsolute: number
}

/** Makes room for a pod by taking less important ones away. Upstream: defaultpreemption and framework/preemption. */
export const defaultPreemption = defaultPreemptionWith({
  minCandidateNodesPercentage: 10,
  minCandidateNodesAbsolute: 100,
})

export function defaultPreemptionWith(enough: Enough): Plugin {
  return {
    name: 'DefaultPreemption',
    postFilter: (failure, handle) => {
      const unfit = notEligible(failure)
      if (unfit) return { message: `preemption: ${unfit}`, keepsNomination: true }
      const { candidates, reasons } = dryRun(failure, enough, handle)
      if (candidates.length === 0) return hopeless(reasons, handle)
      return { nominate: pickCandidate(candidates, failure.now), candidates }
    },
  }
}

function notEligible({ pod, rejected }: Failure): string | undefined {
  const { spec, status } = pod.pod
  if (spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const promised = status?.nominatedNodeName
  if (!promised) return undefined
  const verdict = rejected.find(({ node }) => node.name === promised)
  if (!verdict || verdict.status.code !== 'unschedulable') return undefined
  for (const other of verdict.node.pods.values())
    if (priorityOf(other) < priorityOf(pod) && isBeingPreempted(other))
      return 'not eligible due to a terminating pod on the nominated node.'
  return undefined
}

/** Tries the nodes that refused the pod for something that others' absence could change, in the scheduler's order. */
function dryRun(
  failure: Failure,
  { minCandidateNodesPercentage, minCandidateNodesAbsolute }: Enough,
  handle: Handle,
): { candidates: readonly Candidate[]; reasons: readonly string[] } {
  const potential = failure.rejected.filter(({ status }) => status.code === 'unschedulable')
  const budgets = potential.length > 0 ? handle.client.cache('poddisruptionbudgets.policy').list() : []
  const enough = Math.max(minCandidateNodesAbsolute, Math.trunc((potential.length * minCandidateNodesPercentage) / 100))
  const candidates: Candidate[] = []
  const reasons: string[] = []
  let harmless = 0
  for (const { node } of potential) {
    const found = selectVictims(failure, node, budgets, handle)
    if ('code' in found) {
      reasons.push(...found.reasons)
      continue
    }
    // It fits with everybody there, so something else refused it a moment ago.
    if (found.victims.length === 0) {
      reasons.push(`expected at least one victim pod on node "${node.name}"`)
      continue
    }
    candidates.push(found)
    if (found.violations === 0) harmless++
    if (harmless > 0 && candidates.length >= enough) break
  }
  for (let i = potential.length; i < handle.nodes().length; i++) reasons.push(notHelpful)
  return { candidates, reasons }
}

function hopeless(reasons: readonly string[], handle: Handle): PostFilterResult {
  return { message: `preemption: ${fitMessage(handle.nodes().length, reasons)}` }
}
