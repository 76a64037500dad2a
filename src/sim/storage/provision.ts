import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { isAlreadyExists } from '../client/client.ts'
import {
  claims,
  classes,
  provisionedBy,
  provisionerAnnotation,
  selectedNode,
  volumes,
} from '../../kinds/persistentvolume/names.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../controller-runtime/controller.ts'
import { provisionerNamed, type Provisioner } from './provisioners.ts'

/** Makes a volume for each claim that asks one of the cluster's own provisioners, after a while. As csi-provisioner does. */
export const volumeProvisioner = defineController({
  name: 'volume-provisioner',
  component: 'csi-provisioner',
  for: claims,
  reconcile: (key, context) => {
    const { client, clock, memory } = context
    const claim = client.get(claims, key)
    const provisioner = provisionerNamed(claim?.metadata.annotations?.[provisionerAnnotation])
    if (!claim || !provisioner || claim.spec.volumeName || claim.metadata.deletionTimestamp) {
      memory.delete(key)
      return done
    }
    const name = `pvc-${claim.metadata.uid}`
    if (client.live(volumes, name)) return done
    const due: number | undefined = memory.get(key)
    if (due === undefined) {
      client.events.normal(claim, 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`)
      const problem = refusal(claim, provisioner)
      if (problem) {
        client.events.warning(claim, 'ProvisioningFailed', problem)
        return done
      }
    }
    const at = due ?? clock.now() + provisioner.latencyMs.provision
    if (at > clock.now()) {
      memory.set(key, at)
      return requeueAfter(at - clock.now())
    }
    memory.delete(key)
    try {
      client.create(volumes, volumeFor(claim, name, provisioner, context))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    client.events.normal(claim, 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`)
    return done
  },
})

function refusal({ spec, metadata }: KubeObject, { name, className, accessModes }: Provisioner): string | undefined {
  const wrong = (spec.accessModes ?? []).filter((mode: string) => !accessModes.includes(mode))
  if (wrong.length === 0) return undefined
  return `failed to provision volume with StorageClass "${spec.storageClassName ?? className}": rpc error: code = InvalidArgument desc = ${name} cannot make ${metadata.name}: access mode ${wrong.join(', ')} is not supported`
}

function volumeFor(claim: KubeObject, name: string, provisioner: Provisioner, { client }: ReconcileContext): unknown {
  const storageClass = client.get(classes, claim.spec.storageClassName) as any
  const { topologyKey } = provisioner
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata
  const value = topologyKey && topologyOf(claim, topologyKey, client)
  const term = { matchExpressions: [{ key: topologyKey, operator: 'In', values: [value] }] }
  return {
    metadata: { name, annotations: { [provisionedBy]: provisioner.name } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? 'Delete',
      storageClassName: claim.spec.storageClassName,
      ...(storageClass?.mountOptions && { mountOptions: storageClass.mountOptions }),
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      csi: { driver: provisioner.name, volumeHandle: name, fsType: 'ext4' },
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name: claimName, uid, resourceVersion },
      ...(value && { nodeAffinity: { required: { nodeSelectorTerms: [term] } } }),
    },
  }
}

/** Where a volume is made: where its first pod will run; anywhere, when it is made before that is known. */
function topologyOf(claim: KubeObject, key: string, client: ReconcileContext['client']): string | undefined {
  const node = claim.metadata.annotations?.[selectedNode]
  if (node) return client.get('nodes', node)?.metadata.labels?.[key]
  for (const { metadata } of client.list('nodes')) if (metadata.labels?.[key]) return metadata.labels[key]
  return undefined
}

/** Deletes the volumes it made once they are released, after a while. */
export const volumeDeleter = defineController({
  name: 'volume-deleter',
  component: 'csi-provisioner',
  for: volumes,
  concerns: ({ object }) => object.status?.phase === 'Released' || object.status?.phase === 'Failed',
  reconcile: (key, { client, clock }): Result => {
    const volume = client.get(volumes, key)
    const provisioner = provisionerNamed(volume?.metadata.annotations?.[provisionedBy])
    if (!volume || !provisioner || volume.metadata.deletionTimestamp) return done
    if (volume.status?.phase !== 'Released' || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return done
    const attached = client
      .list('volumeattachments.storage.k8s.io')
      .find(({ spec }) => spec.source.persistentVolumeName === key)
    if (attached) return requeueAfter(provisioner.latencyMs.detach + 1000)
    const since = parseTime(volume.status.lastPhaseTransitionTime) || 0
    const wait = since + provisioner.latencyMs.delete - clock.wall()
    if (wait > 0) return requeueAfter(wait)
    client.deleteIfPresent(volumes, key)
    return done
  },
})
