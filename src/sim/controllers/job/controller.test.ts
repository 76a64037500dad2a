import { describe, expect, test } from 'vitest'
import { isActive } from '../../../kinds/pod/conditions.ts'
import { parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Cluster } from '../../cluster.ts'
import { jobOf, testCluster } from '../../testing/scenario.ts'
import { failureCountAnnotation, ignoredCountAnnotation } from './backoff.ts'
import { completionIndex, hasTracking } from './pods.ts'

function start(name: string, script: string, spec: Record<string, unknown> = {}): Cluster {
  const cluster = testCluster(2)
  cluster.api.create('jobs.batch', jobOf(name, script, spec))
  return cluster
}

const statusOf = (cluster: Cluster, name = 'work') => cluster.api.get('jobs.batch', `default/${name}`).status
const conditionsOf = (cluster: Cluster) =>
  (statusOf(cluster).conditions ?? []).map(({ type, reason }: any) => `${type} ${reason}`)
const pods = (cluster: Cluster): KubeObject[] => cluster.api.list('pods')
const created = (pod: KubeObject) => parseTime(pod.metadata.creationTimestamp)
const events = (cluster: Cluster, reason: string) =>
  cluster.api.list('events').filter((event: any) => event.reason === reason)

function patch(cluster: Cluster, spec: Record<string, unknown>): void {
  cluster.api.patch('jobs.batch', 'default/work', { type: 'merge', patch: { spec } })
}

describe('a Job', () => {
  test('succeeds: its pods are counted once each, then lose their finalizers', () => {
    const cluster = start('work', 'sleep 9', { completions: 7, parallelism: 3 })
    cluster.runFor(5_000)
    expect(statusOf(cluster)).toMatchObject({ active: 3, terminating: 0, uncountedTerminatedPods: {} })
    expect(pods(cluster).every(hasTracking)).toBe(true)
    cluster.runFor(60_000)
    expect(statusOf(cluster)).toMatchObject({ succeeded: 7, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
    expect(statusOf(cluster).completionTime).toBeDefined()
    expect(conditionsOf(cluster)).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached'])
    expect(pods(cluster)).toHaveLength(7)
    expect(pods(cluster).some(hasTracking)).toBe(false)
  })

  test('fails: waits ten seconds, then twenty, then forty between its pods', () => {
    const cluster = start('work', 'exit 1', { backoffLimit: 3 })
    cluster.runFor(300_000)
    const times = pods(cluster).map(created).sort()
    const waits = times.slice(1).map((at, index) => Math.round((at - times[index]!) / 1000))
    expect(waits).toHaveLength(3)
    for (const [index, least] of [10, 20, 40].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least)
      expect(waits[index]).toBeLessThan(least + 5)
    }
    expect(statusOf(cluster)).toMatchObject({ failed: 4 })
    expect(conditionsOf(cluster)).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded'])
  })

  test('restarts of containers count against the limit, too', () => {
    const work = jobOf('work', 'exit 1', { backoffLimit: 2 })
    work.spec.template.spec.restartPolicy = 'OnFailure'
    const cluster = testCluster(1)
    cluster.api.create('jobs.batch', work)
    cluster.runFor(300_000)
    expect(conditionsOf(cluster)).toContain('Failed BackoffLimitExceeded')
    expect(events(cluster, 'BackoffLimitExceeded')).toHaveLength(1)
  })

  test('an index that fails twice is given up, the others are not; the count is handed from pod to pod', () => {
    const cluster = start('work', 'sleep 40', {
      completions: 2,
      parallelism: 2,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 1,
    })
    for (let seconds = 0; seconds < 90; seconds += 3) {
      cluster.runFor(3_000)
      for (const pod of pods(cluster).filter(isActive)) if (completionIndex(pod) === 1) fail(cluster, pod)
    }
    expect(statusOf(cluster)).toMatchObject({ completedIndexes: '0', failedIndexes: '1', succeeded: 1, failed: 2 })
    expect(conditionsOf(cluster)).toEqual(['FailureTarget FailedIndexes', 'Failed FailedIndexes'])
    const counts = pods(cluster)
      .filter((pod) => completionIndex(pod) === 1)
      .map(({ metadata }) => metadata.annotations![failureCountAnnotation])
    expect(counts.sort()).toEqual(['0', '1'])
  })

  test('failures that are ignored count for the next pod of the index, and against no limit', () => {
    const cluster = start('work', 'sleep 500', {
      completions: 1,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] } }] },
    })
    cluster.runFor(5_000)
    fail(cluster, pods(cluster)[0]!)
    cluster.runFor(30_000)
    const next = pods(cluster).find(isActive)!
    expect(next.metadata.annotations).toMatchObject({ [failureCountAnnotation]: '0', [ignoredCountAnnotation]: '1' })
    expect(statusOf(cluster)).toMatchObject({ active: 1, failedIndexes: '' })
    expect(statusOf(cluster).failed).toBeUndefined()
  })

  test.each([
    [
      'an exit code',
      { onExitCodes: { operator: 'NotIn', values: [3] } },
      /^Container main for pod default\/work-\w+ failed with exit code 1 matching FailJob rule at index 0$/,
    ],
    [
      'a condition',
      { onPodConditions: [{ type: 'Ready', status: 'False' }] },
      /^Pod default\/work-\w+ has condition Ready matching FailJob rule at index 0$/,
    ],
  ])('fails at once by %s that a rule names', (_name, rule, message) => {
    const rules = [{ action: 'FailJob', ...rule }]
    const cluster = start('work', 'sleep 1; exit 1', { podFailurePolicy: { rules } })
    cluster.runFor(30_000)
    expect(statusOf(cluster).conditions.at(-1)).toMatchObject({
      type: 'Failed',
      reason: 'PodFailurePolicy',
      message: expect.stringMatching(message),
    })
    expect(pods(cluster)).toHaveLength(1)
  })

  test('a deadline ends it, running pods with it', () => {
    const cluster = start('work', 'sleep 600', { parallelism: 2, activeDeadlineSeconds: 20 })
    cluster.runFor(19_000)
    expect(statusOf(cluster).active).toBe(2)
    cluster.runFor(60_000)
    expect(conditionsOf(cluster)).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded'])
    expect(pods(cluster).filter(isActive)).toEqual([])
  })

  test('suspended and resumed, its time starts again', () => {
    const cluster = start('work', 'sleep 30', { parallelism: 2, completions: 2 })
    cluster.runFor(5_000)
    const first = statusOf(cluster).startTime
    patch(cluster, { suspend: true })
    cluster.runFor(60_000)
    expect(pods(cluster)).toEqual([])
    expect(conditionsOf(cluster)).toEqual(['Suspended JobSuspended'])
    expect(statusOf(cluster).startTime).toBeUndefined()
    patch(cluster, { suspend: false })
    cluster.runFor(60_000)
    expect(parseTime(statusOf(cluster).startTime)).toBeGreaterThan(parseTime(first))
    expect(conditionsOf(cluster)).toContain('Complete CompletionsReached')
  })

  test('deleted with its pods left, it frees them of its finalizer', () => {
    const cluster = start('work', 'sleep 600', { parallelism: 2 })
    cluster.runFor(5_000)
    cluster.api.delete('jobs.batch', 'default/work', { propagationPolicy: 'Orphan' })
    cluster.runFor(10_000)
    expect(pods(cluster)).toHaveLength(2)
    expect(pods(cluster).some(hasTracking)).toBe(false)
  })

  test('what a quota refuses is told of and tried again after a second, then two', () => {
    const cluster = testCluster(1)
    const hard = { pods: '1' }
    cluster.api.create('resourcequotas', { metadata: { name: 'few', namespace: 'default' }, spec: { hard } })
    cluster.runFor(1_000)
    cluster.api.create('jobs.batch', jobOf('work', 'sleep 600', { parallelism: 3 }))
    cluster.runFor(500)
    expect(statusOf(cluster)).toMatchObject({ active: 1 })
    expect(events(cluster, 'FailedCreate')).toHaveLength(2)
    cluster.runFor(600)
    expect(events(cluster, 'FailedCreate')).toHaveLength(3)
  })

  test('is gone with its pods when its time after the end is over', () => {
    const cluster = start('work', 'sleep 1', { ttlSecondsAfterFinished: 20 })
    cluster.runFor(20_000)
    expect(conditionsOf(cluster)).toContain('Complete CompletionsReached')
    cluster.runFor(20_000)
    expect(cluster.api.list('jobs.batch')).toEqual([])
    expect(pods(cluster)).toEqual([])
  })
})

/** A pod’s container exits with 1 now, whatever it runs. */
function fail(cluster: Cluster, pod: KubeObject): void {
  const at = cluster.api.timestamp()
  const terminated = { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at }
  const containerStatuses = [
    { name: 'main', restartCount: 0, ready: false, image: 'busybox:1.36', imageID: '', state: { terminated } },
  ]
  cluster.api.update('pods', { ...pod, status: { ...pod.status, phase: 'Failed', containerStatuses } } as KubeObject, {
    subresource: 'status',
  })
}
