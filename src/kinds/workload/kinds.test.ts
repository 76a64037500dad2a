import { describe, expect, it } from 'vitest'
import { CronJob } from '../cronjob/kind.ts'
import { scheduleProblem } from '../cronjob/schedule.ts'
import { Deployment } from '../deployment/kind.ts'
import { Job } from '../job/kind.ts'
import { created, problems, row, updateProblems } from '../kind-cases.test-helper.ts'
import { ReplicaSet } from '../replicaset/kind.ts'

const template = (labels: object = { a: 'b' }, spec: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'c:1' }], ...spec },
})
const workload = (spec: object = {}) => ({
  spec: { selector: { matchLabels: { a: 'b' } }, template: template(), ...spec },
})

describe('Deployment', () => {
  it('gets its strategy and limits', () => {
    const { template: _template, selector: _selector, ...spec } = created(Deployment, workload()).spec
    expect(spec).toEqual({
      progressDeadlineSeconds: 600,
      replicas: 1,
      revisionHistoryLimit: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    })
  })

  it.each<[string, object, string[]]>([
    ['a sound one', workload(), []],
    [
      'negative replicas',
      workload({ replicas: -1 }),
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'no selector',
      workload({ selector: undefined }),
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'an empty selector',
      workload({ selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'a selector of other pods',
      workload({ selector: { matchLabels: { a: 'x' } } }),
      ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
    ],
    [
      'no room to roll',
      workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'pods that never restart',
      workload({ template: template({ a: 'b' }, { restartPolicy: 'Never' }) }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'Recreate with numbers',
      workload({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Deployment, object)).toEqual(expected))

  it('keeps its selector for good', () => {
    const changed = workload({ selector: { matchLabels: { c: 'd' } }, template: template({ a: 'b', c: 'd' }) })
    expect(updateProblems(Deployment, workload(), changed)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"c":"d"}}: field is immutable',
    ])
  })

  it('shows ready of desired', () =>
    expect(
      row(Deployment, {
        ...created(Deployment, workload({ replicas: 3 })),
        status: { readyReplicas: 2, updatedReplicas: 3 },
      }),
    ).toEqual(['x', '2/3', 3, 0, '<unknown>']))
})

describe('ReplicaSet', () => {
  it('asks for one pod', () =>
    expect(created(ReplicaSet, workload())).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 0 } }))
  it('keeps its selector for good', () =>
    expect(
      updateProblems(
        ReplicaSet,
        workload(),
        workload({ selector: { matchLabels: { a: 'x' } }, template: template({ a: 'x' }) }),
      )[0],
    ).toContain('field is immutable'))
  it('shows its counts', () =>
    expect(
      row(ReplicaSet, { ...created(ReplicaSet, workload({ replicas: 3 })), status: { replicas: 3, readyReplicas: 1 } }),
    ).toEqual(['x', 3, 3, 1, '<unknown>']))
})

describe('Job', () => {
  const job = (spec: object = {}) => ({
    metadata: { name: 'once', uid: 'u-1' },
    spec: { template: template({}, { restartPolicy: 'Never' }), ...spec },
  })

  it('selects its pods by its own uid', () => {
    const { spec, metadata } = created(Job, job())
    expect(spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } })
    expect(spec.template.metadata.labels).toMatchObject({
      'job-name': 'once',
      'batch.kubernetes.io/controller-uid': 'u-1',
    })
    expect(metadata.labels).toEqual(spec.template.metadata.labels)
  })

  it.each<[object, object]>([
    [
      {},
      {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
    ],
    [{ parallelism: 3 }, { parallelism: 3 }],
    [{ completionMode: 'Indexed', completions: 4, backoffLimitPerIndex: 1 }, { backoffLimit: 2147483647 }],
  ])('%j gets %j', (spec, defaults) => expect(created(Job, job(spec)).spec).toMatchObject(defaults))

  it('lets a work queue have no completions', () =>
    expect(created(Job, job({ parallelism: 3 })).spec.completions).toBeUndefined())

  it.each<[string, object, string[]]>([
    ['a sound one', job(), []],
    [
      'pods that always restart',
      job({ template: template({}) }),
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'indexes without a number',
      job({ completionMode: 'Indexed', parallelism: 1 }),
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Job, object)).toEqual(expected))

  it('keeps its completions', () =>
    expect(updateProblems(Job, job({ completions: 2 }), job({ completions: 3 }))).toEqual([
      'spec.completions: Invalid value: 3: field is immutable',
    ]))

  it.each<[object, string, string]>([
    [{ completions: 4 }, 'Running', '0/4'],
    [{ parallelism: 2 }, 'Running', '0/1 of 2'],
    [{ suspend: true }, 'Suspended', '0/1'],
  ])('%j shows %s, %s', (spec, status, completions) =>
    expect(row(Job, created(Job, job(spec))).slice(1, 3)).toEqual([status, completions]),
  )
})

describe('CronJob', () => {
  const cron = (spec: object = {}) => ({
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: template({}, { restartPolicy: 'Never' }) } },
      ...spec,
    },
  })

  it('gets its policies', () =>
    expect(created(CronJob, cron()).spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    }))

  it.each<[string, object, string[]]>([
    ['a sound one', cron(), []],
    [
      'a zone in the schedule',
      cron({ schedule: 'TZ=UTC * * * * *' }),
      [
        'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [
      'an unknown zone',
      cron({ timeZone: 'Mars/Phobos' }),
      ['spec.timeZone: Invalid value: "Mars/Phobos": unknown time zone Mars/Phobos'],
    ],
    [
      'an unknown policy',
      cron({ concurrencyPolicy: 'Maybe' }),
      ['spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(CronJob, object)).toEqual(expected))

  it.each([
    ['*/5 0-6,12 1 jan-mar mon', undefined],
    ['@hourly', undefined],
    ['@every 90s', undefined],
    ['61 * * * *', 'end of range (61) above maximum (59): 61'],
    ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['@never', 'unrecognized descriptor: @never'],
  ])('%s: %s', (schedule, problem) => expect(scheduleProblem(schedule)).toBe(problem))
})
