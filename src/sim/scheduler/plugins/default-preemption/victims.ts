import { conditionOf } from '../../../../kinds/pod/conditions.ts'
import { parseTime } from '../../../../lib/time.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import { Trial } from '../../framework/filtering.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { unresolvable, type Candidate, type Failure, type Handle, type Status } from '../../framework/types.ts'

const noVictims = unresolvable('No preemption victims found for incoming pod')

/** How much a pod matters. */
export function priorityOf({ pod }: PodInfo): number {
  return pod.spec.priority ?? 0
}

/** When a pod started, in epoch milliseconds; one that has not starts now. */
export function startOf({ pod }: PodInfo, now: number): number {
  const { startTime } = pod.status ?? {}
  return startTime ? parseTime(startTime) : now
}

/** Is this pod on its way out for the sake of another? */
export function isBeingPreempted({ pod }: PodInfo): boolean {
  if (!pod.metadata.deletionTimestamp) return false
  const target = conditionOf(pod, 'DisruptionTarget')
  return target?.status === 'True' && target.reason === 'PreemptionByScheduler'
}

/**
 * The fewest pods whose absence would let this one in: all that matter less go, and come back one by one, the most
 * important first, as long as it still fits. Those whose budget would be broken come back before others.
 * Upstream: defaultpreemption, SelectVictimsOnNode.
 */
export function selectVictims(
  { pod, filtering, now }: Failure,
  node: NodeInfo,
  budgets: readonly KubeObject[],
  handle: Handle,
): Candidate | Status {
  const potential = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod))
  if (potential.length === 0) return noVictims
  const trial = new Trial(filtering, pod, node, handle)
  for (const other of potential) trial.remove(other)
  const refused = trial.check()
  if (refused) return refused
  // Equal ones in an order that does not depend on how they came there.
  potential.sort(
    (a, b) => priorityOf(b) - priorityOf(a) || startOf(a, now) - startOf(b, now) || (a.key < b.key ? -1 : 1),
  )
  const violating = violatingPods(potential, budgets)
  const victims: PodInfo[] = []
  const goes = (other: PodInfo): boolean => {
    trial.add(other)
    if (!trial.check()) return false
    trial.remove(other)
    victims.push(other)
    return true
  }
  let violations = 0
  for (const other of potential) if (violating.has(other) && goes(other)) violations++
  for (const other of potential) if (!violating.has(other)) goes(other)
  victims.sort((a, b) => potential.indexOf(a) - potential.indexOf(b))
  return { node: node.name, victims, violations }
}

/** Pods whose eviction would break a budget, when those before them in the list go as well. */
function violatingPods(pods: readonly PodInfo[], budgets: readonly KubeObject[]): ReadonlySet<PodInfo> {
  const allowed = budgets.map(({ status }) => (status?.disruptionsAllowed ?? 0) as number)
  const violating = new Set<PodInfo>()
  for (const info of pods) {
    const { name, namespace, labels } = info.pod.metadata
    if (!labels || Object.keys(labels).length === 0) continue
    for (const [index, { metadata, spec, status }] of budgets.entries()) {
      if (metadata.namespace !== namespace || !selects(spec?.selector, labels)) continue
      // The API server has already counted it.
      if (Object.hasOwn(status?.disruptedPods ?? {}, name)) continue
      allowed[index]!--
      if (allowed[index]! < 0) violating.add(info)
    }
  }
  return violating
}

/** A budget without a selector, or with an empty one, protects nobody here. */
function selects(selector: any, labels: Readonly<Record<string, string>>): boolean {
  if (!selector?.matchExpressions?.length && Object.keys(selector?.matchLabels ?? {}).length === 0) return false
  return matchesLabelSelector(selector, labels)
}
