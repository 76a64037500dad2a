import { parseTime } from '../../../lib/time.ts'
import { isReady, readySince } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Which pods go first when there are too many: unassigned, then pending, not ready, cheaper to delete, doubled up
 * on a node, ready for less long, restarted more, younger. Upstream: controller.ActivePodsWithRanks.
 */
export function rankForDeletion(
  pods: readonly KubeObject[],
  related: readonly KubeObject[],
  wallMs: number,
): KubeObject[] {
  const perNode = new Map<string, number>()
  for (const pod of related) {
    const node = pod.spec.nodeName
    if (node && pod.status?.phase !== 'Failed') perNode.set(node, (perNode.get(node) ?? 0) + 1)
  }
  // What is compared is worked out once for each: there may be thousands, and a comparison is made many times over.
  const ranked = pods.map((pod) => ({ pod, ranks: ranksOf(pod, perNode.get(pod.spec.nodeName) ?? 0, wallMs) }))
  ranked.sort(compare)
  return ranked.map(({ pod }) => pod)
}

interface Ranked {
  readonly pod: KubeObject
  readonly ranks: readonly number[]
}

/** In order of importance; the lower goes first. */
function ranksOf(pod: KubeObject, doubled: number, wallMs: number): number[] {
  return [
    pod.spec.nodeName ? 1 : 0,
    phaseRank[pod.status?.phase ?? 'Pending'] ?? 1,
    isReady(pod) ? 1 : 0,
    deletionCost(pod),
    -doubled,
    ageBucket(readySince(pod), wallMs),
    -restarts(pod),
    ageBucket(parseTime(pod.metadata.creationTimestamp), wallMs),
  ]
}

function compare(a: Ranked, b: Ranked): number {
  for (let i = 0; i < a.ranks.length; i++) {
    const difference = a.ranks[i]! - b.ranks[i]!
    if (difference !== 0) return difference
  }
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1
}

function deletionCost(pod: KubeObject): number {
  const cost = Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
  return Number.isInteger(cost) ? cost : 0
}

function restarts(pod: KubeObject): number {
  let most = 0
  for (const status of pod.status?.containerStatuses ?? []) most = Math.max(most, status.restartCount)
  return most
}

/** Upstream compares ages on a logarithmic scale, so that pods of about the same age are not told apart. */
function ageBucket(sinceMs: number, wallMs: number): number {
  if (Number.isNaN(sinceMs)) return -1
  const age = wallMs - sinceMs
  return age < 1000 ? 0 : 1 + Math.floor(Math.log2(age / 1000))
}
