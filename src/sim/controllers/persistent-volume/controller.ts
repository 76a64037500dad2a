import { keyOf } from '../../../machinery/objects.ts'
import { defineController, done } from '../../controller-runtime/controller.ts'
import { claimKeysOf } from '../../../kinds/pod/claims.ts'
import { syncClaim } from './claims.ts'
import { claims, classes, volumes } from '../../../kinds/persistentvolume/names.ts'
import { recyclerPrefix } from './recycle.ts'
import { syncVolume } from './volumes.ts'

/** What happens to a claim's pods is looked at this often. Upstream: --pvclaimbinder-sync-period. */
const resyncMs = 15_000

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
        .filter((claim) => claim.status?.phase !== 'Bound')
        .map(keyOf)
    },
    [classes]: (_storageClass, { client }) =>
      client
        .list(claims)
        .filter((claim) => claim.status?.phase !== 'Bound')
        .map(keyOf),
    // A pod that waits for a node is what its claims wait for.
    pods: (pod, { client }, { type }) =>
      type === 'ADDED' && !pod.spec.nodeName
        ? claimKeysOf(pod).filter((key) => client.get(claims, key)?.status?.phase === 'Pending')
        : [],
  },
  waitsMs: (resource) => (resource === 'pods' ? resyncMs : 0),
  reconcile: (key, { client }) => {
    const claim = client.get(claims, key)
    if (claim) syncClaim(claim, client)
    return done
  },
})

/** Keeps volumes' phases; those whose claim is gone are released, and deleted or emptied where their policy says so. */
export const persistentVolumeReclaimer = defineController({
  name: 'persistentvolume-reclaimer',
  component: 'persistentvolume-controller',
  for: volumes,
  watches: {
    [claims]: ({ spec }, _context, { type, old }) =>
      spec.volumeName && (type !== 'MODIFIED' || old?.spec.volumeName !== spec.volumeName) ? [spec.volumeName] : [],
    pods: ({ metadata: { name, namespace } }, _context, { type }) =>
      type !== 'ADDED' && namespace === 'default' && name.startsWith(recyclerPrefix)
        ? [name.slice(recyclerPrefix.length)]
        : [],
  },
  reconcile: (key, context) => {
    const volume = context.client.get(volumes, key)
    if (volume && !volume.metadata.deletionTimestamp) return syncVolume(volume, context)
    return done
  },
})
