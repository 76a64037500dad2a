import { describe, expect, test } from 'vitest'
import { parseTime } from '../../../lib/time.ts'
import { createCluster, type Cluster } from '../../cluster.ts'
import { jobOf, testMachine } from '../../testing/scenario.ts'

const minute = 60_000

/** A cluster whose clock shows the start of an hour, and a CronJob in it. */
function start(spec: Record<string, unknown> = {}, script = 'sleep 3', job: Record<string, unknown> = {}): Cluster {
  const machines = [testMachine('node-1')]
  const cluster = createCluster({ epoch: parseTime('2026-03-28T10:00:00Z'), machines })
  cluster.runFor(15_000)
  cluster.api.create('cronjobs.batch', {
    metadata: { name: 'tick', namespace: 'default' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: jobOf('tick', script, job).spec }, ...spec },
  })
  return cluster
}

const cronJob = (cluster: Cluster) => cluster.api.get('cronjobs.batch', 'default/tick')
const jobs = (cluster: Cluster) => cluster.api.list('jobs.batch')
const names = (cluster: Cluster) => jobs(cluster).map(({ metadata }) => metadata.name)
const nameAt = (time: string) => `tick-${parseTime(time) / minute}`
const events = (cluster: Cluster, reason: string) =>
  cluster.api
    .list('events')
    .filter((event: any) => event.reason === reason && event.involvedObject.kind === 'CronJob')
    .map((event: any) => event.message)

function patch(cluster: Cluster, spec: Record<string, unknown>): void {
  cluster.api.patch('cronjobs.batch', 'default/tick', { type: 'merge', patch: { spec } })
}

describe('a CronJob', () => {
  test('starts a job each minute, named after it, and keeps the last three', () => {
    const cluster = start()
    cluster.runFor(46_000)
    expect(names(cluster)).toEqual([nameAt('2026-03-28T10:01:00Z')])
    expect(cronJob(cluster).status).toMatchObject({
      lastScheduleTime: '2026-03-28T10:01:00Z',
      active: [{ kind: 'Job' }],
    })
    cluster.runFor(10 * minute + 30_000)
    expect(names(cluster)).toHaveLength(3)
    expect(events(cluster, 'SawCompletedJob')[0]).toMatch(/^Saw completed job: tick-\d+, status: Complete$/)
    expect(cronJob(cluster).status.lastSuccessfulTime).toBeDefined()
  })

  test('keeps one failed job', () => {
    const cluster = start({}, 'exit 1', { backoffLimit: 0 })
    cluster.runFor(5 * minute)
    expect(jobs(cluster).filter(({ status }) => status.failed)).toHaveLength(1)
  })

  test('goes by the clocks of its zone', () => {
    const cluster = start({ schedule: '0 12 * * *', timeZone: 'Europe/Berlin' })
    cluster.runFor(47 * 60 * minute)
    // The night between them is the one in which summer time begins.
    expect(names(cluster)).toEqual([nameAt('2026-03-28T11:00:00Z'), nameAt('2026-03-29T10:00:00Z')])
    const annotations = jobs(cluster).map(({ metadata }) => metadata.annotations)
    expect(annotations[1]).toEqual({ 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-29T12:00:00+02:00' })
  })

  test('resumed after hours it starts the last that it missed, and says how many there were', () => {
    const cluster = start({ suspend: true })
    cluster.runFor(200 * minute)
    expect(names(cluster)).toEqual([])
    patch(cluster, { suspend: false })
    cluster.runFor(1_000)
    expect(names(cluster)).toHaveLength(1)
    expect(events(cluster, 'TooManyMissedTimes')).toEqual([
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ])
  })

  test('with a deadline it starts none that is too late', () => {
    const cluster = start({ suspend: true, schedule: '0 * * * *', startingDeadlineSeconds: 30 })
    cluster.runFor(62 * minute)
    patch(cluster, { suspend: false })
    cluster.runFor(10_000)
    expect(names(cluster)).toEqual([])
    cluster.runFor(60 * minute)
    expect(names(cluster)).toEqual([nameAt('2026-03-28T12:00:00Z')])
  })

  test('another schedule counts from its next time on', () => {
    const cluster = start({ schedule: '0 0 1 1 *' })
    cluster.runFor(30 * minute)
    patch(cluster, { schedule: '*/10 * * * *' })
    cluster.runFor(minute)
    expect(names(cluster)).toEqual([])
    cluster.runFor(10 * minute)
    expect(names(cluster)).toEqual([nameAt('2026-03-28T10:40:00Z')])
  })

  test('one that never comes is told of', () => {
    const cluster = start({ schedule: '0 0 31 2 *' })
    cluster.runFor(minute)
    expect(events(cluster, 'InvalidSchedule')).toEqual([
      'invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second',
    ])
  })

  test('a job that somebody deletes is missed', () => {
    const cluster = start({}, 'sleep 600')
    cluster.runFor(50_000)
    const [name] = names(cluster)
    cluster.api.delete('jobs.batch', `default/${name}`, { propagationPolicy: 'Background' })
    cluster.runFor(5_000)
    expect(events(cluster, 'MissingJob')).toEqual([`Active job went missing: ${name}`])
    expect(cronJob(cluster).status.active).toBeUndefined()
  })

  test.each([
    ['Allow', 4],
    ['Forbid', 1],
    ['Replace', 1],
  ])('%s: of jobs that take longer than a minute, so many run', (concurrencyPolicy, running) => {
    const cluster = start({ concurrencyPolicy }, 'sleep 6000')
    cluster.runFor(4 * minute)
    expect(cronJob(cluster).status.active).toHaveLength(running)
    expect(jobs(cluster).filter(({ metadata }) => !metadata.deletionTimestamp)).toHaveLength(running)
  })
})
