import { isActive, isReady } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import type { StatusError } from '../../../machinery/errors.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { backoffWith, failuresOfIndex, type Backoff } from './backoff.ts'
import { hasIndex, parseIntervals, totalOf, withIndexes, type Intervals } from './intervals.ts'
import {
  completionIndex,
  countIn,
  finishedAt,
  hasTracking,
  isFailed,
  isIndexed,
  isTerminating,
  validIndex,
} from './pods.ts'
import { failureCountAnnotation } from './backoff.ts'
import { verdictOn } from './policies.ts'
import { readStatus, type JobStatus } from './status.ts'

/** How a job is about to end, or has ended. */
export interface End {
  readonly type: 'FailureTarget' | 'Failed' | 'SuccessCriteriaMet' | 'Complete'
  readonly reason: string
  readonly message: string
}

/** One look at a job and its pods; what is decided in it is written down here. */
export interface JobSync {
  readonly job: KubeObject
  readonly pods: readonly KubeObject[]
  readonly status: JobStatus
  /** What the status said before. */
  readonly before: JobStatus
  active: number
  ready: number
  terminating: number
  /** Ended so far, those included whose finalizer is still to be removed. */
  readonly succeeded: number
  readonly failed: number
  readonly backoff: Backoff | undefined
  readonly succeededBefore: Intervals
  readonly succeededIndexes: Intervals
  /** Only where failures are counted for each index. */
  readonly failedIndexes: Intervals | undefined
  /** By index: the last pod that failed and is kept until another takes its place, which learns from it how many did. */
  readonly awaitingReplacement: ReadonlyMap<number, KubeObject>
  end?: End | undefined
  mustWrite: boolean
  /** A write that was refused. */
  failure?: StatusError
  againInMs?: number
}

/** Counts what there is. Upstream: the first half of syncJob. */
export function lookAt(job: KubeObject, pods: readonly KubeObject[], { client, memory }: ReconcileContext): JobSync {
  const status = readStatus(job.status)
  const before = { ...status }
  const known = new Set([...status.uncounted.succeeded, ...status.uncounted.failed])
  const fresh = pods.filter(
    (pod) =>
      hasTracking(pod) && !known.has(pod.metadata.uid) && (!isIndexed(job) || validIndex(pod, job) !== undefined),
  )
  const newSucceeded = fresh.filter((pod) => pod.status?.phase === 'Succeeded')
  const newFailed = fresh.filter((pod) => isFailed(pod, job))
  if (!status.startTime && !job.spec.suspend) status.startTime = client.timestamp()
  const active = pods.filter(isActive)
  const { completions } = job.spec
  const indexed = isIndexed(job)
  const succeededBefore = indexed ? parseIntervals(status.completedIndexes, completions) : []
  const succeededIndexes = indexed ? withIndexes(succeededBefore, indexesOf(pods.filter(hasNewlySucceeded), job)) : []
  const failedIndexes =
    indexed && job.spec.backoffLimitPerIndex !== undefined
      ? withIndexes(
          parseIntervals(status.failedIndexes, completions),
          indexesOf(
            pods.filter((pod) => hasTracking(pod) && failsItsIndex(pod, job)),
            job,
          ),
        )
      : undefined
  return {
    job,
    pods,
    status,
    before,
    active: active.length,
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeeded: indexed
      ? totalOf(succeededIndexes)
      : status.succeeded + newSucceeded.length + status.uncounted.succeeded.length,
    failed:
      status.failed + newFailed.filter((pod) => verdictOn(pod, job).counts).length + status.uncounted.failed.length,
    backoff: backoffWith(memory.get(keyOf(job)), newSucceeded, newFailed),
    succeededBefore,
    succeededIndexes,
    failedIndexes,
    awaitingReplacement: failedIndexes ? lastFailedPods(job, pods, succeededIndexes, failedIndexes) : new Map(),
    mustWrite: false,
  }
}

const hasNewlySucceeded = (pod: KubeObject): boolean => pod.status?.phase === 'Succeeded' && hasTracking(pod)

function indexesOf(pods: readonly KubeObject[], job: KubeObject): Set<number> {
  return new Set(pods.map((pod) => validIndex(pod, job)).filter((index) => index !== undefined))
}

/** Upstream: isIndexFailed. */
function failsItsIndex(pod: KubeObject, job: KubeObject): boolean {
  if (!isFailed(pod, job)) return false
  const { action, counts } = verdictOn(pod, job)
  if (action === 'FailIndex') return true
  return counts && (countIn(pod, failureCountAnnotation) ?? 0) >= job.spec.backoffLimitPerIndex
}

/** Upstream: getPodsWithDelayedDeletionPerIndex. */
function lastFailedPods(
  job: KubeObject,
  pods: readonly KubeObject[],
  succeeded: Intervals,
  failed: Intervals,
): Map<number, KubeObject> {
  const taken = new Set(pods.filter(isActive).map(completionIndex))
  const last = new Map<number, KubeObject>()
  for (const pod of pods) {
    const index = validIndex(pod, job)
    if (index === undefined || !hasTracking(pod) || !isFailed(pod, job)) continue
    if (taken.has(index) || hasIndex(succeeded, index) || hasIndex(failed, index)) continue
    const other = last.get(index)
    const isLater = !other || (failuresOfIndex(other) <= failuresOfIndex(pod) && finishedAt(pod) >= finishedAt(other))
    if (isLater) last.set(index, pod)
  }
  return last
}
