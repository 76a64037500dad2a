import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { CycleResult } from './framework/cycle.ts'
import type { Rescue } from './framework/post-filter.ts'
import type { ClusterEvent } from './framework/types.ts'
import type { DecisionRecord } from './records.ts'

/** How many scored nodes of a success are kept for "why there?". */
const recordedNodes = 50

/** The chosen node first, then the best of the others, and some that were rejected. */
export function successRecord(
  pod: KubeObject,
  at: number,
  attempts: number,
  chosen: number,
  { feasible, scores, rejected }: CycleResult,
): DecisionRecord {
  const others = feasible.map((_node, index) => index).filter((index) => index !== chosen)
  others.sort((a, b) => scores.totals[b]! - scores.totals[a]! || a - b)
  const shown = [chosen, ...others.slice(0, recordedNodes - 1)]
  const byPlugin = (value: (plugin: CycleResult['scores']['byPlugin'][number]) => number) =>
    Object.fromEntries(scores.byPlugin.map((plugin) => [plugin.name, value(plugin)]))
  const scored = shown.map((index) => ({
    node: feasible[index]!.name,
    raw: byPlugin(({ raw }) => raw[index]!),
    normalised: byPlugin(({ normalised }) => normalised[index]!),
    scores: byPlugin(({ normalised, weight }) => normalised[index]! * weight),
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
    weights: byPlugin(({ weight }) => weight),
    nodes: [...scored, ...refused],
  }
}

/** Why nothing could be found, node by node, and what taking pods away could do. */
export function failureRecord(
  pod: KubeObject,
  at: number,
  attempts: number,
  message: string,
  { rejected }: CycleResult,
  wokenBy: readonly ClusterEvent[],
  rescue: Rescue | undefined,
): DecisionRecord {
  const nodes = rejected.map(({ node, plugin, status }) => ({
    node: node.name,
    rejectedBy: plugin,
    reasons: status.reasons,
  }))
  const record = { pod: keyOf(pod), uid: pod.metadata.uid, at, attempts, message, wokenBy, nodes }
  if (!rescue?.nominate) return record
  const candidates = rescue.candidates.map(({ node, victims, violations }) => ({
    node,
    victims: victims.map(({ key }) => key),
    violations,
  }))
  return { ...record, preemption: { node: rescue.nominate.node, candidates } }
}
