import type { KubeObject } from '../../../machinery/objects.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { maxSurgeOf } from './limits.ts'
import { sum } from './rolling.ts'
import { scaleSet } from './sets.ts'
import { desiredReplicasAnnotation, maxReplicasAnnotation } from './template.ts'

/** Did somebody change spec.replicas since the sets were last sized? Then sizes change before anything rolls on. */
export function isScalingEvent(deployment: KubeObject, sets: readonly KubeObject[]): boolean {
  return sets.some((set) => {
    if (set.spec.replicas === 0) return false
    const desired = set.metadata.annotations?.[desiredReplicasAnnotation]
    return desired !== undefined && Number(desired) !== deployment.spec.replicas
  })
}

/** Sizes sets in the middle of a rollout in proportion. Upstream: deployment sync.go, scale. */
export function scaleProportionally(
  deployment: KubeObject,
  newSet: KubeObject | undefined,
  oldSets: readonly KubeObject[],
  context: ReconcileContext,
): void {
  const sets = newSet ? [newSet, ...oldSets] : [...oldSets]
  const active = sets.filter((set) => set.spec.replicas > 0)
  const only = active.length === 1 ? active[0] : active.length === 0 ? (newSet ?? oldSets[0]) : undefined
  if (only) {
    scaleSet(only, deployment.spec.replicas, deployment, context)
    return
  }
  if (
    newSet &&
    newSet.spec.replicas === deployment.spec.replicas &&
    newSet.status?.availableReplicas === deployment.spec.replicas
  ) {
    for (const set of oldSets) if (set.spec.replicas > 0) scaleSet(set, 0, deployment, context)
    return
  }
  if (deployment.spec.strategy.type !== 'RollingUpdate') return
  const total = sum(active, (set) => set.spec.replicas)
  const allowed = deployment.spec.replicas > 0 ? deployment.spec.replicas + maxSurgeOf(deployment) : 0
  let toAdd = allowed - total
  const direction = Math.sign(toAdd)
  const sorted = [...active].sort(
    (a, b) => b.spec.replicas - a.spec.replicas || (direction > 0 ? newer(b, a) : newer(a, b)),
  )
  const sizes = sorted.map((set) => {
    const share = toAdd === 0 ? 0 : fraction(set, deployment, allowed - total, toAdd)
    toAdd -= share
    return set.spec.replicas + share
  })
  // What rounding left over goes to the largest.
  if (toAdd !== 0 && sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd)
  sorted.forEach((set, index) => scaleSet(set, sizes[index]!, deployment, context))
}

function fraction(set: KubeObject, deployment: KubeObject, wanted: number, left: number): number {
  if (deployment.spec.replicas === 0) return -set.spec.replicas
  const recorded = Number(set.metadata.annotations?.[maxReplicasAnnotation] ?? 0)
  const base = recorded || deployment.status?.replicas || 1
  const size =
    Math.round((set.spec.replicas * (deployment.spec.replicas + maxSurgeOf(deployment))) / base) - set.spec.replicas
  return wanted > 0 ? Math.min(size, left) : Math.max(size, left)
}

function newer(a: KubeObject, b: KubeObject): number {
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1
}
