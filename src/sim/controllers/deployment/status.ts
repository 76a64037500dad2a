import { deepEqual } from '../../../lib/deep-equal.ts'
import { parseTime, rfc3339 } from '../../../lib/time.ts'
import { conditionOf, type Condition } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { maxUnavailableOf } from './limits.ts'
import { sum } from './rolling.ts'
import { deployments } from './sets.ts'

type Counts = Record<string, number | undefined>

/** Writes the status if it changed; returns when to look again for the progress deadline, in milliseconds. */
export function syncStatus(
  deployment: KubeObject,
  newSet: KubeObject | undefined,
  oldSets: readonly KubeObject[],
  context: ReconcileContext,
): number | undefined {
  const sets = newSet ? [newSet, ...oldSets] : [...oldSets]
  const counts = countsOf(newSet, sets)
  const now = rfc3339(context.clock.wall())
  let conditions = withAvailability(deployment, counts, now)
  conditions = withProgress(deployment, newSet, counts, conditions, context)
  const failure = sets.map((set) => conditionOf(set, 'ReplicaFailure')).find(Boolean)
  conditions = failure
    ? set(conditions, { ...failure, lastUpdateTime: failure.lastTransitionTime })
    : conditions.filter((one) => one.type !== 'ReplicaFailure')
  const status = {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(Object.entries(counts).filter(([name, value]) => value || name === 'terminatingReplicas')),
    ...(conditions.length > 0 && { conditions }),
    ...(deployment.status?.collisionCount && { collisionCount: deployment.status.collisionCount }),
  }
  if (!deepEqual(status, deployment.status)) context.client.updateStatus(deployments, { ...deployment, status })
  return nextDeadline(deployment, conditions, context)
}

/** Says in the conditions when a rollout is paused or resumed. Upstream: checkPausedConditions. */
export function syncPaused(deployment: KubeObject, { client, clock }: ReconcileContext): KubeObject {
  if (!hasProgressDeadline(deployment)) return deployment
  const current = conditionOf(deployment, 'Progressing')
  // That nothing moved in time is not overwritten.
  if (current?.reason === 'ProgressDeadlineExceeded') return deployment
  const says = current?.reason === 'DeploymentPaused'
  const paused = deployment.spec.paused === true
  if (paused === says) return deployment
  const now = rfc3339(clock.wall())
  const conditions = set(deployment.status?.conditions ?? [], {
    type: 'Progressing',
    status: 'Unknown',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: paused ? 'DeploymentPaused' : 'DeploymentResumed',
    message: paused ? 'Deployment is paused' : 'Deployment is resumed',
  })
  return client.updateStatus(deployments, { ...deployment, status: { ...deployment.status, conditions } })
}

/** Is it to say whether it gets on? Upstream: HasProgressDeadline. */
export function hasProgressDeadline({ spec }: KubeObject): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds < 2147483647
}

function countsOf(newSet: KubeObject | undefined, sets: readonly KubeObject[]): Counts {
  const replicas = sum(sets, (one) => one.status?.replicas ?? 0)
  const available = sum(sets, (one) => one.status?.availableReplicas ?? 0)
  return {
    replicas,
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (one) => one.status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, (one) => one.spec.replicas) - available),
    terminatingReplicas: sum(sets, (one) => one.status?.terminatingReplicas ?? 0),
  }
}

function withAvailability(deployment: KubeObject, counts: Counts, now: string): Condition[] {
  const conditions: readonly Condition[] = deployment.status?.conditions ?? []
  const enough = (counts.availableReplicas ?? 0) >= deployment.spec.replicas - maxUnavailableOf(deployment)
  return set(conditions, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  })
}

/** Upstream: deployment/progress.go, syncRolloutStatus. */
function withProgress(
  deployment: KubeObject,
  newSet: KubeObject | undefined,
  counts: Counts,
  conditions: Condition[],
  { clock }: ReconcileContext,
): Condition[] {
  if (!hasProgressDeadline(deployment)) {
    return conditions.filter((one) => one.type !== 'Progressing')
  }
  const now = rfc3339(clock.wall())
  const current = conditions.find((one) => one.type === 'Progressing')
  const name = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const condition = (status: string, reason: string, message: string): Condition => ({
    type: 'Progressing',
    status,
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason,
    message,
  })
  const desired: number = deployment.spec.replicas
  const settled = counts.replicas === counts.updatedReplicas && current?.reason === 'NewReplicaSetAvailable'
  if (deployment.spec.paused || settled) return conditions
  const complete =
    (counts.updatedReplicas ?? 0) === desired &&
    counts.replicas === desired &&
    counts.availableReplicas === desired &&
    deployment.status?.observedGeneration === deployment.metadata.generation
  if (complete)
    return set(conditions, condition('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`))
  if (progressed(deployment, counts)) {
    const next = condition('True', 'ReplicaSetUpdated', `${name} is progressing.`)
    if (!current) return set(conditions, next)
    const kept = current.status === 'True' ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
    return [...conditions.filter((one) => one.type !== 'Progressing'), kept]
  }
  if (timedOut(deployment, current, clock.wall())) {
    return set(conditions, condition('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`))
  }
  return conditions
}

function progressed(deployment: KubeObject, counts: Counts): boolean {
  const before = deployment.status ?? {}
  const oldNow = (counts.replicas ?? 0) - (counts.updatedReplicas ?? 0)
  const oldBefore = (before.replicas ?? 0) - (before.updatedReplicas ?? 0)
  return (
    (counts.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldNow < oldBefore ||
    (counts.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

function timedOut(deployment: KubeObject, current: Condition | undefined, wallMs: number): boolean {
  if (!current || current.reason === 'NewReplicaSetAvailable') return false
  if (current.reason === 'ProgressDeadlineExceeded') return true
  return parseTime(current.lastUpdateTime) + deployment.spec.progressDeadlineSeconds * 1000 < wallMs
}

/** When the progress deadline would pass, so that somebody looks then. */
function nextDeadline(
  deployment: KubeObject,
  conditions: readonly Condition[],
  { clock }: ReconcileContext,
): number | undefined {
  const current = conditions.find((one) => one.type === 'Progressing')
  const over = !current || current.reason === 'NewReplicaSetAvailable' || current.reason === 'ProgressDeadlineExceeded'
  if (over || deployment.spec.paused) return undefined
  const due = parseTime(current.lastUpdateTime) + deployment.spec.progressDeadlineSeconds * 1000
  return Math.max(0, due - clock.wall()) + 1000
}

/** Upstream's SetDeploymentCondition: nothing changes while status and reason stay; the changed one goes last. */
export function set(conditions: readonly Condition[], next: Condition): Condition[] {
  const current = conditions.find((one) => one.type === next.type)
  if (current && current.status === next.status && current.reason === next.reason) return [...conditions]
  const kept =
    current && current.status === next.status ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
  return [...conditions.filter((one) => one.type !== next.type), kept]
}
