import { deepEqual } from '../../../lib/deep-equal.ts'
import { isAvailable, readySince } from '../../../kinds/pod/conditions.ts'
import { StatusError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { adoptersOf, claimed, selectorOf, type Claimant } from '../../controller-runtime/claims.ts'
import {
  defineController,
  done,
  requeueAfter,
  timeFor,
  type MapFunction,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import type { Client } from '../../client/client.ts'
import {
  createRevision,
  dataOf,
  deleteOldest,
  isOf,
  nextRevision,
  renumbered,
  revisionsOf,
  type Revision,
} from '../../controller-runtime/history.ts'
import { ordinalOf } from './identity.ts'
import { bringNearer, isRunningAndReady, revisionOf, type Situation } from './update.ts'

const statefulSets = 'statefulsets.apps'

const claimant: Claimant = {
  resource: statefulSets,
  selector: selectorOf,
  fits: (set, pod) => ordinalOf(set, pod) >= 0,
}

/** A pod may have waited for the claim of its predecessor to go. */
const waitingForClaim: MapFunction = (claim, { client }, { type }) => {
  const owner = claim.metadata.ownerReferences?.find(({ kind }) => kind === 'Pod')?.name
  if (type !== 'DELETED' || !owner) return []
  const key = `${claim.metadata.namespace}/${owner.slice(0, owner.lastIndexOf('-'))}`
  return client.get(statefulSets, key) ? [key] : []
}

export const statefulSetController = defineController({
  name: 'statefulset',
  for: statefulSets,
  owns: ['pods'],
  ownerKind: 'StatefulSet',
  watches: { pods: adoptersOf(claimant), persistentvolumeclaims: waitingForClaim },
  reconcile,
})

function reconcile(key: string, { client, clock }: ReconcileContext): Result {
  const set = client.get(statefulSets, key)
  if (!set) return done
  const revisions = revisionsOf(set, statefulSets, client)
  const pods = claimed('pods', set, claimant, client)
  // Its revisions may be gone before its pods are, and must not come back.
  if (set.metadata.deletionTimestamp && !revisions.some((one) => isOf(one, dataOf(set)))) return done
  const { current, update, collisions } = revisionsFor(set, revisions, client)
  const situation: Situation = { set, pods, current, update, wallMs: clock.wall() }
  let refusal: StatusError | undefined
  let replaced = 0
  try {
    if (!set.metadata.deletionTimestamp) replaced = bringNearer(situation, client)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    refusal = error
  }
  const status = statusOf(situation, collisions, replaced)
  if (!deepEqual(status, set.status)) client.updateStatus(statefulSets, { ...set, status })
  truncateHistory(situation, revisions, client)
  if (refusal) throw refusal
  return { ...requeueAfter(untilAvailable(situation)), tookMs: timeFor(pods.length) }
}

/** The revision that pods come from, the one they go to, and the names that were taken. */
function revisionsFor(
  set: KubeObject,
  revisions: readonly Revision[],
  client: Client,
): { current: Revision; update: Revision; collisions: number } {
  const data = dataOf(set)
  const number = nextRevision(revisions)
  const present = revisions.findLast((one) => isOf(one, data))
  const before: number = set.status?.collisionCount ?? 0
  const isNewest = present && isOf(revisions.at(-1)!, data)
  const { revision: update, collisions } = present
    ? { revision: isNewest ? present : renumbered(present, number, client), collisions: before }
    : createRevision(set, { number, collisions: before, hashLabel: 'controller.kubernetes.io/hash' }, client)
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update
  return { current, update, collisions }
}

function statusOf({ set, pods, current, update, wallMs }: Situation, collisionCount: number, replaced: number): any {
  let replicas = 0
  let ready = 0
  let available = 0
  let currentReplicas = -replaced
  let updated = 0
  for (const pod of pods) {
    replicas++
    if (isRunningAndReady(pod)) {
      ready++
      if (isAvailable(pod, set.spec.minReadySeconds ?? 0, wallMs)) available++
    }
    if (pod.metadata.deletionTimestamp) continue
    if (revisionOf(pod) === current.metadata.name) currentReplicas++
    if (revisionOf(pod) === update.metadata.name) updated++
  }
  const wanted: number = set.spec.replicas
  const isComplete = updated === wanted && ready === wanted && replicas === wanted
  const completes = isComplete && set.spec.updateStrategy.type === 'RollingUpdate'
  if (completes) currentReplicas = updated
  return {
    ...(set.metadata.generation && { observedGeneration: set.metadata.generation }),
    replicas,
    ...(ready && { readyReplicas: ready }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updated && { updatedReplicas: updated }),
    currentRevision: (completes ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
    ...(set.status?.conditions && { conditions: set.status.conditions }),
    availableReplicas: available,
  }
}

/** Nothing announces that a ready pod has become available. */
function untilAvailable({ set, pods, wallMs }: Situation): number | undefined {
  const minReady: number = set.spec.minReadySeconds ?? 0
  if (!minReady) return undefined
  const waits = pods.filter((pod) => isRunningAndReady(pod) && !isAvailable(pod, minReady, wallMs))
  return waits.length > 0 ? Math.min(...waits.map((pod) => readySince(pod) + minReady * 1000 - wallMs)) : undefined
}

function truncateHistory({ set, pods, current, update }: Situation, revisions: readonly Revision[], client: Client) {
  const limit: number = set.spec.revisionHistoryLimit ?? 10
  if (revisions.length <= limit) return
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)])
  const unneeded = revisions.filter(({ metadata }) => !live.has(metadata.name))
  deleteOldest(unneeded, unneeded.length - limit, client)
}
