import { isReservedFor } from '../../../kinds/persistentvolume/fits.ts'
import { compareQuantities } from '../../../machinery/quantity.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

const modeOf = ({ spec }: KubeObject): string => spec.volumeMode ?? 'Filesystem'
const requestOf = ({ spec }: KubeObject): string => spec.resources?.requests?.storage ?? '0'
const sizeOf = ({ spec }: KubeObject): string => spec.capacity?.storage ?? '0'

/** The name of a claim's or a volume's class; empty for none. */
export function classNameOf({ spec, metadata }: KubeObject): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? ''
}

export function haveSameMode(claim: KubeObject, volume: KubeObject): boolean {
  return modeOf(claim) === modeOf(volume)
}

function hasModes(claim: KubeObject, volume: KubeObject): boolean {
  return (claim.spec.accessModes ?? []).every((mode: string) => volume.spec.accessModes?.includes(mode))
}

/** Why the volume that a claim names cannot serve it. Upstream: checkVolumeSatisfyClaim. */
export function mismatch(claim: KubeObject, volume: KubeObject): string | undefined {
  if (compareQuantities(sizeOf(volume), requestOf(claim)) < 0) return 'requested PV is too small'
  if (classNameOf(volume) !== classNameOf(claim)) return 'storageClassName does not match'
  if (!haveSameMode(claim, volume)) return 'incompatible volumeMode'
  return hasModes(claim, volume) ? undefined : 'incompatible accessMode'
}

/**
 * The volume for a claim: one that is reserved for it; else, unless the claim waits for a node, of those with the
 * fewest access modes beyond what it asks for the smallest. Upstream: findByClaim, FindMatchingVolume.
 */
export function findVolume(
  claim: KubeObject,
  all: readonly KubeObject[],
  onlyReserved: boolean,
): KubeObject | undefined {
  const request = requestOf(claim)
  let best: KubeObject | undefined
  let bestModes = 0
  for (const volume of all) {
    const { claimRef } = volume.spec
    const reserved = claimRef && isReservedFor(volume, claim)
    if (claimRef ? !reserved : onlyReserved) continue
    if (volume.metadata.deletionTimestamp || !haveSameMode(claim, volume) || !hasModes(claim, volume)) continue
    if (compareQuantities(sizeOf(volume), request) < 0) continue
    const modes = volume.spec.accessModes.length
    if (reserved) return volume
    if (volume.status?.phase !== 'Available' || classNameOf(volume) !== classNameOf(claim)) continue
    if (claim.spec.selector && !matchesLabelSelector(claim.spec.selector, volume.metadata.labels ?? {})) continue
    const better =
      !best || modes < bestModes || (modes === bestModes && compareQuantities(sizeOf(volume), sizeOf(best)) < 0)
    if (better) [best, bestModes] = [volume, modes]
  }
  return best
}
