import { describe, expect, test } from 'vitest'
import { Clock } from '../clock/clock.ts'
import { Workqueue } from './workqueue.ts'

/** A queue whose reconciles are written down as `time key`. `seen` is what the caches show. */
function setUp(reconcile: (key: string, queue: Workqueue) => void = () => {}) {
  const clock = new Clock(0)
  const queue = new Workqueue(clock, 'worker', 1)
  const ran: string[] = []
  let revision = 0
  const seen = () => revision
  clock.register('worker', (payload) => {
    if (payload.later !== undefined) return queue.arrived(payload.later)
    const item = queue.next(seen)
    if (!item) return
    ran.push(`${clock.now()} ${item.key}`)
    reconcile(item.key, queue)
  })
  const catchUp = (to: number) => {
    revision = to
    queue.unpark(seen)
  }
  return { clock, queue, ran, catchUp }
}

describe('the workqueue', () => {
  test('takes a key once, however often it is added', () => {
    const { clock, queue, ran } = setUp()
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key)
    expect(queue.depth).toBe(2)
    clock.runFor(10)
    expect(ran).toEqual(['1 a', '2 b'])
  })

  test('a key that is added while it is worked on comes once more', () => {
    let again = true
    const { clock, queue, ran } = setUp((key, queue) => {
      if (again) queue.add(key)
      again = false
    })
    queue.add('a')
    clock.runFor(10)
    expect(ran).toEqual(['1 a', '2 a'])
  })

  test('failures come back after 5 ms, doubling, until one succeeds', () => {
    let failures = 4
    const { clock, queue, ran } = setUp((key, queue) => {
      if (failures-- > 0) queue.addRateLimited(key)
      else queue.forget(key)
    })
    queue.add('a')
    clock.runFor(1000)
    const times = ran.map((one) => Number(one.split(' ')[0]))
    expect(times.slice(1).map((at, index) => at - times[index]!)).toEqual([6, 11, 21, 41])
    expect(queue.failuresOf('a')).toBe(0)
  })

  test('the longest wait after failures is 1000 seconds', () => {
    const { clock, queue } = setUp()
    for (let i = 0; i < 30; i++) {
      queue.addRateLimited('a')
      clock.runFor(2_000_000)
    }
    const before = clock.now()
    queue.addRateLimited('a')
    expect(clock.nextDue()! - before).toBe(1_000_000)
  })

  test.each([
    ['an earlier appointment stands', [10, 50], 11],
    ['an earlier one takes the place of a later one', [50, 10], 11],
  ])('%s, and the key comes once', (_name, delays, at) => {
    const { clock, queue, ran } = setUp()
    for (const delay of delays) queue.addAfter('a', delay)
    clock.runFor(200)
    expect(ran).toEqual([`${at} a`])
  })

  test('a key waits until the caches show what it wrote; others do not', () => {
    const { clock, queue, ran, catchUp } = setUp((key, queue) => {
      if (key === 'a') queue.wrote('a', new Map([['pods', 5]]))
    })
    queue.add('a')
    clock.runFor(5)
    queue.add('a')
    queue.add('b')
    clock.runFor(5)
    expect(ran).toEqual(['1 a', '6 b'])
    catchUp(4)
    clock.runFor(5)
    expect(ran).toHaveLength(2)
    catchUp(5)
    clock.runFor(5)
    expect(ran.slice(2)).toEqual(['16 a'])
  })

  test('while a key is busy, what happens to it is dealt with by one more reconcile afterwards', () => {
    const { clock, queue, ran } = setUp((key, queue) => queue.keepBusy(key, 100))
    queue.add('a')
    clock.runFor(10)
    queue.add('a')
    clock.runFor(10)
    queue.add('a')
    clock.runFor(300)
    expect(ran).toEqual(['1 a', '102 a'])
  })

  test('is data: restored in the middle of things it goes on the same', () => {
    const run = (cut: boolean) => {
      const first = setUp()
      first.queue.add('a')
      first.queue.addAfter('b', 20)
      first.queue.addRateLimited('c')
      first.queue.keepBusy('d', 30)
      first.queue.add('d')
      if (!cut) {
        first.clock.runFor(100)
        return first.ran
      }
      const second = setUp()
      second.clock.restore(JSON.parse(JSON.stringify(first.clock.snapshot())))
      second.queue.restore(JSON.parse(JSON.stringify(first.queue.snapshot())))
      second.clock.runFor(100)
      return second.ran
    }
    expect(run(true)).toEqual(run(false))
    expect(run(false)).toHaveLength(4)
  })
})
