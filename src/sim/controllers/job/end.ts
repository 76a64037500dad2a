import { isTrue } from '../../../kinds/job/conditions.ts'
import { parseTime } from '../../../lib/time.ts'
import { conditionOf } from '../../../kinds/pod/conditions.ts'
import type { ReconcileContext } from '../../controller-runtime/controller.ts'
import { totalOf } from './intervals.ts'
import { allRestarts, isFailed } from './pods.ts'
import { successOf, verdictOn } from './policies.ts'
import type { End, JobSync } from './sync.ts'

/** Works out whether the job has to end, and why: what was decided before stands, failures come before successes. */
export function decideEnd(sync: JobSync, { clock }: ReconcileContext): void {
  const { job } = sync
  const { activeDeadlineSeconds, suspend } = job.spec
  sync.end = endDecided(sync) ?? endByPolicy(sync) ?? endByBackoff(sync)
  if (!sync.end && activeDeadlineSeconds !== undefined && !suspend) {
    const remainingMs = parseTime(sync.status.startTime) + activeDeadlineSeconds * 1000 - clock.wall()
    if (remainingMs <= 0) sync.end = failure('DeadlineExceeded', 'Job was active longer than specified deadline')
    else sync.againInMs = remainingMs
  }
  sync.end ??= endByIndexes(sync)
}

/** Has it all that it wants, and nothing that still runs? */
export function isComplete({ job, succeeded, active }: JobSync): boolean {
  // Without a number of completions the first success says that the work is done.
  return active === 0 && succeeded >= (job.spec.completions ?? 1)
}

function failure(reason: string, message: string): End {
  return { type: 'FailureTarget', reason, message }
}

function endDecided({ job }: JobSync): End | undefined {
  for (const [type, end] of [
    ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
    ['FailureTarget', 'Failed'],
  ] as const) {
    if (!isTrue(job, type)) continue
    const { reason = '', message = '' } = conditionOf(job, type)!
    return { type: end, reason, message }
  }
  return undefined
}

function endByPolicy({ job, pods }: JobSync): End | undefined {
  if (!job.spec.podFailurePolicy) return undefined
  for (const pod of pods) {
    if (!isFailed(pod, job)) continue
    const { failsJob } = verdictOn(pod, job)
    if (failsJob !== undefined) return failure('PodFailurePolicy', failsJob)
  }
  return undefined
}

function endByBackoff({ job, pods, failed }: JobSync): End | undefined {
  const { backoffLimit, template } = job.spec
  let exceeded = failed > backoffLimit
  if (!exceeded && template.spec.restartPolicy === 'OnFailure') {
    const restarts = pods
      .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
      .reduce((sum, pod) => sum + allRestarts(pod), 0)
    exceeded = restarts >= Math.max(1, backoffLimit)
  }
  return exceeded ? failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit') : undefined
}

function endByIndexes({ job, failedIndexes, succeededIndexes }: JobSync): End | undefined {
  const { maxFailedIndexes, completions } = job.spec
  const failed = totalOf(failedIndexes ?? [])
  if (failed > (maxFailedIndexes ?? Infinity))
    return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
  if (failed > 0 && failed + totalOf(succeededIndexes) >= completions)
    return failure('FailedIndexes', 'Job has failed indexes')
  const message = successOf(job, succeededIndexes)
  return message === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message }
}
