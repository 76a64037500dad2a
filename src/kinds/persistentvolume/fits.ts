import type { KubeObject } from '../../machinery/objects.ts'
import { compareQuantities } from '../../machinery/quantity.ts'
import { matchesLabelSelector } from '../../machinery/selectors.ts'

/** Could a volume serve a claim: mode, class, size, labels; and is it free? */
export function fits(claim: KubeObject, volume: KubeObject): boolean {
  const { spec } = volume
  if (volume.status?.phase && volume.status.phase !== 'Available' && volume.status.phase !== 'Pending') return false
  if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')) return false
  if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return false
  if (!(claim.spec.accessModes ?? []).every((mode: string) => spec.accessModes?.includes(mode))) return false
  if (claim.spec.selector && !matchesLabelSelector(claim.spec.selector, volume.metadata.labels ?? {})) return false
  return compareQuantities(spec.capacity?.storage ?? '0', claim.spec.resources?.requests?.storage ?? '0') >= 0
}

/** Is it promised to this claim? */
export function isReservedFor(volume: KubeObject, claim: KubeObject): boolean {
  const reference = volume.spec.claimRef
  if (reference.namespace !== claim.metadata.namespace || reference.name !== claim.metadata.name) return false
  return !reference.uid || reference.uid === claim.metadata.uid
}
