import { isReservedFor } from '../../../kinds/persistentvolume/fits.ts'
import { defaultClassAmong } from '../../../kinds/storageclass/default-class.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { claimKeysOf } from '../../../kinds/pod/claims.ts'
import { bind, setClaimStatus } from './bind.ts'
import { classNameOf, findVolume, mismatch } from './match.ts'
import {
  bindCompleted,
  claims,
  classes,
  provisionerAnnotation,
  selectedNode,
  volumes,
} from '../../../kinds/persistentvolume/names.ts'

/** Finds a claim its volume. Upstream: syncClaim. */
export function syncClaim(claim: KubeObject, client: Client): void {
  if (claim.metadata.annotations?.[bindCompleted]) syncBound(claim, client)
  else if (claim.spec.volumeName) syncNamed(claim, client)
  else syncUnbound(claim, client)
}

function syncUnbound(claim: KubeObject, client: Client): void {
  const className = classNameOf(claim)
  const storageClass: any = className ? client.get(classes, className) : undefined
  const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  const volume = findVolume(claim, client.list(volumes), delayed)
  if (volume) return bind(claim, volume, client)
  if (assignDefaultClass(claim, client)) return
  if (delayed && !claim.metadata.annotations?.[selectedNode]) {
    tellWhatItWaitsFor(claim, client)
  } else if (className) {
    return provision(claim, className, storageClass, client)
  } else {
    const message = 'no persistent volumes available for this claim and no storage class is set'
    client.events.normal(claim, 'FailedBinding', message)
  }
  setClaimStatus(claim, 'Pending', undefined, client)
}

/** A claim that was there before the default class was gets it now. Upstream: assignDefaultStorageClass. */
function assignDefaultClass(claim: KubeObject, client: Client): boolean {
  if (claim.spec.storageClassName !== undefined || classNameOf(claim)) return false
  const chosen = defaultClassAmong(client.list(classes))
  if (!chosen) return false
  client.update(claims, { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name } })
  return true
}

function tellWhatItWaitsFor(claim: KubeObject, client: Client): void {
  const { namespace = '', name } = claim.metadata
  const pods = client
    .cache('pods')
    .byIndex('namespace', namespace)
    .filter((pod) => !pod.spec.nodeName && claimKeysOf(pod).includes(`${namespace}/${name}`))
    .map((pod) => pod.metadata.name)
  if (pods.length === 0)
    client.events.normal(claim, 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
  else {
    const who = `${pods.length > 1 ? 'pods' : 'pod'} ${pods.join(',')}`
    client.events.normal(claim, 'WaitForPodScheduled', `waiting for ${who} to be scheduled`)
  }
}

/** Asks whoever makes volumes of the class. Upstream: provisionClaim; its own plugins are no more. */
function provision(claim: KubeObject, className: string, storageClass: any, client: Client): void {
  const failed = (message: string) => client.events.warning(claim, 'ProvisioningFailed', message)
  if (!storageClass) return failed(`storageclass.storage.k8s.io "${className}" not found`)
  const provisioner: string = storageClass.provisioner
  if (provisioner.startsWith('kubernetes.io/')) return failed(`no volume plugin matched name: ${provisioner}`)
  if (claim.metadata.annotations?.[provisionerAnnotation] !== provisioner) {
    const annotations = {
      ...claim.metadata.annotations,
      'volume.beta.kubernetes.io/storage-provisioner': provisioner,
      [provisionerAnnotation]: provisioner,
    }
    client.update(claims, { ...claim, metadata: { ...claim.metadata, annotations } })
  }
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  client.events.normal(claim, 'ExternalProvisioning', message)
}

/** A claim that names its volume. */
function syncNamed(claim: KubeObject, client: Client): void {
  const volume = client.get(volumes, claim.spec.volumeName)
  const problem = volume && !volume.spec.claimRef ? mismatch(claim, volume) : undefined
  if (volume && !problem && (!volume.spec.claimRef || isReservedFor(volume, claim))) return bind(claim, volume, client)
  if (problem) {
    const message = `Cannot bind to requested volume "${claim.spec.volumeName}": ${problem}`
    client.events.warning(claim, 'VolumeMismatch', message)
  } else if (volume) {
    const message = `volume "${claim.spec.volumeName}" already bound to a different claim.`
    client.events.warning(claim, 'FailedBinding', message)
  }
  setClaimStatus(claim, 'Pending', undefined, client)
}

function syncBound(claim: KubeObject, client: Client): void {
  const { volumeName } = claim.spec
  if (!volumeName)
    return lose(
      claim,
      'ClaimLost',
      'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
      client,
    )
  const volume = client.get(volumes, volumeName) ?? client.live(volumes, volumeName)
  if (!volume)
    return lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', client)
  const { claimRef } = volume.spec
  if (claimRef && claimRef.uid !== claim.metadata.uid && !isReservedFor(volume, claim)) {
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly'
    return lose(claim, 'ClaimMisbound', message, client)
  }
  bind(claim, volume, client)
}

function lose(claim: KubeObject, reason: string, message: string, client: Client): void {
  if (claim.status?.phase === 'Lost') return
  setClaimStatus(claim, 'Lost', undefined, client)
  client.events.warning(claim, reason, message)
}
