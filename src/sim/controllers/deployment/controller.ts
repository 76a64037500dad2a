import { conditionOf, isFinished } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerOf, controllerReference, withOwner, withoutOwner } from '../../controller-runtime/owners.ts'
import { isScalingEvent, scaleProportionally } from './proportional.ts'
import { rollingUpdate } from './rolling.ts'
import { cleanUp, deployments, ensureNewSet, findNewSet, replicaSets, scaleSet } from './sets.ts'
import { hasProgressDeadline, set, syncPaused, syncStatus } from './status.ts'
import { revisionAnnotation } from './template.ts'

export const deploymentController = defineController({
  name: 'deployment',
  component: 'deployment-controller',
  for: deployments,
  owns: [replicaSets],
  ownerKind: 'Deployment',
  watches: {
    // Recreate waits until the last old pod is gone.
    pods: (pod, { client }, change) => {
      if (change.type !== 'DELETED') return []
      const owner = controllerOf(pod)
      const set =
        owner?.kind === 'ReplicaSet' ? client.get(replicaSets, `${pod.metadata.namespace}/${owner.name}`) : undefined
      const deployment = set && controllerOf(set)
      return deployment ? [`${pod.metadata.namespace}/${deployment.name}`] : []
    },
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client } = context
  const found = client.get(deployments, key)
  if (!found) return done
  let deployment = found
  const sets = claimSets(deployment, context)
  if (deployment.metadata.deletionTimestamp) {
    const newSet = findNewSet(deployment, sets)
    syncStatus(
      deployment,
      newSet,
      sets.filter((set) => set !== newSet),
      context,
    )
    return done
  }
  deployment = syncPaused(deployment, context)
  if (deployment.spec.paused || isScalingEvent(deployment, sets)) return sizeOnly(deployment, sets, context)
  if (deployment.spec.strategy.type === 'Recreate') return recreate(deployment, sets, context)
  const newSet = ensureNewSet(deployment, sets, context)
  if (!newSet) return done
  deployment = recordNewSet(deployment, newSet, !isAmong(newSet, sets), context)
  const oldSets = sets.filter((set) => set.metadata.uid !== newSet.metadata.uid)
  rollingUpdate(deployment, newSet, oldSets, context)
  return finish(deployment, newSet, oldSets, context)
}

/** Paused, or asked for another size in the middle of a rollout: nothing rolls, sizes may change. */
function sizeOnly(deployment: KubeObject, sets: readonly KubeObject[], context: ReconcileContext): Result {
  const newSet = findNewSet(deployment, sets)
  const oldSets = sets.filter((set) => set !== newSet)
  if (sets.length > 0) scaleProportionally(deployment, newSet, oldSets, context)
  return finish(deployment, newSet, oldSets, context)
}

function recreate(deployment: KubeObject, sets: readonly KubeObject[], context: ReconcileContext): Result {
  const { client } = context
  const present = findNewSet(deployment, sets)
  const oldSets = sets.filter((set) => set !== present)
  let scaled = false
  for (const set of oldSets) {
    if (set.spec.replicas === 0) continue
    scaleSet(set, 0, deployment, context)
    scaled = true
  }
  const oldPodsLeft = oldSets.some((set) => client.ownedBy('pods', set.metadata.uid).some((pod) => !isFinished(pod)))
  if (scaled || oldPodsLeft) return finish(deployment, present, oldSets, context)
  const newSet = ensureNewSet(deployment, sets, context)
  if (!newSet) return done
  const recorded = recordNewSet(deployment, newSet, !isAmong(newSet, sets), context)
  scaleSet(newSet, recorded.spec.replicas, recorded, context)
  return finish(recorded, newSet, oldSets, context)
}

function finish(
  deployment: KubeObject,
  newSet: KubeObject | undefined,
  oldSets: readonly KubeObject[],
  context: ReconcileContext,
): Result {
  const again = syncStatus(deployment, newSet, oldSets, context)
  const { status, spec } = deployment
  const complete =
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  if (complete || (spec.replicas === 0 && !status?.replicas)) cleanUp(deployment, oldSets, context)
  return requeueAfter(again, true)
}

/** ReplicaSets of this Deployment: adopts matching orphans, releases those that no longer match. */
function claimSets(deployment: KubeObject, { client }: ReconcileContext): KubeObject[] {
  const { uid, namespace, deletionTimestamp } = deployment.metadata
  const owned: KubeObject[] = []
  for (const set of client.ownedBy(replicaSets, uid)) {
    if (matchesLabelSelector(deployment.spec.selector, set.metadata.labels ?? {})) owned.push(set)
    else if (!deletionTimestamp) client.update(replicaSets, withoutOwner(set, uid))
  }
  if (deletionTimestamp) return owned
  for (const set of client.list(replicaSets)) {
    if (set.metadata.namespace !== namespace || controllerOf(set) || set.metadata.deletionTimestamp) continue
    if (!matchesLabelSelector(deployment.spec.selector, set.metadata.labels ?? {})) continue
    if (client.live(deployments, keyOf(deployment))?.metadata.uid !== uid) continue
    owned.push(client.update(replicaSets, withOwner(set, controllerReference(deployment))))
  }
  return owned
}

function isAmong({ metadata }: KubeObject, sets: readonly KubeObject[]): boolean {
  return sets.some((one) => one.metadata.uid === metadata.uid)
}

/**
 * Writes the set's revision to the Deployment, and that there is a set for its template. Upstream: getNewReplicaSet.
 */
function recordNewSet(
  deployment: KubeObject,
  newSet: KubeObject,
  isNew: boolean,
  { client }: ReconcileContext,
): KubeObject {
  const revision = newSet.metadata.annotations?.[revisionAnnotation]
  const isRecorded = !revision || deployment.metadata.annotations?.[revisionAnnotation] === revision
  const says = hasProgressDeadline(deployment) && (isNew || !conditionOf(deployment, 'Progressing'))
  if (isRecorded && !says) return deployment
  const live = client.live(deployments, keyOf(deployment))
  if (!live || live.metadata.uid !== deployment.metadata.uid) return deployment
  const annotations = { ...live.metadata.annotations, ...(revision && { [revisionAnnotation]: revision }) }
  const now = client.timestamp()
  const conditions = set(live.status?.conditions ?? [], {
    type: 'Progressing',
    status: 'True',
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: isNew ? 'NewReplicaSetCreated' : 'FoundNewReplicaSet',
    message: `${isNew ? 'Created' : 'Found'} new replica set "${newSet.metadata.name}"`,
  })
  // Through the status, as upstream: an annotation set on the object itself would count as a new generation.
  const metadata = { ...live.metadata, annotations }
  return client.updateStatus(deployments, {
    ...live,
    metadata,
    ...(says && { status: { ...live.status, conditions } }),
  })
}
