import { parseTime } from '../../../lib/time.ts'
import { conditionOf, isReady, readySince } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'

/** Somebody else's to run. */
export function isManagedElsewhere({ spec }: KubeObject): boolean {
  return spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller'
}

export function isIndexed({ spec }: KubeObject): boolean {
  return spec.completionMode === 'Indexed'
}

/** Are pods replaced only when they have ended, not when they are about to? Upstream: onlyReplaceFailedPods. */
export function replacesOnlyFailed({ spec }: KubeObject): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined
}

export function hasTracking(pod: KubeObject): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) ?? false
}

/** Failed, or as good as: one that is being deleted may never get to say so. Upstream: isPodFailed. */
export function isFailed(pod: KubeObject, job: KubeObject): boolean {
  const phase = pod.status?.phase
  if (phase === 'Failed') return true
  if (replacesOnlyFailed(job)) return false
  return pod.metadata.deletionTimestamp !== undefined && phase !== 'Succeeded'
}

/** Still running though it is being deleted. */
export function isTerminating({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded'
}

/** Its completion index; undefined where it has none, or one that the job does not know. */
export function validIndex(pod: KubeObject, job: KubeObject): number | undefined {
  const index = completionIndex(pod)
  return index !== undefined && index < job.spec.completions ? index : undefined
}

export function completionIndex(pod: KubeObject): number | undefined {
  return countIn(pod, indexAnnotation)
}

/** A number that an annotation holds. */
export function countIn({ metadata }: KubeObject, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation]
  return text !== undefined && /^\+?\d{1,10}$/.test(text) ? Number(text) : undefined
}

/** When a pod ended, in epoch milliseconds, as well as can be told. Upstream: getFinishedTime. */
export function finishedAt(pod: KubeObject): number {
  const { metadata, spec, status } = pod
  const ends = [...(status?.containerStatuses ?? []), ...sidecarStatuses(spec, status)].map((one: any) =>
    // Of one that was lost nobody knows when it ended.
    parseTime(one.state?.terminated?.finishedAt ?? undefined),
  )
  if (ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends)
  const ready = conditionOf(pod, 'Ready')
  const notReadySince = ready?.status === 'False' ? parseTime(ready.lastTransitionTime) : Number.NaN
  if (!Number.isNaN(notReadySince)) return notReadySince
  if (metadata.deletionTimestamp)
    return parseTime(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000
  return parseTime(metadata.creationTimestamp)
}

function sidecarStatuses(spec: any, status: any): any[] {
  const names = new Set((spec.initContainers ?? []).filter((one: any) => one.restartPolicy === 'Always').map(nameOf))
  return (status?.initContainerStatuses ?? []).filter((one: any) => names.has(one.name))
}

const nameOf = (one: any): string => one.name

const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Which pods are done without first: unassigned, pending, not ready, ready for less long, restarted more, younger.
 * Upstream: controller.ActivePods.
 */
export function inOrderOfRemoval(pods: readonly KubeObject[]): KubeObject[] {
  return [...pods].sort(
    (a, b) =>
      (a.spec.nodeName ? 1 : 0) - (b.spec.nodeName ? 1 : 0) ||
      (phaseRank[a.status?.phase] ?? 0) - (phaseRank[b.status?.phase] ?? 0) ||
      (isReady(a) ? 1 : 0) - (isReady(b) ? 1 : 0) ||
      (isReady(a) && isReady(b) ? readySince(b) - readySince(a) : 0) ||
      restarts(b) - restarts(a) ||
      parseTime(b.metadata.creationTimestamp) - parseTime(a.metadata.creationTimestamp),
  )
}

function restarts(pod: KubeObject): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((one: any) => one.restartCount))
}

/** Sum of restarts of all its containers. */
export function allRestarts({ status }: KubeObject): number {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return statuses.reduce((sum: number, one: any) => sum + one.restartCount, 0)
}
