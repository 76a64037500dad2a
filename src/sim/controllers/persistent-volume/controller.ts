import { fits, isReservedFor } from '../../../kinds/persistentvolume/fits.ts'
import { compareQuantities } from '../../../machinery/quantity.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { defineController, done, type ReconcileContext, type Result } from '../../controller-runtime/controller.ts'
import { isAlreadyExists } from '../../client/client.ts'

const claims = 'persistentvolumeclaims'
const volumes = 'persistentvolumes'
const classes = 'storageclasses.storage.k8s.io'
export const bindCompleted = 'pv.kubernetes.io/bind-completed'
export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const selectedNode = 'volume.kubernetes.io/selected-node'
export const provisionerAnnotation = 'volume.kubernetes.io/storage-provisioner'

/** Binds claims to volumes and asks provisioners for what does not exist. Upstream: pkg/controller/volume/persistentvolume. */
export const persistentVolumeBinder = defineController({
  name: 'persistentvolume-binder',
  component: 'persistentvolume-controller',
  for: claims,
  watches: {
    [volumes]: (volume, { client }) => {
      const bound = volume.spec.claimRef
      if (bound) return [`${bound.namespace}/${bound.name}`]
      return client
        .list(claims)
        .filter((claim) => !claim.spec.volumeName && claim.status?.phase !== 'Bound')
        .map(keyOf)
    },
    [classes]: (_storageClass, { client }) =>
      client
        .list(claims)
        .filter((claim) => claim.status?.phase !== 'Bound')
        .map(keyOf),
  },
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client } = context
  const claim = client.get(claims, key)
  if (!claim) return done
  if (claim.metadata.annotations?.[bindCompleted]) return syncBound(claim, context)
  if (claim.spec.volumeName) {
    const volume = client.get(volumes, claim.spec.volumeName)
    if (!volume) return phase(claim, 'Pending', context)
    if (!volume.spec.claimRef) return bind(claim, volume, context)
    if (isReservedFor(volume, claim)) return bind(claim, volume, context)
    return phase(claim, 'Pending', context)
  }
  const storageClass = claim.spec.storageClassName ? client.get(classes, claim.spec.storageClassName) : undefined
  const waits =
    (storageClass as any)?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.metadata.annotations?.[selectedNode]
  const volume = findVolume(claim, context, waits)
  if (volume) return bind(claim, volume, context)
  phase(claim, 'Pending', context)
  if (waits) {
    client.events.normal(claim, 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
    return done
  }
  if (!claim.spec.storageClassName) {
    client.events.normal(
      claim,
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    )
    return done
  }
  return askForVolume(claim, storageClass, context)
}

/** The smallest volume that fits; one that is reserved for this claim wins. */
function findVolume(claim: KubeObject, { client }: ReconcileContext, onlyReserved: boolean): KubeObject | undefined {
  let best: KubeObject | undefined
  for (const volume of client.list(volumes)) {
    if (volume.metadata.deletionTimestamp) continue
    if (volume.spec.claimRef) {
      if (isReservedFor(volume, claim)) return volume
      continue
    }
    if (onlyReserved || !fits(claim, volume)) continue
    if (!best || compareQuantities(volume.spec.capacity.storage, best.spec.capacity.storage) < 0) best = volume
  }
  return best
}

function bind(claim: KubeObject, volume: KubeObject, context: ReconcileContext): Result {
  const { client } = context
  const { name, namespace, uid } = claim.metadata
  let bound = volume
  if (volume.spec.claimRef?.uid !== uid) {
    const chosenByUs = !volume.spec.claimRef
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace,
      name,
      uid,
      apiVersion: 'v1',
      resourceVersion: claim.metadata.resourceVersion,
    }
    const annotations = chosenByUs
      ? { ...volume.metadata.annotations, [boundByController]: 'yes' }
      : volume.metadata.annotations
    bound = client.update(volumes, {
      ...volume,
      metadata: { ...volume.metadata, annotations },
      spec: { ...volume.spec, claimRef },
    })
  }
  if (bound.status?.phase !== 'Bound')
    client.updateStatus(volumes, { ...bound, status: { ...bound.status, phase: 'Bound' } })
  const annotations: Record<string, string> = { ...claim.metadata.annotations, [bindCompleted]: 'yes' }
  if (!claim.spec.volumeName) annotations[boundByController] = 'yes'
  const updated = client.update(claims, {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  })
  client.updateStatus(claims, { ...updated, status: boundStatus(bound) })
  return done
}

function boundStatus(volume: KubeObject): unknown {
  return { phase: 'Bound', accessModes: volume.spec.accessModes, capacity: volume.spec.capacity }
}

/** A bound claim whose volume is gone is lost. */
function syncBound(claim: KubeObject, context: ReconcileContext): Result {
  const { client } = context
  const volume = client.get(volumes, claim.spec.volumeName) ?? client.live(volumes, claim.spec.volumeName)
  if (!volume) {
    if (claim.status?.phase !== 'Lost') {
      client.events.warning(
        claim,
        'ClaimLost',
        'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
      )
    }
    return phase(claim, 'Lost', context)
  }
  if (claim.status?.phase !== 'Bound') client.updateStatus(claims, { ...claim, status: boundStatus(volume) as any })
  return done
}

function phase(claim: KubeObject, value: string, { client }: ReconcileContext): Result {
  if (claim.status?.phase !== value)
    client.updateStatus(claims, { ...claim, status: { ...claim.status, phase: value } })
  return done
}

function askForVolume(claim: KubeObject, storageClass: KubeObject | undefined, { client }: ReconcileContext): Result {
  if (!storageClass) {
    client.events.warning(
      claim,
      'ProvisioningFailed',
      `storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`,
    )
    return done
  }
  const provisioner: string = (storageClass as any).provisioner
  if (claim.metadata.annotations?.[provisionerAnnotation] !== provisioner) {
    const annotations = {
      ...claim.metadata.annotations,
      [provisionerAnnotation]: provisioner,
      'volume.beta.kubernetes.io/storage-provisioner': provisioner,
    }
    client.update(claims, { ...claim, metadata: { ...claim.metadata, annotations } })
  }
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  client.events.normal(claim, 'ExternalProvisioning', message)
  return done
}

/** Volumes whose claim is gone are released, and deleted where their policy says so. */
export const persistentVolumeReclaimer = defineController({
  name: 'persistentvolume-reclaimer',
  component: 'persistentvolume-controller',
  for: volumes,
  watches: {
    [claims]: (claim, _context, { type }) =>
      type === 'DELETED' && claim.spec.volumeName ? [claim.spec.volumeName] : [],
  },
  reconcile: (key, { client }) => {
    const volume = client.get(volumes, key)
    if (!volume || volume.metadata.deletionTimestamp) return done
    const reference = volume.spec.claimRef
    const setPhase = (value: string) => {
      if (volume.status?.phase !== value)
        client.updateStatus(volumes, { ...volume, status: { ...volume.status, phase: value } })
    }
    if (!reference?.uid) {
      setPhase('Available')
      return done
    }
    const claim = client.live(claims, `${reference.namespace}/${reference.name}`)
    if (claim?.metadata.uid === reference.uid) return done
    setPhase('Released')
    const ours = volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === diskProvisioner
    if (volume.spec.persistentVolumeReclaimPolicy === 'Delete' && ours) client.deleteIfPresent(volumes, key)
    return done
  },
})

/** The cluster's own network disks: single-node, in one zone. */
export const diskProvisioner = 'disk.kubecosm.dev'

/** Makes a volume for each claim that asks our provisioner for one, after a while. */
export const volumeProvisioner = defineController({
  name: 'volume-provisioner',
  component: `${diskProvisioner}_provisioner`,
  for: claims,
  reconcile: (key, context) => {
    const { client, latencies, clock } = context
    const claim = client.get(claims, key)
    const wanted =
      claim && !claim.spec.volumeName && claim.metadata.annotations?.[provisionerAnnotation] === diskProvisioner
    if (!claim || !wanted || claim.metadata.deletionTimestamp) return done
    const name = `pvc-${claim.metadata.uid}`
    if (client.live(volumes, name)) return done
    const asked = context.api.causes.of(claims, key)[0]?.at ?? clock.now()
    const wait = asked + latencies.provisionVolume - clock.now()
    client.events.normal(claim, 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`)
    if (wait > 0) return { requeueAfterMs: wait }
    try {
      client.create(volumes, volumeFor(claim, name, context))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    client.events.normal(claim, 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`)
    return done
  },
})

function volumeFor(claim: KubeObject, name: string, { client }: ReconcileContext): unknown {
  const storageClass = client.get(classes, claim.spec.storageClassName) as any
  const node = claim.metadata.annotations?.[selectedNode]
  const zone = node && client.get('nodes', node)?.metadata.labels?.['topology.kubernetes.io/zone']
  return {
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': diskProvisioner } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? 'Delete',
      storageClassName: claim.spec.storageClassName,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      csi: { driver: diskProvisioner, volumeHandle: name, fsType: 'ext4' },
      claimRef: {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        namespace: claim.metadata.namespace,
        name: claim.metadata.name,
        uid: claim.metadata.uid,
        resourceVersion: claim.metadata.resourceVersion,
      },
      ...(zone && {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
            ],
          },
        },
      }),
    },
  }
}
