import { clusterStore, useObject } from '../state/cluster-store.ts'
import { fitsObject, fitsPod } from './graph-filter.ts'
import { useFilter } from './lens-store.ts'
import type { PodView } from './pod-view.ts'

/** Is this object none of those that are wanted? */
export function useIsDimmed(resource: string, key: string): boolean {
  const filter = useFilter()
  const object = useObject(resource, key)
  return filter !== undefined && object !== undefined && !fitsObject(filter, object)
}

/** Is this pod none of those that are wanted? */
export function useIsPodDimmed(pod: PodView): boolean {
  const filter = useFilter()
  if (!filter || pod.ghost) return false
  return !fitsPod(filter, pod, clusterStore.getState().resources.pods?.byKey.get(pod.key)?.metadata.labels)
}
