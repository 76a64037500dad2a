import { matchesLabelSelector, type LabelSelector } from '../../../machinery/selectors.ts'
import { livePods } from '../../graph/live-pods.ts'
import type { PodView } from '../../graph/pod-view.ts'
import type { ClusterState } from '../../state/cluster-store.ts'
import { useSlowly } from '../use-slowly.ts'

/** Pods of a namespace that a selector chooses. Nothing keeps an index of that. */
export function usePodsMatching(
  namespace: string | undefined,
  selector: LabelSelector | undefined,
): readonly PodView[] {
  const id = `${namespace} ${JSON.stringify(selector)}`
  return useSlowly(id, 'pods', (state) => podsMatching(state, namespace, selector))
}

function podsMatching(
  { resources }: ClusterState,
  namespace: string | undefined,
  selector: LabelSelector | undefined,
): PodView[] {
  const found: PodView[] = []
  for (const [key, { metadata }] of resources.pods?.byKey ?? []) {
    if (metadata.namespace !== namespace || !matchesLabelSelector(selector, metadata.labels)) continue
    const view = livePods.get(key)
    if (view) found.push(view)
  }
  return found
}
