import { useEffect, useState } from 'react'
import { matchesLabelSelector, type LabelSelector } from '../../../machinery/selectors.ts'
import { livePods } from '../../graph/live-pods.ts'
import type { PodView } from '../../graph/pod-view.ts'
import { clusterStore } from '../../state/cluster-store.ts'

const everyMs = 1000

/**
 * Pods of a namespace that a selector chooses. Nothing keeps an index of that, so they are looked for at most once a second:
 * there may be ten thousand.
 */
export function usePodsMatching(
  namespace: string | undefined,
  selector: LabelSelector | undefined,
): readonly PodView[] {
  const text = JSON.stringify(selector ?? null)
  const [pods, setPods] = useState<readonly PodView[]>(() => podsMatching(namespace, selector))
  useEffect(() => {
    const wanted = JSON.parse(text) as LabelSelector | null
    let seen: unknown
    const look = () => {
      const { resources } = clusterStore.getState()
      if (resources.pods === seen) return
      seen = resources.pods
      setPods(podsMatching(namespace, wanted ?? undefined))
    }
    look()
    const timer = setInterval(look, everyMs)
    return () => clearInterval(timer)
  }, [namespace, text])
  return pods
}

function podsMatching(namespace: string | undefined, selector: LabelSelector | undefined): PodView[] {
  const found: PodView[] = []
  for (const [key, { metadata }] of clusterStore.getState().resources.pods?.byKey ?? []) {
    if (metadata.namespace !== namespace || !matchesLabelSelector(selector, metadata.labels)) continue
    const view = livePods.get(key)
    if (view) found.push(view)
  }
  return found
}
