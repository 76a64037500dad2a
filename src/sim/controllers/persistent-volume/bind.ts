import { deepEqual } from '../../../lib/deep-equal.ts'
import { isReservedFor } from '../../../kinds/persistentvolume/fits.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { bindCompleted, boundByController, claims, volumes } from '../../../kinds/persistentvolume/names.ts'

/** Ties the two together: volume, its phase, claim, its phase; whatever of it is done already is left alone. */
export function bind(claim: KubeObject, volume: KubeObject, client: Client): void {
  const bound = setVolumePhase(bindVolume(claim, volume, client), 'Bound', client)
  setClaimStatus(bindClaim(claim, bound, client), 'Bound', bound, client)
}

function bindVolume(claim: KubeObject, volume: KubeObject, client: Client): KubeObject {
  const { name, namespace, uid, resourceVersion } = claim.metadata
  if (volume.spec.claimRef?.uid === uid) return volume
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
  const chosenByUs = !volume.spec.claimRef || !isReservedFor(volume, claim)
  const annotations = { ...volume.metadata.annotations, ...(chosenByUs && { [boundByController]: 'yes' }) }
  const metadata = chosenByUs ? { ...volume.metadata, annotations } : volume.metadata
  return client.update(volumes, { ...volume, metadata, spec: { ...volume.spec, claimRef } })
}

function bindClaim(claim: KubeObject, volume: KubeObject, client: Client): KubeObject {
  const chosenByUs = claim.spec.volumeName !== volume.metadata.name
  const before = claim.metadata.annotations
  if (!chosenByUs && before?.[bindCompleted]) return claim
  const annotations = { ...before, [bindCompleted]: 'yes', ...(chosenByUs && { [boundByController]: 'yes' }) }
  return client.update(claims, {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  })
}

/** Writes a volume's phase, and why, if that is news. */
export function setVolumePhase(volume: KubeObject, phase: string, client: Client, message?: string): KubeObject {
  if (volume.status?.phase === phase && (message === undefined || volume.status.message === message)) return volume
  const { message: _message, ...status } = volume.status ?? {}
  return client.updateStatus(volumes, { ...volume, status: { ...status, phase, ...(message && { message }) } })
}

/** Writes a claim's phase, and what it has of a volume, if that is news. Upstream: updateClaimStatus. */
export function setClaimStatus(
  claim: KubeObject,
  phase: string,
  volume: KubeObject | undefined,
  client: Client,
): KubeObject {
  const { accessModes, capacity, ...rest } = claim.status ?? {}
  const status: any = { ...rest, phase }
  if (volume) {
    status.accessModes = volume.spec.accessModes
    // A claim that is bound already learns of its size by the one who makes the volume larger.
    status.capacity = rest.phase === 'Bound' && capacity ? capacity : volume.spec.capacity
  }
  if (deepEqual(status, claim.status)) return claim
  return client.updateStatus(claims, { ...claim, status })
}

/** Gives a volume back to all, or to the one it was reserved for by hand. Upstream: unbindVolume. */
export function unbind(volume: KubeObject, client: Client): void {
  const { claimRef, ...spec } = volume.spec
  const { annotations, ...metadata } = volume.metadata
  const { [boundByController]: byUs, ...others } = annotations ?? {}
  const { uid: _uid, resourceVersion: _version, ...reservation } = claimRef
  const freed = byUs
    ? { ...volume, metadata: { ...metadata, ...(Object.keys(others).length > 0 && { annotations: others }) }, spec }
    : { ...volume, spec: { ...spec, claimRef: reservation } }
  setVolumePhase(client.update(volumes, freed as KubeObject), 'Available', client)
}

/** Writes why a volume could not be reclaimed, once. */
export function fail(volume: KubeObject, reason: string, message: string, client: Client): void {
  if (volume.status?.phase === 'Failed' && volume.status.message === message) return
  setVolumePhase(volume, 'Failed', client, message)
  client.events.warning(volume, reason, message)
}
