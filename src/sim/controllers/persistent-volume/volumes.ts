import type { KubeObject } from '../../../machinery/objects.ts'
import { done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import type { Client } from '../../client/client.ts'
import { fail, setVolumePhase, unbind } from './bind.ts'
import { recycle } from './recycle.ts'
import { haveSameMode } from './match.ts'
import { claims, provisionedBy, volumes } from '../../../kinds/persistentvolume/names.ts'

/** Keeps a volume's phase, and reclaims it when its claim is gone. Upstream: syncVolume. */
export function syncVolume(volume: KubeObject, context: ReconcileContext): Result {
  const { client } = context
  const reference = volume.spec.claimRef
  if (!reference?.uid) {
    setVolumePhase(volume, 'Available', client)
    return done
  }
  const claim = client.live(claims, `${reference.namespace}/${reference.name}`)
  if (!claim || claim.metadata.uid !== reference.uid) return release(volume, context)
  if (!claim.spec.volumeName) {
    if (!haveSameMode(claim, volume)) tellMismatch(claim, volume, client)
    return done
  }
  if (claim.spec.volumeName === volume.metadata.name) {
    setVolumePhase(volume, 'Bound', client)
    return done
  }
  // Its claim got another volume. What was made for that claim alone is not needed any more.
  const isSurplus = volume.metadata.annotations?.[provisionedBy] && policyOf(volume) === 'Delete'
  if (isSurplus) return release(volume, context)
  unbind(volume, client)
  return done
}

function policyOf({ spec }: KubeObject): string {
  return spec.persistentVolumeReclaimPolicy
}

function tellMismatch(claim: KubeObject, volume: KubeObject, client: Client): void {
  const ofVolume = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`
  client.events.warning(volume, 'VolumeMismatch', ofVolume)
  const ofClaim = `Cannot bind PersistentVolume "${volume.metadata.name}" to claim due to incompatible volumeMode.`
  client.events.warning(claim, 'VolumeMismatch', ofClaim)
}

function release(seen: KubeObject, { client }: ReconcileContext): Result {
  // What is done now cannot be undone, so what was seen must still be so.
  const volume = client.live(volumes, seen.metadata.name)
  if (!volume || volume.spec.claimRef?.uid !== seen.spec.claimRef.uid) return done
  const phase = volume.status?.phase
  const released = phase === 'Released' || phase === 'Failed' ? volume : setVolumePhase(volume, 'Released', client)
  if (policyOf(volume) === 'Recycle') recycle(released, client)
  if (policyOf(volume) === 'Delete') remove(released, client)
  return done
}

/** Upstream: deleteVolumeOperation. What somebody else made, somebody else deletes. */
function remove(volume: KubeObject, client: Client): void {
  const maker = volume.metadata.annotations?.[provisionedBy]
  if (maker && !maker.startsWith('kubernetes.io/')) return
  const problem = maker ? `no deletable volume plugin matched name: ${maker}` : whyNotDeletable(volume)
  if (problem === undefined) client.deleteIfPresent(volumes, volume.metadata.name)
  else fail(volume, 'VolumeFailedDelete', problem, client)
}

/** Of the plugins that are left in kube-controller-manager, one can delete: a host's folder for passing things. */
function whyNotDeletable({ metadata, spec }: KubeObject): string | undefined {
  if (!spec.hostPath) {
    const what = spec.nfs || spec.local ? 'no deletable volume plugin matched' : 'no volume plugin matched'
    return `error getting deleter volume plugin for volume "${metadata.name}": ${what}`
  }
  const { path } = spec.hostPath
  return /^\/tmp\/.+/.test(path) ? undefined : `host_path deleter only supports /tmp/.+ but received provided ${path}`
}
