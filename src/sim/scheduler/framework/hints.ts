import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Change } from '../../client/cache.ts'
import { claimNames } from './pod-volumes.ts'
import type { PodInfo } from './pod-info.ts'
import type { Handle, Plugin } from './types.ts'

/** Whether a change may help a pod that a plugin refused. Upstream: QueueingHintFn. */
export type Hint = (pod: PodInfo, change: Change, handle: Handle) => boolean

/** A change of this kind may always help. */
export const always: Hint = () => true

/** It helps when what is asked of an object holds now and did not before. */
export function becomes(holds: (pod: PodInfo, object: KubeObject) => boolean): Hint {
  return (pod, { object, old }) => holds(pod, object) && !(old && holds(pod, old))
}

/** The waiting pod itself was changed there. */
export function ownChange(part: (pod: KubeObject) => unknown): Hint {
  return ({ pod }, { object, old }) => isSame(pod, object) && !(old && deepEqual(part(object), part(old)))
}

/** Is the changed pod the waiting one? */
export function isSame(pod: KubeObject, other: KubeObject): boolean {
  return pod.metadata.uid === other.metadata.uid
}

/** It is a claim of the waiting pod. */
export const ownClaim: Hint = ({ pod }, { object }) =>
  pod.metadata.namespace === object.metadata.namespace && claimNames(pod).includes(object.metadata.name)

/** What pods wait for whose volumes are not to be had. */
export const volumeEvents: NonNullable<Plugin['events']> = {
  'nodes/ADDED': always,
  'nodes/MODIFIED': always,
  'persistentvolumeclaims/ADDED': ownClaim,
  'persistentvolumeclaims/MODIFIED': ownClaim,
  'persistentvolumes/ADDED': always,
  'persistentvolumes/MODIFIED': always,
  'storageclasses.storage.k8s.io/ADDED': always,
  'storageclasses.storage.k8s.io/MODIFIED': always,
}
