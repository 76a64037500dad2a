import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { isNotFound } from '../../client/client.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { stopTracking } from './claim.ts'
import { formatIntervals, hasIndex, totalOf, withIndexes } from './intervals.ts'
import { completionIndex, hasTracking, isFailed, isIndexed, validIndex } from './pods.ts'
import { verdictOn } from './policies.ts'
import { withCondition, writeStatus } from './status.ts'
import type { JobSync } from './sync.ts'

/** Upstream: MaxUncountedPods. */
const mostUncounted = 500

/**
 * Counts pods that ended, each exactly once: its uid is written into the status, then its finalizer goes, then the
 * count is raised. Upstream: trackJobStatusAndRemoveFinalizers.
 */
export function trackStatus(sync: JobSync, context: ReconcileContext): void {
  const { status, before } = sync
  if (sync.active !== before.active || sync.ready !== before.ready || sync.terminating !== before.terminating)
    sync.mustWrite = true
  status.active = sync.active
  status.ready = sync.ready
  status.terminating = sync.terminating
  const tracked = new Set(sync.pods.filter(hasTracking).map(({ metadata }) => metadata.uid))
  if (countReleased(sync, tracked)) sync.mustWrite = true
  const { released, isAll } = noteEnded(sync)
  setConditionsToCome(sync, context)
  let stored = sync.job
  if (sync.mustWrite) {
    stored = write(sync, stored, context)
    if (sync.backoff) context.memory.set(keyOf(stored), sync.backoff)
    else context.memory.delete(keyOf(stored))
  }
  for (const pod of released) {
    try {
      stopTracking(context, pod)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    tracked.delete(pod.metadata.uid)
  }
  const counted = countReleased(sync, tracked)
  const finished = isAll && finish(sync, context)
  if (!counted && !finished) return
  stored = write(sync, stored, context)
  if (finished) tellOfEnd(sync, stored, context)
}

function write({ status }: JobSync, job: KubeObject, { client }: ReconcileContext): KubeObject {
  return client.updateStatus('jobs.batch', { ...job, status: writeStatus(status) })
}

/** Raises the counts by the pods that have lost their finalizers. Upstream: cleanUncountedPodsWithoutFinalizers. */
function countReleased({ status }: JobSync, tracked: ReadonlySet<string>): boolean {
  const left = {
    succeeded: status.uncounted.succeeded.filter((uid) => tracked.has(uid)),
    failed: status.uncounted.failed.filter((uid) => tracked.has(uid)),
  }
  const succeeded = status.uncounted.succeeded.length - left.succeeded.length
  const failed = status.uncounted.failed.length - left.failed.length
  if (succeeded + failed === 0) return false
  status.succeeded += succeeded
  status.failed += failed
  status.uncounted = left
  return true
}

/** Writes pods that ended into the status, and tells which may lose their finalizers, and whether these are all. */
function noteEnded(sync: JobSync): { released: readonly KubeObject[]; isAll: boolean } {
  const { job, status, succeededBefore } = sync
  const indexed = isIndexed(job)
  const known = { succeeded: new Set(status.uncounted.succeeded), failed: new Set(status.uncounted.failed) }
  const released: KubeObject[] = []
  const succeeded = [...status.uncounted.succeeded]
  const failed = [...status.uncounted.failed]
  const newIndexes: number[] = []
  let isAll = true
  for (const pod of indexed ? inOrderOfIndex(sync.pods) : sync.pods) {
    if (!hasTracking(pod) || !mayRelease(sync, pod)) continue
    released.push(pod)
    const { uid } = pod.metadata
    const index = indexed ? validIndex(pod, job) : undefined
    if (pod.status?.phase === 'Succeeded' && !known.failed.has(uid)) {
      if (!indexed && !known.succeeded.has(uid)) succeeded.push(uid)
      else if (index !== undefined && !hasIndex(succeededBefore, index)) newIndexes.push(index)
    } else if (countsAsFailed(sync, pod) && !known.failed.has(uid) && (!indexed || index !== undefined)) {
      failed.push(uid)
    }
    if (newIndexes.length + succeeded.length + failed.length >= mostUncounted) {
      isAll = false
      break
    }
  }
  const isNews =
    newIndexes.length > 0 ||
    succeeded.length > status.uncounted.succeeded.length ||
    failed.length > status.uncounted.failed.length
  if (isNews) sync.mustWrite = true
  status.uncounted = { succeeded, failed }
  if (indexed) noteIndexes(sync, newIndexes)
  return { released, isAll }
}

function noteIndexes(sync: JobSync, newIndexes: readonly number[]): void {
  const { status, failedIndexes } = sync
  const intervals = withIndexes(sync.succeededIndexes, newIndexes)
  const completed = formatIntervals(intervals)
  const failed = failedIndexes && formatIntervals(failedIndexes)
  if (completed !== status.completedIndexes || failed !== status.failedIndexes) sync.mustWrite = true
  status.succeeded = totalOf(intervals)
  status.completedIndexes = completed
  if (failed === undefined) delete status.failedIndexes
  else status.failedIndexes = failed
}

function inOrderOfIndex(pods: readonly KubeObject[]): KubeObject[] {
  return [...pods].sort((a, b) => (completionIndex(a) ?? -1) - (completionIndex(b) ?? -1))
}

/** Upstream: canRemoveFinalizer. */
function mayRelease({ job, end, awaitingReplacement }: JobSync, pod: KubeObject): boolean {
  if (job.metadata.deletionTimestamp || end || pod.status?.phase === 'Succeeded') return true
  if (!isFailed(pod, job)) return false
  const index = completionIndex(pod)
  return index === undefined || awaitingReplacement.get(index)?.metadata.uid !== pod.metadata.uid
}

/** When a job fails, what has not ended by then counts as failed with it. */
function countsAsFailed({ job, end }: JobSync, pod: KubeObject): boolean {
  if (!isFailed(pod, job) && (!end || end.type === 'SuccessCriteriaMet')) return false
  return verdictOn(pod, job).counts
}

/** Says how the job will end before the last finalizers go, so that nothing of it is lost. */
function setConditionsToCome(sync: JobSync, { client }: ReconcileContext): void {
  const { end, status } = sync
  if (end?.type !== 'FailureTarget' && end?.type !== 'SuccessCriteriaMet') return
  const { type, reason, message } = end
  const conditions = withCondition(status.conditions, type, 'True', reason, message, client.timestamp())
  if (conditions !== status.conditions) sync.mustWrite = true
  status.conditions = conditions
  sync.end = { ...end, type: type === 'FailureTarget' ? 'Failed' : 'Complete' }
}

/** The last condition comes when every pod is counted and none is left that runs. Upstream: enactJobFinished. */
function finish({ end, status, terminating }: JobSync, { client }: ReconcileContext): boolean {
  if (!end || status.uncounted.succeeded.length + status.uncounted.failed.length > 0 || terminating > 0) return false
  const now = client.timestamp()
  status.conditions = withCondition(status.conditions, end.type, 'True', end.reason, end.message, now)
  if (end.type === 'Complete') status.completionTime = now
  return true
}

function tellOfEnd({ end, status }: JobSync, job: KubeObject, { client }: ReconcileContext): void {
  if (end!.type !== 'Complete') {
    client.events.warning(job, end!.reason, end!.message)
    return
  }
  if (status.succeeded > (job.spec.completions ?? Infinity))
    client.events.warning(job, 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached')
  client.events.normal(job, 'Completed', 'Job completed')
}
