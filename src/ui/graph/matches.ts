import { clusterStore } from '../state/cluster-store.ts'
import type { Selection } from '../state/page-store.ts'
import { fitsObject, fitsPod, type GraphFilter } from './graph-filter.ts'
import { livePods } from './live-pods.ts'

/** What cards are shown of besides pods. The rest (events, leases, endpoint slices) is not looked for. */
const searched = [
  'nodes',
  'services',
  'ingresses.networking.k8s.io',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'persistentvolumeclaims',
  'persistentvolumes',
]

/** Everything that the filter lets through: pods, and, when it has words, other objects by name, label or kind. */
export function matchesOf(filter: GraphFilter): Selection[] {
  const { resources } = clusterStore.getState()
  const pods = resources.pods?.byKey
  const found: Selection[] = []
  for (const pod of livePods.all()) {
    if (fitsPod(filter, pod, pods?.get(pod.key)?.metadata.labels)) found.push({ resource: 'pods', key: pod.key })
  }
  if (filter.query.trim() === '') return found
  const objects = searched.flatMap((resource) =>
    [...(resources[resource]?.byKey ?? [])].flatMap(([key, object]) =>
      fitsObject(filter, object) ? [{ resource, key }] : [],
    ),
  )
  return [...objects, ...found]
}
