import type { KubeObject } from '../../../machinery/objects.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { maxUnavailableOf } from './limits.ts'
import { newSetReplicas, scaleSet } from './sets.ts'
import { revisionOf } from './template.ts'

/** One step of a rolling update: grow the new set as far as surge allows, else shrink old ones as availability allows. */
export function rollingUpdate(
  deployment: KubeObject,
  newSet: KubeObject,
  oldSets: readonly KubeObject[],
  context: ReconcileContext,
): void {
  if (growNewSet(deployment, newSet, [newSet, ...oldSets], context)) return
  shrinkOldSets(deployment, newSet, oldSets, context)
}

function growNewSet(
  deployment: KubeObject,
  newSet: KubeObject,
  sets: readonly KubeObject[],
  context: ReconcileContext,
): boolean {
  const present: number = newSet.spec.replicas
  const wanted: number = deployment.spec.replicas
  if (present === wanted) return false
  const next = present > wanted ? wanted : newSetReplicas(deployment, sets, present)
  scaleSet(newSet, next, deployment, context)
  return next !== present
}

/** Upstream: reconcileOldReplicaSets, first unhealthy replicas, then as many as may become unavailable. */
function shrinkOldSets(
  deployment: KubeObject,
  newSet: KubeObject,
  oldSets: readonly KubeObject[],
  context: ReconcileContext,
): void {
  const old = oldSets.filter((set) => set.spec.replicas > 0)
  if (old.length === 0) return
  const total = sum([newSet, ...old], (set) => set.spec.replicas)
  const minAvailable = deployment.spec.replicas - maxUnavailableOf(deployment)
  const newUnavailable = newSet.spec.replicas - (newSet.status?.availableReplicas ?? 0)
  const mayGo = total - minAvailable - newUnavailable
  if (mayGo <= 0) return
  const afterUnhealthy = dropUnhealthy(deployment, old, mayGo, context)
  const available = sum([newSet, ...afterUnhealthy], (set) => set.status?.availableReplicas ?? 0)
  const dropped = sum(old, (set) => set.spec.replicas) - sum(afterUnhealthy, (set) => set.spec.replicas)
  // A set that was just shrunk still reports its former pods as available: they must not be taken for spare ones.
  let mayScale = Math.min(available - minAvailable, mayGo - dropped)
  for (const set of [...afterUnhealthy].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    if (mayScale <= 0) return
    const count = Math.min(set.spec.replicas, mayScale)
    if (count > 0) scaleSet(set, set.spec.replicas - count, deployment, context)
    mayScale -= count
  }
}

function dropUnhealthy(
  deployment: KubeObject,
  old: readonly KubeObject[],
  most: number,
  context: ReconcileContext,
): KubeObject[] {
  let left = most
  return [...old]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .map((set) => {
      const unhealthy = set.spec.replicas - (set.status?.availableReplicas ?? 0)
      const count = Math.min(left, unhealthy)
      if (count <= 0) return set
      left -= count
      return scaleSet(set, set.spec.replicas - count, deployment, context)
    })
}

export function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
