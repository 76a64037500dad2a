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
import type { KubeObject } from '../../../machinery/objects.ts'
import { matchesLabels } from '../../../machinery/selectors.ts'
import { adoptersOf, claimed, type Claimant } from '../claims.ts'
import {
  defineController,
  done,
  requeueAfter,
  timeFor,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../controller.ts'
import { controllerOf } from '../owners.ts'
import { burstReplicas, createPod, deletePod, podFromTemplate, slowStart } from '../pod-control.ts'
import { rankForDeletion } from './rank.ts'

/** A kind that keeps so many pods of a template. */
export interface Replicas extends Claimant {
  readonly name: string
  readonly component: string
  readonly kind: string
  /** Does its status tell of pods on their way out? */
  readonly countsTerminating: boolean
}

/** The loop of ReplicaSets, and of ReplicationControllers, which upstream runs through it, too. */
export function keepsReplicas(replicas: Replicas): ControllerDefinition {
  return defineController({
    name: replicas.name,
    component: replicas.component,
    for: replicas.resource,
    owns: ['pods'],
    ownerKind: replicas.kind,
    // An orphan may be somebody's to adopt.
    watches: { pods: adoptersOf(replicas) },
    reconcile: (key, context) => reconcile(key, replicas, context),
  })
}

function reconcile(key: string, replicas: Replicas, context: ReconcileContext): Result {
  const { client, clock } = context
  const set = client.get(replicas.resource, key)
  if (!set) return done
  const owned = claimed('pods', set, replicas, client)
  const active = owned.filter(isActive)
  let failure: Condition | undefined
  if (!set.metadata.deletionTimestamp) failure = manageReplicas(set, active, replicas, context)
  updateStatus(set, active, owned, failure, replicas, context)
  if (failure) throw new StatusError(500, 'InternalError', failure.message ?? '')
  const wallMs = clock.wall()
  const minReady: number = set.spec.minReadySeconds ?? 0
  // Nothing announces that a ready pod has become available, so come back when the first one does.
  const waits = active.filter((pod) => isReady(pod) && !isAvailable(pod, minReady, wallMs))
  const tookMs = timeFor(owned.length)
  if (minReady === 0 || waits.length === 0) return { tookMs }
  return { ...requeueAfter(Math.min(...waits.map((pod) => readySince(pod) + minReady * 1000 - wallMs))), tookMs }
}

/** Creates or deletes what is missing or too much; returns the ReplicaFailure condition when a write was refused. */
function manageReplicas(
  set: KubeObject,
  active: readonly KubeObject[],
  replicas: Replicas,
  context: ReconcileContext,
): Condition | undefined {
  const difference = active.length - set.spec.replicas
  try {
    if (difference < 0) createPods(set, Math.min(-difference, burstReplicas), context)
    else if (difference > 0) deletePods(set, active, Math.min(difference, burstReplicas), replicas, context)
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

function createPods(set: KubeObject, count: number, { client }: ReconcileContext): void {
  const pod = podFromTemplate(set, set.spec.template)
  slowStart(Array.from({ length: count }), () => createPod(set, pod, client))
}

function deletePods(
  set: KubeObject,
  active: readonly KubeObject[],
  count: number,
  { resource }: Replicas,
  { client, clock }: ReconcileContext,
): void {
  const owner = controllerOf(set)
  const related = owner ? siblings(resource, owner.uid, client) : active
  for (const pod of rankForDeletion(active, related, clock.wall()).slice(0, count)) deletePod(set, pod, client)
}

/** Pods of all ReplicaSets of the same Deployment: those that share a node with many of them go first. */
function siblings(resource: string, ownerUid: string, client: ReconcileContext['client']): KubeObject[] {
  return client.ownedBy(resource, ownerUid).flatMap((one) => client.ownedBy('pods', one.metadata.uid).filter(isActive))
}

function updateStatus(
  set: KubeObject,
  active: readonly KubeObject[],
  owned: readonly KubeObject[],
  failure: Condition | undefined,
  { resource, countsTerminating }: Replicas,
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
    ...(countsTerminating && { terminatingReplicas: terminating }),
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  }
  if (deepEqual(status, set.status)) return
  client.updateStatus(resource, { ...set, status })
}
