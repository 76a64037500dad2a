import { deepEqual } from '../../../lib/deep-equal.ts'
import { isInScope } from '../../../kinds/resourcequota/scopes.ts'
import {
  addAmounts,
  equalAmounts,
  holdsResources,
  masked,
  namesCountedBy,
  resourcesCountedBy,
  usageOf,
} from '../../../kinds/resourcequota/usage.ts'
import type { Amounts } from '../../../kinds/pod/totals.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { Change } from '../../client/cache.ts'
import {
  defineController,
  requeueAfter,
  done,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'

/** Upstream: --resource-quota-sync-period. */
const resyncMs = 300_000

/** Kinds whose going gives back what they counted for; others are counted again with the next resync. */
const replenishing = [
  'services',
  'persistentvolumeclaims',
  'secrets',
  'configmaps',
  'serviceaccounts',
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
]

/** Counts what is there against each quota. Upstream: pkg/controller/resourcequota. */
export const resourceQuotaController = defineController({
  name: 'resourcequota',
  component: 'resourcequota-controller',
  for: 'resourcequotas',
  concerns: ({ object, old }) => !old || !deepEqual(object.spec, old.spec),
  watches: {
    pods: (pod, context, change) => (givesBackPod(change, context) ? quotasFor(pod, 'pods', context) : []),
    resourcequotas: (quota, context, { type }) =>
      type === 'DELETED' ? quotasFor(quota, 'resourcequotas', context) : [],
    ...Object.fromEntries(
      replenishing.map((resource) => [
        resource,
        (object: KubeObject, context: ReconcileContext, change: Change) =>
          givesBack(resource, change) ? quotasFor(object, resource, context) : [],
      ]),
    ),
  },
  reconcile,
})

function quotasFor(object: KubeObject, resource: string, { client }: ReconcileContext): string[] {
  const quotas = client.cache('resourcequotas')
  if (quotas.size() === 0) return []
  return quotas
    .list()
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === object.metadata.namespace &&
        namesCountedBy(resource, Object.keys(spec?.hard ?? {})).length > 0,
    )
    .map(keyOf)
}

function givesBackPod({ type, object, old }: Change, { client, clock }: ReconcileContext): boolean {
  if (client.cache('resourcequotas').size() === 0) return false
  if (type === 'DELETED') return true
  const now = clock.wall()
  return !!old && holdsResources(old, now) && !holdsResources(object, now)
}

function givesBack(resource: string, { type, object, old }: Change): boolean {
  return type === 'DELETED' || (resource === 'services' && !!old && old.spec?.type !== object.spec?.type)
}

function reconcile(key: string, { client, api, clock }: ReconcileContext): Result {
  const quota = client.live('resourcequotas', key)
  if (!quota || quota.metadata.deletionTimestamp) return done
  const hard: Amounts = quota.spec?.hard ?? {}
  const names = Object.keys(hard).sort()
  const known: Amounts = quota.status?.used ?? {}
  const used = masked({ ...known, ...counted(quota, names) }, names)
  if (!quota.status?.hard || !equalAmounts(hard, quota.status.hard) || !equalAmounts(used, known))
    client.updateStatus('resourcequotas', { ...quota, status: { hard: masked(hard, names), used } })
  return requeueAfter(resyncMs, true)

  /** What there is of each name; names of kinds that are not served are left out. */
  function counted(of: KubeObject, all: readonly string[]): Record<string, string> {
    const now = clock.wall()
    let sum: Record<string, string> = {}
    for (const resource of resourcesCountedBy(all)) {
      if (!api.kinds.get(resource)) continue
      const here = namesCountedBy(resource, all)
      for (const name of here) sum[name] ??= '0'
      for (const object of api.list(resource, of.metadata.namespace))
        if (isInScope(of.spec, resource, object)) sum = addAmounts(sum, masked(usageOf(resource, object, now), here))
    }
    return sum
  }
}
