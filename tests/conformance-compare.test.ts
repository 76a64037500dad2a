import { describe, expect, it } from 'vitest'
import { firstDifference, permutations, renameNodes } from '../scripts/conformance/compare.ts'
import { Normaliser } from '../scripts/conformance/normalise.ts'
import { dig, pick, unordered } from '../scripts/conformance/paths.ts'
import { timelinePair } from '../scripts/conformance/steps-kubelet.ts'

const recorded = {
  code: 201,
  object: { kind: 'Pod', spec: { containers: [{ name: 'c', image: 'c:1' }] }, status: { phase: 'Pending' } },
}
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('firstDifference', () => {
  it('finds none between equal answers, whatever the order of their keys', () => {
    expect(
      firstDifference(recorded, {
        object: { status: { phase: 'Pending' }, spec: copy(recorded.object.spec), kind: 'Pod' },
        code: 201,
      }),
    ).toBeUndefined()
  })

  it.each<[string, (answer: any) => void, string]>([
    ['a changed number', (answer) => (answer.code = 200), 'code: expected 201, got 200'],
    [
      'a changed text',
      (answer) => (answer.object.spec.containers[0].image = 'c:2'),
      'object.spec.containers[0].image: ',
    ],
    ['a field too few', (answer) => delete answer.object.status.phase, 'object.status.phase: missing "Pending"'],
    ['a field too many', (answer) => (answer.object.status.reason = 'x'), 'object.status.reason: not expected "x"'],
    ['an item too few', (answer) => answer.object.spec.containers.pop(), 'object.spec.containers[0]: missing '],
    [
      'an item too many',
      (answer) => answer.object.spec.containers.push({}),
      'object.spec.containers[1]: not expected {}',
    ],
    [
      'null for a value',
      (answer) => (answer.object.status.phase = null),
      'object.status.phase: expected "Pending", got null',
    ],
    ['a number for a text', (answer) => (answer.object.kind = 5), 'object.kind: expected "Pod", got 5'],
  ])('finds %s', (_name, change, difference) => {
    const answer = copy(recorded)
    change(answer)
    expect(firstDifference(recorded, answer)).toContain(difference)
  })

  it('lets the count of a retried event be off by jitter, and of nothing else', () => {
    const event = { reason: 'BackOff', count: 5 }
    expect(firstDifference(event, { reason: 'BackOff', count: 6 })).toBeUndefined()
    expect(firstDifference(event, { reason: 'BackOff', count: 50 })).toBeDefined()
    expect(firstDifference({ reason: 'Scheduled', count: 1 }, { reason: 'Scheduled', count: 2 })).toBeDefined()
    expect(firstDifference({ count: 5 }, { count: 6 })).toBeDefined()
  })

  it('folds runs of blanks in what a console shows, and nothing else', () => {
    expect(firstDifference('NAME   AGE\na      1\n', 'NAME AGE\na  1\n')).toBeUndefined()
    expect(firstDifference('NAME   AGE\na      1\n', 'NAME AGE\na  2\n')).toBeDefined()
    expect(firstDifference('a  b', 'a b')).toBeDefined()
  })
})

describe('renameNodes', () => {
  it('swaps whole names only', () => {
    const names = new Map([
      ['node-1', 'node-2'],
      ['node-2', 'node-1'],
    ])
    expect(renameNodes(['to node-1', 'node-10', 'node-2'], names)).toEqual(['to node-2', 'node-10', 'node-1'])
  })

  it('has all orders to try', () => expect([...permutations(['a', 'b', 'c'])]).toHaveLength(6))
})

describe('Normaliser', () => {
  it('takes out what no two clusters share and keeps the rest', () => {
    const normaliser = new Normaliser({ area: 'api', source: 'addresses 10.96.1.1 stay' })
    normaliser.learn({
      kind: 'Pod',
      metadata: { generateName: 'web-5d4f-', name: 'web-5d4f-abcde', labels: { 'pod-template-hash': '5d4f' } },
    })
    const pod = {
      metadata: {
        name: 'web-5d4f-abcde',
        uid: '6f1b1e0c-8a7e-4a52-a2a6-0f3d4b2c1d11',
        resourceVersion: '12',
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { clusterIP: '10.96.1.2', nodePort: 31000 },
      status: { startTime: '2026-01-01T00:00:00Z', phase: 'Running' },
    }
    expect(normaliser.value(pod)).toEqual({
      metadata: { name: 'web-<H1>-<rand>' },
      spec: { clusterIP: '<ip>', nodePort: '<nodePort>' },
      status: { startTime: '<time>', phase: 'Running' },
    })
    expect(normaliser.value({ clusterIP: '10.96.1.1' })).toEqual({ clusterIP: '10.96.1.1' })
  })
})

describe('paths', () => {
  const object = {
    a: {
      'b.c': 1,
      list: [
        { k: 'x', v: 1 },
        { k: 'y', v: 2 },
      ],
    },
  }
  it.each([
    ["a['b.c']", 1],
    ['a.list[1].v', 2],
    ['a.list[k=y].v', 2],
    ['a.list.length', 2],
    ['a.list.k', ['x', 'y']],
    ['a.none', undefined],
  ])('%s', (path, expected) => expect(dig(object, path)).toEqual(expected))
  it('leaves out what is not there', () =>
    expect(pick(object, ['a.none', 'a.list.length'])).toEqual({ 'a.list.length': 2 }))
  it('sorts every array of an answer without order', () =>
    expect(unordered({ a: [2, 1, [4, 3]] })).toEqual({ a: [1, 2, [3, 4]] }))
})

describe('timelinePair', () => {
  const running = { pod: 'p', phase: 'Running', containers: [{ name: 'c', state: { running: {} } }] }
  const timelineOf = (...snapshots: object[]) => ({ snapshots, events: [] })
  const pairOf = (left: object, right: object) => timelinePair(left, right)

  it('ignores times, crash loop waits and states that hardly lived', () => {
    const waiting = {
      pod: 'p',
      phase: 'Running',
      containers: [{ name: 'c', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    }
    const brief = { pod: 'p', phase: 'Pending' }
    const recorded = timelineOf({ t: 1, ...brief }, { t: 1, ...running }, { t: 4, ...waiting })
    const { expected, actual } = pairOf(recorded, timelineOf({ t: 2, ...running }))
    expect(actual).toEqual(expected)
  })

  it.each([
    ['a state that differs', timelineOf({ t: 1, ...running, phase: 'Failed' })],
    ['a state that is missing', timelineOf()],
    ['a state too many', timelineOf({ t: 1, ...running }, { t: 3, ...running, phase: 'Failed' })],
    ['an event too many', { ...timelineOf({ t: 1, ...running }), events: [{ reason: 'Killing', object: 'Pod/p' }] }],
    ['a pod too many', timelineOf({ t: 1, ...running }, { t: 1, ...running, pod: 'q' })],
  ])('sees %s', (_name, other) => {
    const { expected, actual } = pairOf(timelineOf({ t: 1, ...running }), other)
    expect(actual).not.toEqual(expected)
  })
})
