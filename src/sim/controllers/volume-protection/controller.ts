import { claimKeysOf } from '../../../kinds/pod/claims.ts'
import { isFinished } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { defineController, done, type ReconcileContext } from '../../controller-runtime/controller.ts'

const claims = 'persistentvolumeclaims'
const volumes = 'persistentvolumes'

/** Lets a claim go once no pod uses it. Upstream: pvc-protection-controller. */
export const claimProtection = defineController({
  name: 'pvc-protection',
  component: 'pvc-protection-controller',
  for: claims,
  watches: {
    pods: (pod, _context, { type }) => (type === 'DELETED' || isFinished(pod) ? claimKeysOf(pod) : []),
  },
  reconcile: (key, context) => {
    const claim = context.client.get(claims, key)
    if (!claim?.metadata.deletionTimestamp) return done
    const pods = context.client.cache('pods').byIndex('namespace', claim.metadata.namespace ?? '')
    // A pod without a node does not use it yet, and no kubelet would start one with a claim that is going.
    if (pods.some((pod) => pod.spec.nodeName && !isFinished(pod) && claimKeysOf(pod).includes(key))) return done
    return release(claims, claim, 'kubernetes.io/pvc-protection', context)
  },
})

/** Lets a volume go once it is not bound. Upstream: pv-protection-controller. */
export const volumeProtection = defineController({
  name: 'pv-protection',
  component: 'pv-protection-controller',
  for: volumes,
  reconcile: (key, context) => {
    const volume = context.client.get(volumes, key)
    if (!volume?.metadata.deletionTimestamp || volume.status?.phase === 'Bound') return done
    return release(volumes, volume, 'kubernetes.io/pv-protection', context)
  },
})

function release(resource: string, object: KubeObject, finalizer: string, { client }: ReconcileContext) {
  const finalizers = object.metadata.finalizers
  if (!finalizers?.includes(finalizer)) return done
  client.update(resource, {
    ...object,
    metadata: { ...object.metadata, finalizers: finalizers.filter((one) => one !== finalizer) },
  })
  return done
}
