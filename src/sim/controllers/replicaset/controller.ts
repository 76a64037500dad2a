import { deepEqual } from '../../../lib/deep-equal.ts'
import {
  isActive,
  isAvailable,
  isReady,
  readySince,
  withCondition,
  type Condition,
} from '../../../kinds/pod/conditions.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { matchesLabels, matchesLabelSelector } from '../../../machinery/selectors.ts'
import {
  defineController,
  done,
  requeueAfter,
  timeFor,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerOf, controllerReference, withOwner, withoutOwner } from '../../controller-runtime/owners.ts'
import { rankForDeletion } from './rank.ts'

const replicaSets = 'replicasets.apps'
/** How many pods one reconcile may create or delete. Upstream: BurstReplicas. */
const burstReplicas = 500

export const replicaSetController = defineController({
  name: 'replicaset',
  component: 'replicaset-controller',
  for: replicaSets,
  owns: ['pods'],
  ownerKind: 'ReplicaSet',
  watches: {
    // An orphan may be somebody's to adopt.
    pods: (pod, { client }) => {
      if (controllerOf(pod) || pod.metadata.deletionTimestamp) return []
      const labels = pod.metadata.labels ?? {}
      return client
        .list(replicaSets)
        .filter(
          (set) => set.metadata.namespace === pod.metadata.namespace && matchesLabelSelector(set.spec.selector, labels),
        )
        .map(keyOf)
    },
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, clock } = context
  const set = client.get(replicaSets, key)
  if (!set) return done
  const owned = claimPods(set, context)
  const active = owned.filter(isActive)
  let failure: Condition | undefined
  if (!set.metadata.deletionTimestamp) failure = manageReplicas(set, active, context)
  updateStatus(set, active, owned, failure, context)
  if (failure) throw new StatusError(500, 'InternalError', failure.message ?? '')
  const wallMs = clock.wall()
  const minReady: number = set.spec.minReadySeconds ?? 0
  // Nothing announces that a ready pod has become available, so come back when the first one does.
  const waits = active.filter((pod) => isReady(pod) && !isAvailable(pod, minReady, wallMs))
  const tookMs = timeFor(owned.length)
  if (minReady === 0 || waits.length === 0) return { tookMs }
  return { ...requeueAfter(Math.min(...waits.map((pod) => readySince(pod) + minReady * 1000 - wallMs))), tookMs }
}

/** Pods that are ours: adopts matching orphans, lets go of pods whose labels no longer match. */
function claimPods(set: KubeObject, { client }: ReconcileContext): KubeObject[] {
  const { namespace, uid, deletionTimestamp } = set.metadata
  const owned: KubeObject[] = []
  for (const pod of client.ownedBy('pods', uid)) {
    if (matchesLabelSelector(set.spec.selector, pod.metadata.labels ?? {})) owned.push(pod)
    else if (!pod.metadata.deletionTimestamp && !deletionTimestamp) client.update('pods', withoutOwner(pod, uid))
  }
  if (deletionTimestamp) return owned
  for (const pod of orphansOf(client.cache('pods'), namespace ?? '')) {
    if (pod.metadata.deletionTimestamp || !matchesLabelSelector(set.spec.selector, pod.metadata.labels ?? {})) continue
    if (client.live(replicaSets, keyOf(set))?.metadata.uid !== uid) continue
    owned.push(client.update('pods', withOwner(pod, controllerReference(set))))
  }
  return owned
}

function orphansOf(
  cache: { addIndex: any; byIndex(index: string, value: string): KubeObject[] },
  namespace: string,
): KubeObject[] {
  cache.addIndex('orphan', (pod: KubeObject) => (controllerOf(pod) ? [] : [pod.metadata.namespace ?? '']))
  return cache.byIndex('orphan', namespace)
}

/** Creates or deletes what is missing or too much; returns the ReplicaFailure condition when a write was refused. */
function manageReplicas(
  set: KubeObject,
  active: readonly KubeObject[],
  context: ReconcileContext,
): Condition | undefined {
  const difference = active.length - set.spec.replicas
  try {
    if (difference < 0) createPods(set, Math.min(-difference, burstReplicas), context)
    else if (difference > 0) deletePods(set, active, Math.min(difference, burstReplicas), context)
    return undefined
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const reason = difference < 0 ? 'FailedCreate' : 'FailedDelete'
    return {
      type: 'ReplicaFailure',
      status: 'True',
      reason,
      message: error.message,
      lastTransitionTime: context.client.timestamp(),
    }
  }
}

/** Upstream: slowStartBatch; when the first few are refused, the rest is not tried. */
function createPods(set: KubeObject, count: number, { client }: ReconcileContext): void {
  const { template } = set.spec
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const body = {
    metadata: {
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec: template.spec,
  }
  let created = 0
  for (let batch = 1; created < count; batch *= 2) {
    const size = Math.min(batch, count - created)
    for (let i = 0; i < size; i++) {
      try {
        const pod = client.create('pods', body, set.metadata.namespace)
        client.events.normal(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
        created++
      } catch (error) {
        if (error instanceof StatusError) client.events.warning(set, 'FailedCreate', `Error creating: ${error.message}`)
        throw error
      }
    }
  }
}

function deletePods(
  set: KubeObject,
  active: readonly KubeObject[],
  count: number,
  { client, clock }: ReconcileContext,
): void {
  const owner = controllerOf(set)
  const related = owner ? siblings(owner.uid, client) : active
  for (const pod of rankForDeletion(active, related, clock.wall()).slice(0, count)) {
    client.deleteIfPresent('pods', keyOf(pod))
    client.events.normal(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
  }
}

/** Pods of all ReplicaSets of the same Deployment: those that share a node with many of them go first. */
function siblings(ownerUid: string, client: ReconcileContext['client']): KubeObject[] {
  return client
    .ownedBy(replicaSets, ownerUid)
    .flatMap((one) => client.ownedBy('pods', one.metadata.uid).filter(isActive))
}

function updateStatus(
  set: KubeObject,
  active: readonly KubeObject[],
  owned: readonly KubeObject[],
  failure: Condition | undefined,
  { client, clock }: ReconcileContext,
): void {
  const templateLabels: Record<string, string> = set.spec.template.metadata?.labels ?? {}
  const wallMs = clock.wall()
  let fullyLabeled = 0
  let ready = 0
  let available = 0
  for (const pod of active) {
    const labels = pod.metadata.labels ?? {}
    if (matchesLabels(templateLabels, labels)) fullyLabeled++
    if (!isReady(pod)) continue
    ready++
    if (isAvailable(pod, set.spec.minReadySeconds ?? 0, wallMs)) available++
  }
  const terminating = owned.filter(
    (pod) => pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded',
  ).length
  const before: readonly Condition[] = set.status?.conditions ?? []
  const others = before.filter((one) => one.type !== 'ReplicaFailure')
  // The first failure is told until one succeeds: the next ones name other pods, which is no news.
  const told = before.length > others.length
  const conditions = !failure ? others : told ? before : withCondition(before, failure)
  const status = {
    replicas: active.length,
    ...(fullyLabeled && { fullyLabeledReplicas: fullyLabeled }),
    ...(ready && { readyReplicas: ready }),
    ...(available && { availableReplicas: available }),
    terminatingReplicas: terminating,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  }
  if (deepEqual(status, set.status)) return
  client.updateStatus(replicaSets, { ...set, status })
}
