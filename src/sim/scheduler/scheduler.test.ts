import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { milliValue, wholeValue } from '../../machinery/quantity.ts'
import type { Client } from '../client/client.ts'
import { createCluster, type Cluster } from '../cluster.ts'
import { testCluster, testMachine } from '../testing/scenario.ts'
import { podOf, podWith } from '../testing/scheduling.ts'
import { SchedulerCache } from './cache.ts'
import { podInfoOf } from './framework/pod-info.ts'

interface Wish {
  readonly milliCPU: number
  readonly memoryMi: number
  readonly pauseMs: number
  readonly gone: boolean
}

const wish: fc.Arbitrary<Wish> = fc.record({
  milliCPU: fc.integer({ min: 0, max: 2500 }),
  memoryMi: fc.integer({ min: 0, max: 3000 }),
  pauseMs: fc.constantFrom(0, 1, 3, 2000),
  gone: fc.boolean(),
})
const wishes = fc.array(wish, { minLength: 1, maxLength: 25 })
const machines = fc.array(
  fc.record({
    milliCPU: fc.integer({ min: 500, max: 4000 }),
    memoryMi: fc.integer({ min: 1000, max: 8000 }),
    maxPods: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
)
const mebibyte = 1024 * 1024

type Sizes = readonly { milliCPU: number; memoryMi: number; maxPods: number }[]

/** Pods come, and some of those before them go. */
function run(sizes: Sizes, pods: readonly Wish[], seed = 1): Cluster {
  const cluster = createCluster({
    seed,
    machines: sizes.map(({ milliCPU, memoryMi, maxPods }, index) =>
      testMachine(`node-${index}`, { milliCPU, memoryBytes: memoryMi * mebibyte, maxPods }),
    ),
  })
  cluster.runFor(3000)
  pods.forEach(({ milliCPU, memoryMi, pauseMs, gone }, index) => {
    cluster.api.create('pods', podWith(`p${index}`, { cpu: `${milliCPU}m`, memory: `${memoryMi}Mi` }))
    cluster.runFor(pauseMs)
    if (gone && index % 2 === 1) cluster.api.delete('pods', `default/p${index - 1}`, { gracePeriodSeconds: 0 })
  })
  return cluster
}

const choices = (cluster: Cluster) =>
  cluster.api.list('pods').map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName ?? '-'}`)

/** What is free on each node, after what is asked for there. */
function left(cluster: Cluster) {
  return cluster.api.list('nodes').map(({ metadata, status }) => {
    const there = cluster.api
      .list('pods')
      .filter((pod) => pod.spec.nodeName === metadata.name)
      .map((pod) => podInfoOf(pod).requests)
    return {
      milliCPU: milliValue(status.allocatable.cpu) - there.reduce((sum, one) => sum + one.milliCPU, 0),
      memory: wholeValue(status.allocatable.memory) - there.reduce((sum, one) => sum + one.memory, 0),
      pods: Number(status.allocatable.pods) - there.length,
    }
  })
}

describe('whatever is asked of it', () => {
  test('no node is promised twice, and no pod waits that has a place', () => {
    fc.assert(
      fc.property(machines, wishes, (sizes, pods) => {
        const cluster = run(sizes, pods)
        cluster.runFor(60_000)
        const free = left(cluster)
        for (const { milliCPU, memory, pods } of free)
          expect(Math.min(milliCPU, memory, pods)).toBeGreaterThanOrEqual(0)
        for (const pod of cluster.api.list('pods').filter(({ spec }) => !spec.nodeName)) {
          const { requests } = podInfoOf(pod)
          const fitting = free.filter(
            (node) => node.milliCPU >= requests.milliCPU && node.memory >= requests.memory && node.pods >= 1,
          )
          expect(fitting, `${pod.metadata.name} waits`).toEqual([])
        }
      }),
      { numRuns: 40 },
    )
  })

  test('the same seed and pods give the same choices', () => {
    fc.assert(
      fc.property(machines, wishes, fc.nat(1000), (sizes, pods, seed) => {
        expect(choices(run(sizes, pods, seed))).toEqual(choices(run(sizes, pods, seed)))
      }),
      { numRuns: 15 },
    )
  })

  test('its cache, rebuilt, is what it was', () => {
    const shown = (cache: SchedulerCache) =>
      cache
        .nodes()
        .map((node) => [
          node.name,
          [...node.pods.keys()].sort(),
          node.requested,
          node.nonZeroMilliCPU,
          node.nonZeroMemory,
          node.allocatable,
          node.allowedPods,
          node.affinityPods,
        ])
    fc.assert(
      fc.property(machines, wishes, fc.nat(60), (sizes, pods, tasks) => {
        const cluster = run(sizes, pods)
        for (let i = 0; i < tasks; i++) cluster.clock.step()
        const { cache, client } = cluster.scheduler as unknown as { cache: SchedulerCache; client: Client }
        const fresh = new SchedulerCache(client)
        fresh.rebuild(cache.snapshot())
        expect(shown(fresh)).toEqual(shown(cache))
      }),
      { numRuns: 30 },
    )
  })
})

describe('a pod that has its place', () => {
  test('keeps what each plugin said of each node, and how it counted', () => {
    const cluster = testCluster(3)
    cluster.api.create('pods', podWith('busy', { cpu: '2' }))
    cluster.runFor(1000)
    const there = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-2'] }] }
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: there }] }
    cluster.api.create('pods', podWith('p', { cpu: '1' }, { affinity: { nodeAffinity } }))
    cluster.runFor(1000)
    const { node, nodes, weights } = cluster.scheduler.records.of('default/p')!
    expect(nodes).toHaveLength(3)
    expect(nodes[0]).toMatchObject({ node, total: Math.max(...nodes.map(({ total }) => total!)) })
    for (const { raw, normalised, scores, total } of nodes) {
      expect(Object.keys(raw!)).toEqual(Object.keys(weights!))
      for (const [plugin, weight] of Object.entries(weights!))
        expect(scores![plugin]).toBe(normalised![plugin]! * weight)
      expect(Object.values(scores!).reduce((sum, one) => sum + one, 0)).toBe(total)
    }
    const opinion = nodes.map(({ node, raw, normalised }) => [node, raw!['NodeAffinity'], normalised!['NodeAffinity']])
    expect(opinion.sort()).toEqual([
      ['node-1', 0, 0],
      ['node-2', 10, 100],
      ['node-3', 0, 0],
    ])
  })
})

describe('a pod that finds no place', () => {
  const conditionOf = (cluster: Cluster, name: string) =>
    cluster.api.get('pods', `default/${name}`).status.conditions.find((one: any) => one.type === 'PodScheduled')
  const full = () => {
    const cluster = testCluster(2)
    for (const name of ['a', 'b']) cluster.api.create('pods', podWith(name, { cpu: '3' }))
    cluster.runFor(1000)
    cluster.api.create('pods', podWith('late', { cpu: '2' }))
    cluster.runFor(5000)
    return cluster
  }

  test('says why, in the words of kube-scheduler', () => {
    expect(conditionOf(full(), 'late')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message:
        '0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    })
  })

  test('knows what would wake it', () => {
    const { wokenBy } = full().scheduler.records.of('default/late')!
    expect(wokenBy).toEqual(expect.arrayContaining(['nodes/ADDED', 'pods/DELETED']))
  })

  test.each<[string, (cluster: Cluster) => void]>([
    ['a pod goes', (cluster) => cluster.api.delete('pods', 'default/a', { gracePeriodSeconds: 0 })],
    ['a node comes', (cluster) => cluster.machines.add(testMachine('node-3'), 1000)],
  ])('gets one as soon as %s', (_name, help) => {
    const cluster = full()
    help(cluster)
    cluster.runFor(20_000)
    expect(cluster.api.get('pods', 'default/late').spec.nodeName).toBeDefined()
  })

  test('of higher priority comes first when there is room again', () => {
    const cluster = full()
    cluster.api.create('priorityclasses.scheduling.k8s.io', {
      metadata: { name: 'high' },
      value: 1000,
      preemptionPolicy: 'Never',
    })
    cluster.api.create('pods', podWith('urgent', { cpu: '2' }, { priorityClassName: 'high' }))
    cluster.runFor(5000)
    cluster.api.delete('pods', 'default/a', { gracePeriodSeconds: 0 })
    cluster.runFor(20_000)
    const has = (name: string) => cluster.api.get('pods', `default/${name}`).spec.nodeName !== undefined
    expect([has('urgent'), has('late')]).toEqual([true, true])
    const at = (name: string) => cluster.api.get('pods', `default/${name}`).status.startTime
    expect(at('urgent') <= at('late')).toBe(true)
  })

  test('with a gate is not looked at until the gate is gone', () => {
    const cluster = testCluster(1)
    cluster.api.create('pods', podOf('gated', { schedulingGates: [{ name: 'example.com/wait' }] }))
    cluster.runFor(600_000)
    expect(conditionOf(cluster, 'gated')).toMatchObject({ status: 'False', reason: 'SchedulingGated' })
    cluster.api.patch('pods', 'default/gated', { type: 'merge', patch: { spec: { schedulingGates: [] } } })
    cluster.runFor(5000)
    expect(cluster.api.get('pods', 'default/gated').spec.nodeName).toBe('node-1')
  })

  test('of another scheduler is left to it', () => {
    const cluster = testCluster(1)
    cluster.api.create('pods', podOf('theirs', { schedulerName: 'mine' }))
    cluster.runFor(60_000)
    expect(cluster.api.get('pods', 'default/theirs').spec.nodeName).toBeUndefined()
  })
})
