import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { milliValue } from '../../machinery/quantity.ts'
import { Cluster } from '../cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../snapshot.ts'
import { testCluster } from '../testing/scenario.ts'
import { podWith } from '../testing/scheduling.ts'

const classes = { low: 100, mid: 1000, high: 10_000 }
type Class = keyof typeof classes

function withClasses(nodes: number): Cluster {
  const cluster = testCluster(nodes)
  for (const [name, value] of Object.entries(classes))
    cluster.api.create('priorityclasses.scheduling.k8s.io', { metadata: { name }, value })
  return cluster
}

function create(cluster: Cluster, name: string, priorityClassName: Class, cpu: string, more = {}): void {
  cluster.api.create('pods', podWith(name, { cpu }, { priorityClassName, terminationGracePeriodSeconds: 2, ...more }))
}

/** Something that does not listen to TERM, so that its grace period runs out. */
const deaf = {
  containers: [
    { name: 'main', image: 'busybox:1.36', command: ['sleep', '3600'], resources: { requests: { cpu: '3' } } },
  ],
  terminationGracePeriodSeconds: 20,
}

const pod = (cluster: Cluster, name: string) => cluster.api.find('pods', `default/${name}`)
const saved = (cluster: Cluster) => serialiseSnapshot(cluster.snapshot())

describe('a pod that takes the place of another', () => {
  test('is promised the node while its victim leaves, and gets it then', () => {
    const cluster = withClasses(1)
    create(cluster, 'victim', 'low', '3', deaf)
    cluster.runFor(10_000)
    create(cluster, 'vip', 'high', '3')
    cluster.runFor(1000)
    expect(pod(cluster, 'victim')!.status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      }),
    )
    expect(pod(cluster, 'vip')!.status.nominatedNodeName).toBe('node-1')
    expect(cluster.scheduler.records.of('default/vip')?.preemption).toEqual({
      node: 'node-1',
      candidates: [{ node: 'node-1', victims: ['default/victim'], violations: 0 }],
    })
    cluster.runFor(60_000)
    expect(pod(cluster, 'victim')).toBeUndefined()
    expect(pod(cluster, 'vip')).toMatchObject({ spec: { nodeName: 'node-1' } })
    expect(pod(cluster, 'vip')!.status.nominatedNodeName).toBeUndefined()
  })

  test('keeps the promised room from less important ones, and loses it to more important ones', () => {
    const cluster = withClasses(1)
    create(cluster, 'victim', 'low', '3', deaf)
    cluster.runFor(10_000)
    create(cluster, 'vip', 'mid', '4')
    cluster.runFor(1000)
    // It would fit beside the one that leaves.
    create(cluster, 'small', 'low', '1')
    cluster.runFor(1000)
    expect(pod(cluster, 'small')!.spec.nodeName).toBeUndefined()
    create(cluster, 'top', 'high', '4')
    cluster.runFor(60_000)
    expect(pod(cluster, 'top')!.spec.nodeName).toBe('node-1')
    expect(pod(cluster, 'vip')!.spec.nodeName).toBeUndefined()
    expect(pod(cluster, 'vip')!.status.nominatedNodeName).toBeUndefined()
  })

  test('a scheduler that starts again believes what the pods were promised', () => {
    const cluster = withClasses(1)
    create(cluster, 'victim', 'low', '3', deaf)
    cluster.runFor(10_000)
    create(cluster, 'vip', 'high', '4')
    cluster.runFor(1000)
    cluster.scheduler.restart()
    create(cluster, 'small', 'low', '1')
    cluster.runFor(60_000)
    expect(pod(cluster, 'vip')!.spec.nodeName).toBe('node-1')
    expect(pod(cluster, 'small')!.spec.nodeName).toBeUndefined()
  })
})

describe('under pressure', () => {
  const wish = fc.record({
    priority: fc.constantFrom<Class>('low', 'mid', 'high'),
    milliCPU: fc.integer({ min: 500, max: 3500 }),
    pauseMs: fc.constantFrom(0, 5, 700, 3000),
  })
  const press = (wishes: readonly { priority: Class; milliCPU: number; pauseMs: number }[]) => {
    const cluster = withClasses(2)
    wishes.forEach(({ priority, milliCPU, pauseMs }, index) => {
      create(cluster, `p${index}`, priority, `${milliCPU}m`)
      cluster.runFor(pauseMs)
    })
    return cluster
  }

  test('no node is overfull, nobody waits for the place of a less important one, and it ends', () => {
    fc.assert(
      fc.property(fc.array(wish, { minLength: 3, maxLength: 20 }), (wishes) => {
        const cluster = press(wishes)
        cluster.runFor(120_000)
        const pods = cluster.api.list('pods')
        for (const { metadata } of cluster.api.list('nodes')) {
          const there = pods.filter(({ spec }) => spec.nodeName === metadata.name)
          const cpu = (some: typeof pods) =>
            some.reduce((sum, { spec }) => sum + milliValue(spec.containers[0].resources.requests.cpu), 0)
          expect(cpu(there)).toBeLessThanOrEqual(4000)
          for (const waiting of pods.filter(({ spec }) => !spec.nodeName)) {
            const staying = there.filter(({ spec }) => spec.priority >= waiting.spec.priority)
            expect(cpu([...staying, waiting])).toBeGreaterThan(4000)
          }
        }
        const { revision } = cluster.api.etcd
        cluster.runFor(20_000)
        const attempts = cluster.api.list('events').filter((one: any) => one.reason === 'FailedScheduling')
        expect(attempts.every((one: any) => one.count < 100)).toBe(true)
        expect(cluster.api.etcd.revision - revision).toBeLessThan(50)
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  test('saving, restoring and going on equals going on, between any two tasks', () => {
    fc.assert(
      fc.property(
        fc.array(wish, { minLength: 3, maxLength: 15 }),
        fc.integer({ min: 1, max: 400 }),
        (wishes, tasks) => {
          const cluster = press(wishes)
          for (let i = 0; i < tasks; i++) cluster.clock.step()
          const twin = Cluster.restore(parseSnapshot(saved(cluster)))
          expect(saved(twin)).toBe(saved(cluster))
          cluster.runFor(30_000)
          twin.runFor(30_000)
          expect(saved(twin)).toBe(saved(cluster))
        },
      ),
      { numRuns: 25 },
    )
  }, 60_000)
})
