import type { KubeObject } from '../../../machinery/objects.ts'
import { countIn, finishedAt } from './pods.ts'

/** How often pods failed since one succeeded, and when the last did. Kept in memory, as upstream does. */
export interface Backoff {
  readonly failures: number
  readonly lastFailureMs: number
}

const firstMs = 10_000
/** Upstream: MaxJobPodFailureBackOff. The documentation speaks of six minutes, the controller of ten. */
const longestMs = 600_000

export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count'
export const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** The record with pods that have just ended. Upstream: newBackoffRecord. */
export function backoffWith(
  before: Backoff | undefined,
  succeeded: readonly KubeObject[],
  failed: readonly KubeObject[],
): Backoff | undefined {
  if (succeeded.length === 0 && failed.length === 0) return before
  const lastSuccess = Math.max(-Infinity, ...succeeded.map(finishedAt))
  const since = failed.map(finishedAt).filter((at) => at > lastSuccess)
  const earlier = succeeded.length === 0 ? before : undefined
  if (since.length === 0) return earlier
  return { failures: (earlier?.failures ?? 0) + since.length, lastFailureMs: Math.max(...since) }
}

/** How long until the next pod may come. */
export function remainingMs(backoff: Backoff | undefined, wallMs: number): number {
  if (!backoff || backoff.failures === 0) return 0
  const wait = Math.min(firstMs * 2 ** (backoff.failures - 1), longestMs)
  return Math.max(0, wait - (wallMs - backoff.lastFailureMs))
}

/** The same for one index, told by the pod that failed there last. Upstream: getRemainingTimePerIndex. */
export function remainingMsOfIndex(lastFailed: KubeObject | undefined, wallMs: number): number {
  if (!lastFailed) return 0
  return remainingMs({ failures: failuresOfIndex(lastFailed) + 1, lastFailureMs: finishedAt(lastFailed) }, wallMs)
}

/** Failures of its index before this pod, ignored ones included. */
export function failuresOfIndex(pod: KubeObject): number {
  return (countIn(pod, failureCountAnnotation) ?? 0) + (countIn(pod, ignoredCountAnnotation) ?? 0)
}
