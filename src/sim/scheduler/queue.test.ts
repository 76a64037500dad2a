import { describe, expect, test } from 'vitest'
import { SchedulingQueue, type QueuedPod } from './queue.ts'

const entry = (key: string, more: Partial<QueuedPod> = {}) => ({
  key,
  uid: key,
  priority: 0,
  at: 0,
  attempts: 0,
  state: 'active' as const,
  backoffUntil: 0,
  plugins: [],
  cause: 0,
  ...more,
})

/** The keys in the order in which they are taken. */
function taken(queue: SchedulingQueue): string[] {
  const keys: string[] = []
  for (let pod = queue.pop(); pod; pod = queue.pop()) keys.push(pod.key)
  return keys
}

function queueOf(...pods: ReturnType<typeof entry>[]): SchedulingQueue {
  const queue = new SchedulingQueue()
  for (const pod of pods) queue.put(pod)
  return queue
}

describe('who is next', () => {
  const backoff = { state: 'backoff' as const, backoffUntil: 5000 }
  test.each<[string, Partial<QueuedPod>[], string[]]>([
    [
      'the more important, then the one that waits longest',
      [{ at: 2 }, { at: 1 }, { at: 3, priority: 5 }],
      ['2', '1', '0'],
    ],
    ['one that backs off only when nobody else is left', [{ ...backoff, priority: 9 }, {}], ['1', '0']],
    [
      'of those that back off, the one whose time is up first',
      [backoff, { ...backoff, backoffUntil: 4000 }],
      ['1', '0'],
    ],
    ['one that failed for something else backs off to its end', [{ ...backoff, afterError: true }, {}], ['1']],
    ['those that wait for a change stay', [{ state: 'unschedulable' }, { state: 'gated' }], []],
  ])('%s', (_name, pods, expected) => {
    const queue = queueOf(...pods.map((pod, index) => entry(String(index), pod as object)))
    const restored = new SchedulingQueue()
    restored.restore(queue.snapshot())
    expect(queue.hasReady()).toBe(expected.length > 0)
    expect(taken(queue)).toEqual(expected)
    expect(taken(restored)).toEqual(expected)
  })

  test('one that is put back in another state is not taken from its old place', () => {
    const queue = queueOf(entry('a'), entry('b'))
    queue.put(entry('a', { state: 'unschedulable' }) as ReturnType<typeof entry>)
    expect(taken(queue)).toEqual(['b'])
  })
})

describe('a change', () => {
  const waiting = (plugins: string[]) => entry('p', { state: 'unschedulable', plugins, backoffUntil: 3000 } as object)
  test.each([
    ['wakes those whom it helps', true, ['p']],
    ['leaves those whom it does not help', false, []],
  ])('%s', (_name, helps, expected) => {
    const queue = queueOf(waiting(['Fit']), entry('q', { state: 'gated' } as object))
    expect(queue.moveOn(() => helps, 1000, 7).map(({ key, state }) => `${key} ${state}`)).toEqual(
      expected.map((key) => `${key} backoff`),
    )
    expect(taken(queue)).toEqual(expected)
  })
})

test.each([
  [1, 1000],
  [2, 2000],
  [4, 8000],
  [5, 10_000],
  [50, 10_000],
])('after %i attempts a pod backs off for %i ms', (attempts, expected) => {
  expect(queueOf().backoffMs(attempts)).toBe(expected)
})
