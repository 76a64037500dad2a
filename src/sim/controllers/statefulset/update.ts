import { isAvailable, isFinished, isReady } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { slowStart } from '../../controller-runtime/pod-control.ts'
import { revisionHashLabel, templateOf, type Revision } from '../../controller-runtime/history.ts'
import { isInRange, ordinalOf, podFor, startOrdinal } from './identity.ts'
import { StatefulPods } from './pods.ts'

/** What one reconcile of a StatefulSet knows. */
export interface Situation {
  readonly set: KubeObject
  readonly pods: readonly KubeObject[]
  readonly current: Revision
  readonly update: Revision
  readonly wallMs: number
}

export function revisionOf(pod: KubeObject): string {
  return pod.metadata.labels?.[revisionHashLabel] ?? ''
}

export function isRunningAndReady(pod: KubeObject): boolean {
  return pod.status?.phase === 'Running' && isReady(pod)
}

/**
 * Brings the pods of a StatefulSet one step nearer to what it says: makes what is missing in order, then takes away
 * what is too much from the top, then replaces what is of an old revision from the top. With OrderedReady each step
 * waits for the pods before it. Returns how many pods of the current revision it deleted for the update.
 * Upstream: defaultStatefulSetControl.updateStatefulSet.
 */
export function bringNearer(situation: Situation, client: Client): number {
  const { set, pods } = situation
  const control = new StatefulPods(set, client)
  const replicas: (KubeObject | undefined)[] = Array.from({ length: set.spec.replicas })
  const condemned: KubeObject[] = []
  for (const pod of pods) {
    if (isInRange(set, pod)) replicas[ordinalOf(set, pod) - startOrdinal(set)] = pod
    else condemned.push(pod)
  }
  condemned.sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a))
  const ordered = set.spec.podManagementPolicy !== 'Parallel'
  if (forAll(replicas, ordered, (pod, index) => handleReplica(pod, index, ordered, situation, control))) return 0
  forAll(condemned, ordered, (pod) => {
    if (!control.followsRetention(pod)) control.applyRetention(pod)
    return false
  })
  // With OrderedReady all of the replicas are available by now, so only the condemned may be the first that is not.
  const firstUnavailable = condemned.findLast((pod) => isUnavailable(pod, situation))?.metadata.name
  const handle = (pod: KubeObject) => {
    if (pod.metadata.deletionTimestamp) return ordered
    if (ordered && !isUsable(pod, situation) && pod.metadata.name !== firstUnavailable) return true
    control.delete(pod)
    return true
  }
  if (forAll(condemned, ordered, handle)) return 0
  if (set.spec.updateStrategy.type === 'OnDelete') return 0
  return replaceOne(replicas as KubeObject[], situation, control)
}

/** Goes through all in order until one says stop; or, when order does not matter, through all of them. */
function forAll<Item>(items: readonly Item[], ordered: boolean, act: (item: Item, index: number) => boolean): boolean {
  if (ordered) return items.some(act)
  slowStart(items, act)
  return false
}

/** Makes, mends or waits for one of the pods that should be there; true when nothing more may be done now. */
function handleReplica(
  pod: KubeObject | undefined,
  index: number,
  ordered: boolean,
  situation: Situation,
  control: StatefulPods,
): boolean {
  const { set } = situation
  if (!pod) {
    const ordinal = startOrdinal(set) + index
    if (control.mustAwaitClaims(`${set.metadata.name}-${ordinal}`)) return true
    control.create(newPod(ordinal, situation))
    return ordered
  }
  if (isFinished(pod)) {
    // The new one is made when this one is gone.
    if (!pod.metadata.deletionTimestamp) control.delete(pod)
    return true
  }
  if (pod.status?.phase === 'Pending') control.createMissingClaims(pod)
  if (ordered && isUnavailable(pod, situation)) return true
  if (!control.isConsistent(pod)) control.update(pod)
  return false
}

/** Below the partition pods are made of the current revision, even when there is a newer one. */
function newPod(ordinal: number, { set, current, update }: Situation): any {
  const { type, rollingUpdate } = set.spec.updateStrategy
  const isKept = type === 'RollingUpdate' && ordinal < startOrdinal(set) + (rollingUpdate?.partition ?? 0)
  const revision = isKept ? current : update
  return podFor(set, ordinal, templateOf(revision), revision.metadata.name)
}

/** Deletes the highest pod that is of an old revision, unless a higher one is still on its way. */
function replaceOne(
  replicas: readonly (KubeObject | undefined)[],
  situation: Situation,
  control: StatefulPods,
): number {
  const { set, update } = situation
  const partition: number = set.spec.updateStrategy.rollingUpdate?.partition ?? 0
  for (let index = replicas.length - 1; index >= partition; index--) {
    const pod = replicas[index]
    if (!pod) return 0
    if (revisionOf(pod) !== update.metadata.name && !pod.metadata.deletionTimestamp) {
      control.delete(pod)
      return 1
    }
    if (isUnavailable(pod, situation)) return 0
  }
  return 0
}

function isUsable(pod: KubeObject, { set, wallMs }: Situation): boolean {
  return isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, wallMs)
}

function isUnavailable(pod: KubeObject, situation: Situation): boolean {
  return !isUsable(pod, situation) || pod.metadata.deletionTimestamp !== undefined
}
