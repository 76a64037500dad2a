import { isActive, isReady } from '../../../kinds/pod/conditions.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { isNotFound } from '../../client/client.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { remainingMs, remainingMsOfIndex } from './backoff.ts'
import { stopTracking } from './claim.ts'
import { firstMissing, merged, withIndexes } from './intervals.ts'
import { completionIndex, inOrderOfRemoval, isIndexed, isTerminating, replacesOnlyFailed } from './pods.ts'
import type { JobSync } from './sync.ts'
import { podFor } from './template.ts'

/** Upstream: MaxPodCreateDeletePerSync. */
const mostAtOnce = 500

/** Brings the number of running pods where it belongs: deletes, or creates, never both. Upstream: manageJob. */
export function managePods(sync: JobSync, context: ReconcileContext): void {
  const { job, succeeded } = sync
  const { suspend, parallelism, completions } = job.spec
  const active = sync.pods.filter(isActive)
  if (suspend) {
    removePods(sync, surplus(job, active, active.length), context)
    return
  }
  const wanted =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.max(0, Math.min(parallelism, completions - succeeded))
  const tooMany = surplus(job, active, Math.max(0, active.length - wanted)).slice(0, mostAtOnce)
  if (tooMany.length > 0) {
    removePods(sync, tooMany, context)
    return
  }
  const missing = wanted - active.length - (replacesOnlyFailed(job) ? sync.terminating : 0)
  if (missing > 0) createMissing(sync, Math.min(missing, mostAtOnce), context)
}

/** Indexed pods that share an index, or have none of the job's, go first. Upstream: activePodsForRemoval. */
function surplus(job: KubeObject, active: readonly KubeObject[], atLeast: number): KubeObject[] {
  const removed: KubeObject[] = []
  let left: KubeObject[] = [...active]
  if (isIndexed(job)) {
    const byIndex = new Map<number, KubeObject[]>()
    const astray: KubeObject[] = []
    left = []
    for (const pod of active) {
      const index = completionIndex(pod)
      if (index === undefined) removed.push(pod)
      else if (index >= job.spec.completions) astray.push(pod)
      else byIndex.set(index, [...(byIndex.get(index) ?? []), pod])
    }
    for (const [, pods] of [...byIndex].sort((a, b) => a[0] - b[0])) {
      const ranked = inOrderOfRemoval(pods)
      left.push(ranked.pop()!)
      removed.push(...ranked)
    }
    removed.push(...astray)
  }
  return removed.length < atLeast ? [...removed, ...inOrderOfRemoval(left).slice(0, atLeast - removed.length)] : removed
}

function removePods(sync: JobSync, pods: readonly KubeObject[], context: ReconcileContext): void {
  for (const pod of pods) {
    try {
      stopTracking(context, pod)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  deletePods(sync, pods, context)
}

/** Deletes pods, counts them as terminating, and tells how many it could. */
export function deletePods(sync: JobSync, pods: readonly KubeObject[], { client }: ReconcileContext): number {
  let deleted = 0
  for (const pod of pods) {
    try {
      client.delete('pods', keyOf(pod), { preconditions: { uid: pod.metadata.uid } })
      client.events.normal(sync.job, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (!isNotFound(error)) {
        client.events.warning(sync.job, 'FailedDelete', `Error deleting: ${error.message}`)
        sync.failure ??= error
        continue
      }
    }
    deleted++
    if (isReady(pod)) sync.ready--
  }
  sync.active -= deleted
  sync.terminating += deleted
  return deleted
}

function createMissing(sync: JobSync, missing: number, context: ReconcileContext): void {
  const { job, backoff } = sync
  const wallMs = context.clock.wall()
  let indexes: readonly number[] | undefined
  let waitMs = 0
  if (isIndexed(job)) indexes = pendingIndexes(sync, missing)
  if (sync.failedIndexes) {
    const waits = indexes!.map((index) => remainingMsOfIndex(sync.awaitingReplacement.get(index), wallMs))
    indexes = indexes!.filter((_, position) => waits[position] === 0)
    if (indexes.length === 0 && waits.length > 0) waitMs = Math.min(...waits)
  } else waitMs = remainingMs(backoff, wallMs)
  if (waitMs > 0) {
    sync.againInMs = Math.min(sync.againInMs ?? Infinity, Math.max(waitMs, 1000))
    // As upstream: while it waits, it says that none is active.
    sync.active = 0
    return
  }
  createPods(sync, indexes ?? missing, context)
}

/** Upstream: firstPendingIndexes. */
function pendingIndexes({ job, pods, succeededIndexes, failedIndexes }: JobSync, count: number): number[] {
  const counts = replacesOnlyFailed(job) ? (pod: KubeObject) => isActive(pod) || isTerminating(pod) : isActive
  const taken = pods.filter(counts).map(completionIndex)
  const done = withIndexes(
    succeededIndexes,
    taken.filter((index) => index !== undefined),
  )
  return firstMissing(merged(done, failedIndexes ?? []), count, job.spec.completions)
}

/** In batches of one, two, four, …; when one of a batch is refused, the rest is not tried. Upstream: manageJob. */
function createPods(sync: JobSync, what: number | readonly number[], { client }: ReconcileContext): void {
  const { job } = sync
  const count = typeof what === 'number' ? what : what.length
  let tried = 0
  for (let batch = 1; tried < count && !sync.failure; batch *= 2) {
    for (const end = Math.min(count, tried + batch); tried < end; tried++) {
      const index = typeof what === 'number' ? undefined : what[tried]!
      try {
        const pod = client.create('pods', podFor(sync, index), job.metadata.namespace)
        client.events.normal(job, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
        sync.active++
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        if (error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating')) continue
        client.events.warning(job, 'FailedCreate', `Error creating: ${error.message}`)
        sync.failure ??= error
      }
    }
  }
}
