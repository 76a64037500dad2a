import type { KubeObject, OwnerReference } from '../../../machinery/objects.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'
import { isInRange } from './identity.ts'

/** What persistentVolumeClaimRetentionPolicy makes of a claim: who has to own it, so that it goes when its owner goes. */
export function wantedOwner(set: KubeObject, pod: KubeObject): KubeObject | undefined {
  const { whenDeleted, whenScaled } = policyOf(set)
  if (whenScaled === 'Delete' && !isInRange(set, pod)) return pod
  return whenDeleted === 'Delete' ? set : undefined
}

export function policyOf(set: KubeObject): { whenDeleted: string; whenScaled: string } {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  return { whenDeleted: whenDeleted ?? 'Retain', whenScaled: whenScaled ?? 'Retain' }
}

/** Names a reference this kind and name, whatever its uid? */
function names(reference: OwnerReference, object: KubeObject): boolean {
  const { apiVersion, kind, name } = reference
  return apiVersion === object.apiVersion && kind === object.kind && name === object.metadata.name
}

/** Is somebody else a claim's controller, or an earlier set or pod of that name? Then the policy does not apply. */
export function hasUnexpectedController(claim: KubeObject, set: KubeObject, pod: KubeObject): boolean {
  const { whenDeleted, whenScaled } = policyOf(set)
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return false
  return (claim.metadata.ownerReferences ?? []).some((reference) => {
    if (names(reference, set)) return reference.uid !== set.metadata.uid
    if (names(reference, pod)) return reference.uid !== pod.metadata.uid
    return reference.controller === true
  })
}

/** Has a claim an owner that is an earlier pod of the same name, and so is about to go? */
export function isStale(claim: KubeObject, podName: string, podUid: string | undefined): boolean {
  return (claim.metadata.ownerReferences ?? []).some(
    ({ apiVersion, kind, name, uid }) => apiVersion === 'v1' && kind === 'Pod' && name === podName && uid !== podUid,
  )
}

/** Are a claim's owners as the policy has it? */
export function followsPolicy(claim: KubeObject, set: KubeObject, pod: KubeObject): boolean {
  const references = claim.metadata.ownerReferences ?? []
  const isOwner = ({ metadata }: KubeObject) => references.some(({ uid }) => uid === metadata.uid)
  const ours = references.filter(({ uid }) => uid === set.metadata.uid || uid === pod.metadata.uid)
  if (ours.some(({ controller }) => !controller)) return false
  if (hasUnexpectedController(claim, set, pod)) return ours.length === 0
  const wanted = wantedOwner(set, pod)
  return isOwner(set) === (wanted === set) && isOwner(pod) === (wanted === pod)
}

/** The claim with the owners that the policy wants. */
export function withPolicy(claim: KubeObject, set: KubeObject, pod: KubeObject): KubeObject {
  const others = (claim.metadata.ownerReferences ?? []).filter((one) => !names(one, set) && !names(one, pod))
  const wanted = hasUnexpectedController(claim, set, pod) ? undefined : wantedOwner(set, pod)
  const ownerReferences = wanted ? [...others, controllerReference(wanted)] : others
  return { ...claim, metadata: { ...claim.metadata, ownerReferences } }
}
