import { isJobFinished, isTrue } from '../../../kinds/job/conditions.ts'
import { parseTime, rfc3339 } from '../../../lib/time.ts'
import { StatusError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { isAlreadyExists } from '../../client/client.ts'
import {
  defineController,
  done,
  requeueAfter,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerOf, controllerReference } from '../../controller-runtime/owners.ts'
import { latestUnmet, rfc1123, rfc3339In, scheduleOf, untilNextMs, zoneOf } from './times.ts'

const cronJobs = 'cronjobs.batch'
const jobs = 'jobs.batch'

/** Starts Jobs when their time comes. Upstream: pkg/controller/cronjob, cronjob_controllerv2.go. */
export const cronJobController = defineController({
  name: 'cronjob',
  for: cronJobs,
  owns: [jobs],
  ownerKind: 'CronJob',
  // Another schedule does not make up for times that are over: it counts from its next one on.
  waitsMs: (resource, { type, object, old }, { clock }) => {
    if (resource !== cronJobs || type !== 'MODIFIED' || !old) return 0
    if (object.spec.schedule === old.spec.schedule && object.spec.timeZone === old.spec.timeZone) return 0
    const schedule = scheduleOf(object)
    return typeof schedule === 'string' ? 0 : (untilNextMs(object, schedule, clock.wall()) ?? 0)
  },
  reconcile,
})

interface CronStatus {
  active: readonly any[]
  lastScheduleTime?: string
  lastSuccessfulTime?: string
}

interface Sync {
  readonly cronJob: KubeObject
  readonly jobs: readonly KubeObject[]
  readonly status: CronStatus
}

function reconcile(key: string, context: ReconcileContext): Result {
  const { client } = context
  const cronJob = client.get(cronJobs, key)
  if (!cronJob) return done
  const { active = [], ...times } = cronJob.status ?? {}
  const sync: Sync = { cronJob, jobs: client.ownedBy(jobs, cronJob.metadata.uid), status: { active, ...times } }
  const before = { ...sync.status }
  let result = done
  let failure: unknown
  removeOldJobs(sync, context)
  try {
    result = startWhatIsDue(sync, context)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    failure = error
  }
  const { status } = sync
  if (
    status.active !== before.active ||
    status.lastScheduleTime !== before.lastScheduleTime ||
    status.lastSuccessfulTime !== before.lastSuccessfulTime
  ) {
    const { lastScheduleTime, lastSuccessfulTime } = status
    client.updateStatus(cronJobs, {
      ...cronJob,
      status: {
        ...(status.active.length > 0 && { active: status.active }),
        ...(lastScheduleTime && { lastScheduleTime }),
        ...(lastSuccessfulTime && { lastSuccessfulTime }),
      },
    })
  }
  if (failure) throw failure
  return result
}

/** Keeps as many finished jobs as the limits say, the latest. */
function removeOldJobs(sync: Sync, context: ReconcileContext): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = sync.cronJob.spec
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue
    const finished = sync.jobs.filter((job) => finalStatus(job) === type).sort(byStartTime)
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) deleteJob(sync, job, context)
  }
}

function finalStatus(job: KubeObject): string | undefined {
  return job.status?.conditions?.find(
    ({ type, status }: any) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )?.type
}

function byStartTime(a: KubeObject, b: KubeObject): number {
  const [one, other] = [a, b].map(({ status }) => status?.startTime ?? '9999')
  return one === other ? (a.metadata.name < b.metadata.name ? -1 : 1) : one < other ? -1 : 1
}

function deleteJob({ cronJob, status }: Sync, { metadata }: KubeObject, { client }: ReconcileContext): boolean {
  try {
    client.delete(jobs, `${metadata.namespace}/${metadata.name}`, { propagationPolicy: 'Background' })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    client.events.warning(cronJob, 'FailedDelete', `Deleted job: ${error.message}`)
    return false
  }
  forget(status, metadata.uid)
  client.events.normal(cronJob, 'SuccessfulDelete', `Deleted job ${metadata.name}`)
  return true
}

function forget(status: CronStatus, uid: string): void {
  if (status.active.some((one) => one.uid === uid)) status.active = status.active.filter((one) => one.uid !== uid)
}

/** Upstream: syncCronJob. */
function startWhatIsDue(sync: Sync, context: ReconcileContext): Result {
  const { cronJob, status } = sync
  const { client, clock } = context
  noticeJobs(sync, context)
  if (cronJob.metadata.deletionTimestamp || cronJob.spec.suspend) return done
  const schedule = scheduleOf(cronJob)
  if (typeof schedule === 'string') {
    const text = `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)} : ${schedule}`
    client.events.warning(cronJob, 'UnparseableSchedule', text)
    return done
  }
  const wallMs = clock.wall()
  const unmet = latestUnmet(cronJob, schedule, wallMs, true)
  if (typeof unmet === 'string') {
    client.events.warning(cronJob, 'InvalidSchedule', `invalid schedule: ${cronJob.spec.schedule} : ${unmet}`)
    return done
  }
  const { latest } = unmet
  if (latest !== undefined) {
    if (unmet.missed === 'many')
      client.events.warning(
        cronJob,
        'TooManyMissedTimes',
        'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
      )
    if (mayStart(sync, latest, context) && !start(sync, latest, context)) return done
  }
  return requeueAfter(untilNextMs({ ...cronJob, status } as KubeObject, schedule, wallMs))
}

/** Takes jobs that ended or are gone out of the list of active ones. */
function noticeJobs({ cronJob, jobs: children, status }: Sync, { client }: ReconcileContext): void {
  const { events } = client
  for (const job of children) {
    const { uid, name } = job.metadata
    const isListed = status.active.some((one) => one.uid === uid)
    if (!isListed && !isJobFinished(job)) {
      events.warning(cronJob, 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`)
    } else if (isListed && isJobFinished(job)) {
      forget(status, uid)
      events.normal(cronJob, 'SawCompletedJob', `Saw completed job: ${name}, status: ${finalStatus(job)}`)
    } else if (isTrue(job, 'Complete')) {
      const { completionTime } = job.status
      if (completionTime && !(parseTime(completionTime) <= parseTime(status.lastSuccessfulTime)))
        status.lastSuccessfulTime = completionTime
    }
  }
  for (const { uid, namespace, name } of status.active) {
    if (children.some(({ metadata }) => metadata.uid === uid) || client.live(jobs, `${namespace}/${name}`)) continue
    events.normal(cronJob, 'MissingJob', `Active job went missing: ${name}`)
    forget(status, uid)
  }
}

/** Is it not too late, and not dealt with already, and does the concurrency policy allow it? */
function mayStart(sync: Sync, dueMs: number, context: ReconcileContext): boolean {
  const { cronJob, status } = sync
  const { client, clock } = context
  const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec
  if (startingDeadlineSeconds !== undefined && dueMs + startingDeadlineSeconds * 1000 < clock.wall()) {
    client.events.warning(cronJob, 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(dueMs)}`)
    return false
  }
  const name = jobName(cronJob, dueMs)
  if (status.active.some((one) => one.name === name) || parseTime(status.lastScheduleTime) === dueMs) return false
  if (concurrencyPolicy === 'Forbid' && status.active.length > 0) {
    client.events.normal(
      cronJob,
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    )
    return false
  }
  if (concurrencyPolicy === 'Replace') replaceActive(sync, context)
  return true
}

function replaceActive(sync: Sync, context: ReconcileContext): void {
  const { client } = context
  for (const { namespace, name } of sync.status.active) {
    const job = client.live(jobs, `${namespace}/${name}`)
    if (!job) {
      const message = `jobs.batch "${name}" not found`
      client.events.warning(sync.cronJob, 'FailedGet', `Get job: ${message}`)
      throw new StatusError(404, 'NotFound', message)
    }
    if (!deleteJob(sync, job, context))
      throw new StatusError(500, 'InternalError', `could not replace job ${namespace}/${name}`)
  }
}

/** Named after its minute, so that no job is started twice. */
function jobName(cronJob: KubeObject, dueMs: number): string {
  return `${cronJob.metadata.name}-${Math.floor(dueMs / 60_000)}`
}

/** Creates the job and enters it into the status; false when somebody else's is there. */
function start({ cronJob, status }: Sync, dueMs: number, { client, api }: ReconcileContext): boolean {
  const { namespace } = cronJob.metadata
  const name = jobName(cronJob, dueMs)
  const { metadata, spec } = cronJob.spec.jobTemplate
  const scheduled = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': rfc3339In(zoneOf(cronJob), dueMs) }
  let job: KubeObject
  try {
    job = client.create(jobs, {
      metadata: {
        name,
        namespace,
        ...(metadata?.labels && { labels: metadata.labels }),
        annotations: { ...metadata?.annotations, ...scheduled },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec,
    })
    client.events.normal(cronJob, 'SuccessfulCreate', `Created job ${name}`)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating')) throw error
    const present = isAlreadyExists(error) ? api.find(jobs, `${namespace}/${name}`) : undefined
    if (!present) {
      client.events.warning(cronJob, 'FailedCreate', `Error creating job: ${error.message}`)
      throw error
    }
    // Either somebody else's, or made right before the controller was killed.
    if (controllerOf(present)?.uid !== cronJob.metadata.uid) return false
    if (status.active.some((one) => one.uid === present.metadata.uid)) return false
    job = present
  }
  const { uid, resourceVersion } = job.metadata
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion }
  status.active = [...status.active, reference]
  status.lastScheduleTime = rfc3339(dueMs)
  return true
}
