import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { CycleResult } from './framework/cycle.ts'
import type { DecisionRecord } from './records.ts'

/** How many scored nodes of a success are kept for "why there?". */
const recordedNodes = 20

/** The chosen node first, then others that came close, and some that were rejected. */
export function successRecord(
  pod: KubeObject,
  at: number,
  attempts: number,
  chosen: number,
  { feasible, scores, rejected }: CycleResult,
): DecisionRecord {
  const shown = [chosen]
  for (let near = 0; near <= 100 && shown.length < recordedNodes; near += 20) {
    for (let i = 0; i < feasible.length && shown.length < recordedNodes; i++) {
      const below = scores.totals[chosen]! - scores.totals[i]!
      if (i !== chosen && below >= (near === 0 ? 0 : near - 19) && below <= near) shown.push(i)
    }
  }
  const scored = shown.map((index) => ({
    node: feasible[index]!.name,
    scores: Object.fromEntries(scores.byPlugin.map(({ name, scores: own }) => [name, own[index]!])),
    total: scores.totals[index]!,
  }))
  const refused = rejected
    .slice(0, recordedNodes)
    .map(({ node, plugin, status }) => ({ node: node.name, rejectedBy: plugin, reasons: status.reasons }))
  return {
    pod: keyOf(pod),
    uid: pod.metadata.uid,
    at,
    attempts,
    node: feasible[chosen]!.name,
    nodes: [...scored, ...refused],
  }
}
