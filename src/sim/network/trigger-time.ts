import { conditionOf, isReady } from '../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../machinery/objects.ts'

/**
 * When the oldest change of a pod's readiness happened that is not shown yet; undefined when all are.
 * Upstream: TriggerTimeTracker, which remembers what it saw; here what is stored says it.
 */
export function readinessChangedAt(
  pods: readonly KubeObject[],
  shown: (uid: string) => boolean | undefined,
): string | undefined {
  let oldest: string | undefined
  for (const pod of pods) {
    if (shown(pod.metadata.uid) === isReady(pod)) continue
    const at = conditionOf(pod, 'Ready')?.lastTransitionTime
    if (at && (oldest === undefined || at < oldest)) oldest = at
  }
  return oldest
}
