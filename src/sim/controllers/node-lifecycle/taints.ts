import { notReadyTaint, unreachableTaint } from '../../../kinds/node/taints.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Taint } from '../../../machinery/taints.ts'
import type { Client } from '../../client/client.ts'

const unschedulableTaint = 'node.kubernetes.io/unschedulable'

/** Condition type → status → the taint it stands for. Upstream: nodeConditionToTaintKeyStatusMap. */
const taintOfCondition: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  Ready: { False: notReadyTaint, Unknown: unreachableTaint },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}

const managed = new Set([
  unschedulableTaint,
  ...Object.values(taintOfCondition).flatMap((byStatus) => Object.values(byStatus!)),
])

/** Adds what its conditions ask for to a node's NoSchedule taints, and takes away what they do not. */
export function syncNoScheduleTaints(node: KubeObject, client: Client): void {
  const wanted: string[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = Object.hasOwn(taintOfCondition, type) ? taintOfCondition[type]![status] : undefined
    if (key) wanted.push(key)
  }
  if (node.spec?.unschedulable) wanted.push(unschedulableTaint)
  swapTaints(node, 'NoSchedule', wanted, (key) => managed.has(key) && !wanted.includes(key), client)
}

/** Gives a node the one NoExecute taint that tells of its readiness, or none. */
export function swapNoExecuteTaint(node: KubeObject, key: string | undefined, client: Client): void {
  const isOther = (one: string) => one !== key && (one === notReadyTaint || one === unreachableTaint)
  swapTaints(node, 'NoExecute', key ? [key] : [], isOther, client)
}

export function hasTaint(node: KubeObject, key: string, effect: string): boolean {
  return node.spec?.taints?.some((taint: Taint) => taint.key === key && taint.effect === effect) ?? false
}

function swapTaints(
  node: KubeObject,
  effect: string,
  add: readonly string[],
  isSurplus: (key: string) => boolean,
  client: Client,
): void {
  const present: readonly any[] = node.spec?.taints ?? []
  const added = add.filter((key) => !hasTaint(node, key, effect))
  const kept = present.filter((taint) => taint.effect !== effect || !isSurplus(taint.key))
  if (added.length === 0 && kept.length === present.length) return
  const timeAdded = client.timestamp()
  const taints = [...kept, ...added.map((key) => ({ key, effect, timeAdded }))]
  // As a patch of this one field, as upstream's: it does not fail because of a heartbeat that came between.
  client.patch('nodes', node.metadata.name, {
    type: 'merge',
    patch: { spec: { taints: taints.length > 0 ? taints : null } },
  })
}
