import type { KubeObject } from '../../machinery/objects.ts'
import type { CycleResult, Rejection } from './framework/cycle.ts'
import type { NodeInfo } from './framework/node-info.ts'

const notHelpful = 'Preemption is not helpful for scheduling'
const noVictims = 'No preemption victims found for incoming pod'

/** What FailedScheduling says. Upstream: framework.FitError.Error, and the preemption's own sentence behind it. */
export function failureMessage(result: CycleResult, nodes: readonly NodeInfo[], pod: KubeObject): string {
  const total = nodes.length
  if (total === 0) return 'no nodes available to schedule pods'
  const head = `0/${total} nodes are available: `
  if (result.refusedBy) {
    return `${head}${result.refusedBy.status.reasons.join(', ')}. no new claims to deallocate, preemption: 0/${total} nodes are available: ${total} ${notHelpful}.`
  }
  const reasons = histogram(result.rejected.flatMap(({ status }) => status.reasons))
  const victims = histogram(result.rejected.map((rejection) => preemptionReason(rejection, pod)))
  return `${head}${reasons}. no new claims to deallocate, preemption: 0/${total} nodes are available: ${victims}.`
}

function preemptionReason({ status }: Rejection, pod: KubeObject): string {
  if (status.code === 'unresolvable' || pod.spec.preemptionPolicy === 'Never') return notHelpful
  return noVictims
}

/** `2 Insufficient cpu, 1 node(s) …`, sorted as text. */
function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}
