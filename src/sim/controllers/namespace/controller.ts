import { isFinished } from '../../../kinds/pod/conditions.ts'
import { resourceOf, type Kind } from '../../../kinds/kind.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { deletionConditions } from './conditions.ts'

/** So that all of a control plane has seen the deletion, and the last things that were made. Upstream: namespaceDeletionGracePeriod. */
const gracePeriodMs = 5000
/** What a finalizer is given. Upstream: finalizerEstimateSeconds. */
const finalizerSeconds = 15

/** Empties namespaces that are being deleted, pods first, then lets them go. Upstream: pkg/controller/namespace. */
export const namespaceController = defineController({
  name: 'namespace',
  component: 'namespace-controller',
  for: 'namespaces',
  concerns: ({ object, type }) => type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined,
  waitsMs: () => gracePeriodMs,
  reconcile,
})

interface Tally {
  readonly resources: Map<string, number>
  readonly finalizers: Map<string, number>
  estimateSeconds: number
}

function reconcile(key: string, context: ReconcileContext): Result {
  const { client, api } = context
  const namespace = client.live('namespaces', key)
  if (!namespace?.metadata.deletionTimestamp) return done
  const tally: Tally = { resources: new Map(), finalizers: new Map(), estimateSeconds: 0 }
  const kinds = api.kinds.preferred().filter(({ namespaced }) => namespaced)
  for (const kind of kinds) if (resourceOf(kind) === 'pods') empty(kind, key, tally, context)
  // Other content must not go from under pods that still run.
  if (tally.resources.size === 0)
    for (const kind of kinds) if (resourceOf(kind) !== 'pods') empty(kind, key, tally, context)
  const live = client.live('namespaces', key)
  if (!live) return done
  const conditions = deletionConditions(live.status?.conditions, tally, client.timestamp())
  const updated =
    conditions === live.status?.conditions
      ? live
      : client.updateStatus('namespaces', { ...live, status: { ...live.status, conditions } })
  if (tally.resources.size > 0) return requeueAfter((Math.floor(tally.estimateSeconds / 2) + 1) * 1000)
  const finalizers: string[] = updated.spec?.finalizers ?? []
  if (!finalizers.includes('kubernetes')) return done
  const spec = { ...updated.spec, finalizers: finalizers.filter((one) => one !== 'kubernetes') }
  client.update('namespaces', { ...updated, spec }, { subresource: 'finalize' })
  return done
}

/** Deletes all of a kind, and counts what is still there afterwards. */
function empty(kind: Kind, namespace: string, tally: Tally, { client, api }: ReconcileContext): void {
  const resource = resourceOf(kind)
  if (api.etcd.entries(resource).size === 0) return
  const present = api.list(resource, namespace)
  if (resource === 'pods') tally.estimateSeconds = Math.max(0, ...present.map(graceOf))
  for (const object of present)
    if (!object.metadata.deletionTimestamp)
      client.deleteIfPresent(resource, keyOf(object), { propagationPolicy: 'Background' })
  const left = api.list(resource, namespace)
  if (left.length === 0) return
  tally.resources.set(`${kind.plural}.${kind.group}`, left.length)
  for (const { metadata } of left) {
    for (const finalizer of metadata.finalizers ?? [])
      tally.finalizers.set(finalizer, (tally.finalizers.get(finalizer) ?? 0) + 1)
    if (metadata.finalizers?.length) tally.estimateSeconds = Math.max(tally.estimateSeconds, finalizerSeconds)
  }
}

function graceOf(pod: KubeObject): number {
  return isFinished(pod) ? 0 : (pod.spec.terminationGracePeriodSeconds ?? 0)
}
