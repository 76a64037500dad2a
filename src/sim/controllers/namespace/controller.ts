import { resourceOf } from '../../../kinds/kind.ts'
import { keyOf } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

/** Empties namespaces that are being deleted, then lets them go. */
export const namespaceController = defineController({
  name: 'namespace',
  component: 'namespace-controller',
  for: 'namespaces',
  reconcile,
})

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, api } = context
  const namespace = client.live('namespaces', key)
  if (!namespace?.metadata.deletionTimestamp) return done
  let left = 0
  let longestGrace = 0
  for (const kind of api.kinds.preferred()) {
    const resource = resourceOf(kind)
    if (!kind.namespaced || api.etcd.entries(resource).size === 0) continue
    for (const object of api.list(resource, key)) {
      left++
      longestGrace = Math.max(longestGrace, object.metadata.deletionGracePeriodSeconds ?? 0)
      if (!object.metadata.deletionTimestamp)
        client.deleteIfPresent(resource, keyOf(object), { propagationPolicy: 'Background' })
    }
  }
  if (left > 0) return requeueAfter(longestGrace > 0 ? (longestGrace / 2 + 1) * 1000 : 500, true)
  const finalizers: string[] = namespace.spec?.finalizers ?? []
  const spec = { ...namespace.spec, finalizers: finalizers.filter((one) => one !== 'kubernetes') }
  client.update('namespaces', { ...namespace, spec }, { subresource: 'finalize' })
  return done
}
