import { rfc3339 } from '../../lib/time.ts'
import { isTimeZone, zoneOffsetMs } from '../../lib/time-zones.ts'
import { nextAfter } from '../../kinds/cronjob/next.ts'
import { parseSchedule, type Schedule } from '../../kinds/cronjob/schedule.ts'
import { finding, type Question } from './finding.ts'
import { conditionOf, isReady, refOf, type Look, type Subject } from './look.ts'
import { containersOf } from './pod-candidates.ts'
import { podQuestion } from './pod.ts'
import { logStep } from './pod-restarts.ts'
import { refusal } from './workload.ts'
import { eventSteps } from './pod-waiting.ts'
import type { Step } from './types.ts'

/** A Job: done, failing, or on its way. */
export const jobQuestion: Question = (look, subject) => {
  const { object: job } = subject
  const { spec, status = {} } = job
  const { succeeded = 0, failed = 0, active = 0 } = status
  const wanted = spec.completions ?? 1
  const complete = conditionOf(job, 'Complete')
  if (complete?.status === 'True') return finding('ok', 'jobComplete', { count: succeeded })
  const end = conditionOf(job, 'Failed')
  const limit = spec.backoffLimit ?? 6
  const steps = () => [
    ...failedPodSteps(look, subject),
    ...eventSteps(look, subject, 'BackoffLimitExceeded', 'DeadlineExceeded', 'FailedCreate'),
  ]
  if (end?.status === 'True') {
    const code =
      end.reason === 'BackoffLimitExceeded'
        ? 'jobBackoffLimit'
        : end.reason === 'DeadlineExceeded'
          ? 'jobDeadline'
          : 'jobFailed'
    const params = {
      failed,
      limit,
      seconds: spec.activeDeadlineSeconds ?? 0,
      reason: end.reason ?? '',
      message: end.message ?? '',
    }
    return finding('fail', code, params, { steps: steps() })
  }
  if (spec.suspend)
    return finding(
      'wait',
      'jobSuspended',
      {},
      {
        candidates: () => [
          {
            code: 'unsuspend',
            object: { resource: subject.resource, key: subject.key },
            edits: [{ path: ['spec', 'suspend'], value: false }],
            withinMs: 60_000,
            solved: (copy) => {
              const now = copy.get(subject.resource, subject.key)?.status ?? {}
              return now.ready || now.succeeded
                ? { code: 'jobRuns', params: { count: (now.ready ?? 0) + (now.succeeded ?? 0) } }
                : undefined
            },
          },
        ],
      },
    )
  const refused = refusal(look, subject)
  if (refused) return refused
  if (failed > 0) return finding('warn', 'jobRetries', { failed, limit, succeeded, wanted }, { steps: steps() })
  const waiting = look.podsOf(subject).find((pod) => !isReady(pod) && pod.status?.phase === 'Pending')
  const inner = waiting && podQuestion(look, { object: waiting, ...refOf('pods', waiting) })
  if (waiting && inner && inner.verdict.tone === 'fail')
    return finding(
      'fail',
      'jobPodWaits',
      { name: waiting.metadata.name },
      {
        because: [{ code: `verdict.${inner.verdict.code}`, params: inner.verdict.params }],
        steps: inner.steps,
        candidates: inner.candidates,
      },
    )
  return finding('wait', 'jobRunning', { active, succeeded, wanted })
}

/** The newest pod that failed, and its last words. */
function failedPodSteps(look: Look, subject: Subject): (Step | false)[] {
  const pods = look
    .podsOf(subject)
    .filter(
      (pod) =>
        pod.status?.phase === 'Failed' ||
        (pod.status?.containerStatuses ?? []).some(({ restartCount }: any) => restartCount > 0),
    )
  const newest = pods.sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))[0]
  if (!newest) return []
  const place = containersOf(newest).find(
    ({ status }) => (status?.state?.terminated ?? status?.lastState?.terminated)?.exitCode,
  )
  const end = place && (place.status.state.terminated ?? place.status.lastState.terminated)
  const podSubject = { object: newest, ...refOf('pods', newest) }
  return [
    {
      code: 'podEnded',
      tone: 'fail',
      params: {
        name: newest.metadata.name,
        exitCode: end?.exitCode ?? '?',
        reason: end?.reason ?? newest.status?.reason ?? 'Error',
      },
      object: refOf('pods', newest),
      ...(end && { at: look.at(end.finishedAt)! }),
    },
    place ? logStep(look, podSubject, place) : false,
  ]
}

/** A CronJob: when it runs next, and why it does not. */
export const cronJobQuestion: Question = (look, subject) => {
  const { object: cronJob, resource, key } = subject
  const { spec, status = {} } = cronJob
  const schedule = parseSchedule(spec.schedule)
  const zone: string = spec.timeZone ?? 'UTC'
  const wall = look.cluster.clock.wall()
  const active = (status.active ?? []).map((one: any): Step => ({
    code: 'jobActive',
    params: { name: one.name },
    object: { resource: 'jobs.batch', key: `${one.namespace}/${one.name}` },
  }))
  const runs = typeof schedule === 'string' || !isTimeZone(zone) ? [] : runsFrom(schedule, zone, wall)
  const runSteps = runs.map((at): Step => ({
    code: 'nextRun',
    params: {
      wall: rfc3339(at + zoneOffsetMs(zone, at))
        .slice(0, -1)
        .replace('T', ' '),
    },
    at: at - look.cluster.clock.epoch,
  }))
  if (typeof schedule === 'string')
    return finding('fail', 'cronUnreadable', { schedule: spec.schedule, message: schedule })
  if (!isTimeZone(zone)) return finding('fail', 'cronZone', { zone })
  const [next] = runs
  const params = { schedule: spec.schedule, zone, next: next === undefined ? -1 : next - look.cluster.clock.epoch }
  if (spec.suspend)
    return finding('wait', 'cronSuspended', params, {
      steps: active,
      candidates: () => [
        {
          code: 'unsuspend',
          object: { resource, key },
          edits: [{ path: ['spec', 'suspend'], value: false }],
          // Whether it runs then is a matter of its schedule, which may be long from now.
          withinMs: 2000,
          solved: (copy) => {
            const now = copy.get(resource, key)
            const at = now && !now.spec.suspend ? nextAfter(schedule, zone, copy.cluster.clock.wall()) : undefined
            return at === undefined ? undefined : { code: 'nextRun', params: { at: at - copy.cluster.clock.epoch } }
          },
        },
      ],
    })
  if (next === undefined) return finding('fail', 'cronNever', params)
  const jobs = look
    .owned(cronJob, 'jobs.batch')
    .sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  const last = jobs[0]
  const hasFailed = last && conditionOf(last, 'Failed')?.status === 'True'
  const lastStep: Step[] = last
    ? [
        {
          code: hasFailed ? 'lastJobFailed' : 'lastJob',
          tone: hasFailed ? 'fail' : 'ok',
          params: { name: last.metadata.name },
          object: refOf('jobs.batch', last),
          at: look.at(last.metadata.creationTimestamp)!,
        },
      ]
    : []
  const missed = eventSteps(look, subject, 'MissSchedule', 'TooManyMissedTimes', 'FailedCreate', 'JobAlreadyActive')
  if (active.length > 0 && spec.concurrencyPolicy === 'Forbid')
    return finding('wait', 'cronBusy', params, { steps: [...active, ...missed, ...runSteps] })
  if (hasFailed) return finding('warn', 'cronLastFailed', params, { steps: [...lastStep, ...missed, ...runSteps] })
  return finding('ok', last ? 'cronFine' : 'cronNotYet', params, {
    steps: [...active, ...lastStep, ...missed, ...runSteps],
  })
}

/** The next times of a schedule. */
function runsFrom(schedule: Schedule, zone: string, from: number): number[] {
  const found: number[] = []
  for (
    let at = nextAfter(schedule, zone, from);
    at !== undefined && found.length < 4;
    at = nextAfter(schedule, zone, at)
  )
    found.push(at)
  return found
}
