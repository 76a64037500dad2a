import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { handleOf, nodeOf, podWith } from '../../../testing/scheduling.ts'
import { runCycle } from '../../framework/cycle.ts'
import { podInfoOf } from '../../framework/pod-info.ts'
import { runPostFilters } from '../../framework/post-filter.ts'
import { defaultPlugins } from '../registry.ts'

const now = Date.parse('2026-02-01T00:00:00Z')

interface There {
  readonly cpu?: string
  readonly priority?: number
  readonly startTime?: string
  readonly labels?: Record<string, string>
  readonly spec?: object
  readonly deleting?: 'preempted' | 'otherwise'
}

/** A pod on a node of 4 CPUs. */
function on(
  nodeName: string,
  name: string,
  { cpu = '2', priority = 0, startTime, labels, spec, deleting }: There = {},
) {
  const pod: any = podWith(name, { cpu }, { nodeName, priority, ...spec })
  const reason = deleting === 'preempted' ? 'PreemptionByScheduler' : 'EvictionByEvictionAPI'
  return {
    ...pod,
    metadata: { ...pod.metadata, labels, ...(deleting && { deletionTimestamp: '2026-01-31T23:59:50Z' }) },
    status: { startTime, conditions: deleting ? [{ type: 'DisruptionTarget', status: 'True', reason }] : [] },
  } as KubeObject
}

const incoming = (cpu: string, spec = {}, status = {}) =>
  ({ ...podWith('incoming', { cpu }, { priority: 1000, ...spec }), status }) as KubeObject

const budget = (matchLabels: object, disruptionsAllowed: number, disruptedPods = {}) =>
  ({
    metadata: { name: 'budget', namespace: 'default' },
    spec: { selector: { matchLabels } },
    status: { disruptionsAllowed, disruptedPods },
  }) as unknown as KubeObject

/** `node: victims`, or what is said when nobody has to go. */
function rescue(pod: KubeObject, pods: readonly KubeObject[], budgets: readonly KubeObject[] = []): string {
  const names = [...new Set(pods.map(({ spec }) => spec.nodeName as string))].sort()
  const nodes = names.map((name) => nodeOf(name))
  const handle = handleOf({ nodes, pods, objects: { 'poddisruptionbudgets.policy': budgets } })
  const info = podInfoOf(pod)
  const result = runCycle(defaultPlugins, info, handle, 0)
  expect(result.feasible).toEqual([])
  const { nominate, message } = runPostFilters(defaultPlugins, { pod: info, ...result, now }, handle)
  if (!nominate) return message.replace('no new claims to deallocate, preemption: ', '')
  return `${nominate.node}: ${nominate.victims.map(({ pod: { metadata } }) => metadata.name).join(' ')}`
}

const web = { app: 'web' }
const anti = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: web }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
}
const near = { affinity: { podAffinity: anti.affinity.podAntiAffinity } }

describe('who has to go', () => {
  test.each<[string, KubeObject, KubeObject[], KubeObject[], string]>([
    ['all that is needed', incoming('4'), [on('n1', 'a'), on('n1', 'b')], [], 'n1: a b'],
    ['the least important is enough', incoming('2'), [on('n1', 'a', { priority: 5 }), on('n1', 'b')], [], 'n1: b'],
    [
      'of equal ones the youngest',
      incoming('2'),
      [
        on('n1', 'old', { startTime: '2026-01-01T00:00:00Z' }),
        on('n1', 'young', { startTime: '2026-01-02T00:00:00Z' }),
      ],
      [],
      'n1: young',
    ],
    ['a pod that repels it', incoming('1', anti), [on('n1', 'web', { labels: web })], [], 'n1: web'],
    [
      'those without a budget rather than those with one',
      incoming('2'),
      [on('n1', 'a', { labels: web, priority: 1 }), on('n1', 'b', { priority: 2 })],
      [budget(web, 0)],
      'n1: b',
    ],
    [
      'even the protected when there is no other way',
      incoming('4'),
      [on('n1', 'a', { labels: web, cpu: '4' })],
      [budget(web, 0)],
      'n1: a',
    ],
  ])('%s', (_name, pod, pods, budgets, expected) => expect(rescue(pod, pods, budgets)).toBe(expected))
})

describe('which node', () => {
  const full = (node: string, there: There) => on(node, `on-${node}`, { cpu: '4', ...there })
  test.each<[string, KubeObject[], KubeObject[], string]>([
    [
      'fewest broken budgets',
      [full('n1', { labels: web }), full('n2', { priority: 9 })],
      [budget(web, 0)],
      'n2: on-n2',
    ],
    [
      'a budget with room is not broken',
      [full('n1', { labels: web }), full('n2', { priority: 9 })],
      [budget(web, 1)],
      'n1: on-n1',
    ],
    [
      'what the API server has counted is not broken again',
      [full('n1', { labels: web }), full('n2', { priority: 9 })],
      [budget(web, 0, { 'on-n1': '2026-01-31T23:59:59Z' })],
      'n1: on-n1',
    ],
    ['least important worst victim', [full('n1', { priority: 9 }), full('n2', { priority: 8 })], [], 'n2: on-n2'],
    [
      'smallest sum of priorities',
      [
        on('n1', 'a', { priority: 5 }),
        on('n1', 'b', { priority: 4 }),
        on('n2', 'c', { priority: 5 }),
        on('n2', 'd', { priority: 1 }),
      ],
      [],
      'n2: c d',
    ],
    [
      'fewest victims, also of negative priority',
      [on('n1', 'a', { priority: -5 }), on('n1', 'b', { priority: -5 }), full('n2', { priority: -5 })],
      [],
      'n2: on-n2',
    ],
    [
      'whose victim started last',
      [full('n1', { startTime: '2026-01-01T00:00:00Z' }), full('n2', { startTime: '2026-01-02T00:00:00Z' })],
      [],
      'n2: on-n2',
    ],
  ])('%s', (_name, pods, budgets, expected) => expect(rescue(incoming('4'), pods, budgets)).toBe(expected))
})

describe('nobody goes', () => {
  const none = 'No preemption victims found for incoming pod'
  test.each<[string, KubeObject, KubeObject[], string]>([
    ['among equals', incoming('4'), [on('n1', 'a', { priority: 1000 })], `0/1 nodes are available: 1 ${none}.`],
    [
      'where it cannot help',
      incoming('5'),
      [on('n1', 'a')],
      '0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
    [
      'where it would not be enough',
      incoming('3'),
      [on('n1', 'a', { priority: 2000 }), on('n1', 'b'), on('n2', 'c', { priority: 2000 })],
      `0/2 nodes are available: 1 Insufficient cpu, 1 ${none}.`,
    ],
    [
      'whom it wants to be near',
      incoming('3', near),
      [on('n1', 'web', { labels: web })],
      "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.",
    ],
    [
      'for a pod that never preempts',
      incoming('4', { preemptionPolicy: 'Never' }),
      [on('n1', 'a')],
      'not eligible due to preemptionPolicy=Never.',
    ],
    [
      'while somebody is on the way out for it',
      incoming('4', {}, { nominatedNodeName: 'n1' }),
      [on('n1', 'a', { deleting: 'preempted' }), on('n2', 'b')],
      'not eligible due to a terminating pod on the nominated node.',
    ],
    [
      'except when he leaves for another reason',
      incoming('4', {}, { nominatedNodeName: 'n1' }),
      [on('n1', 'a', { deleting: 'otherwise' }), on('n2', 'b', { priority: -1 })],
      'n2: b',
    ],
  ])('%s', (_name, pod, pods, expected) => {
    expect(rescue(pod, pods)).toBe(expected)
  })
})
