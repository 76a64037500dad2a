import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Clock, type Task } from './clock.ts'

function clockWith(...actors: string[]) {
  const clock = new Clock(1_000_000)
  const ran: string[] = []
  const note = (payload: any, task: Task) => void ran.push(`${clock.now()} ${task.actor} ${payload}`)
  for (const actor of actors) clock.register(actor, note)
  return { clock, ran }
}

describe('the virtual clock', () => {
  test('runs tasks by their due time, ties in the order they were scheduled', () => {
    const { clock, ran } = clockWith('a', 'b')
    clock.schedule('a', 20, 'late')
    clock.schedule('b', 10, 'first')
    clock.schedule('a', 10, 'second')
    clock.runFor(100)
    expect(ran).toEqual(['10 b first', '10 a second', '20 a late'])
    expect(clock.now()).toBe(100)
    expect(clock.wall()).toBe(1_000_100)
  })

  test('runs up to and including the moment asked for, no further', () => {
    const { clock, ran } = clockWith('a')
    clock.schedule('a', 10, 'on time')
    clock.schedule('a', 11, 'later')
    clock.runFor(10)
    expect(ran).toEqual(['10 a on time'])
    expect(clock.nextDue()).toBe(11)
  })

  test.each([
    ['a fraction is rounded up', 1.2, 2],
    ['a negative delay is none', -5, 0],
  ])('%s', (_name, delay, due) => {
    const { clock } = clockWith('a')
    expect(clock.dueOf(clock.schedule('a', delay, null))).toBe(due)
  })

  test('a cancelled task does not run, and cancelling twice does nothing', () => {
    const { clock, ran } = clockWith('a')
    const id = clock.schedule('a', 5, 'never')
    clock.schedule('a', 6, 'yes')
    clock.cancel(id)
    clock.cancel(id)
    expect(clock.nextForegroundDue()).toBe(6)
    clock.runFor(10)
    expect(ran).toEqual(['6 a yes'])
    expect(clock.nextForegroundDue()).toBeUndefined()
  })

  test('housekeeping is nothing to skip to', () => {
    const { clock } = clockWith('a')
    clock.schedule('a', 5, 'beat', { background: true })
    expect([clock.nextDue(), clock.nextForegroundDue()]).toEqual([5, undefined])
    clock.schedule('a', 50, 'work')
    expect([clock.nextDue(), clock.nextForegroundDue()]).toEqual([5, 50])
  })

  test('what a task schedules inherits its cause; nothing is left of it afterwards', () => {
    const clock = new Clock(0)
    const causes: number[] = []
    clock.register('a', (payload, task) => {
      causes.push(task.cause)
      if (payload === 'again') clock.schedule('a', 1, 'last')
    })
    clock.schedule('a', 1, 'again', { cause: 7 })
    clock.runFor(10)
    expect(causes).toEqual([7, 7])
    expect([clock.cause, clock.actor]).toEqual([0, ''])
  })

  test('a prefix handles the actors that have no handler of their own; a task of nobody is dropped', () => {
    const { clock, ran } = clockWith('node/special')
    clock.registerPrefix('node', (payload) => void ran.push(`prefix ${payload}`))
    clock.schedule('node/special', 1, 'own')
    clock.schedule('node/other', 2, 'shared')
    clock.schedule('gone', 3, 'nobody')
    clock.runFor(5)
    expect(ran).toEqual(['1 node/special own', 'prefix shared'])
  })

  test('an actor can be registered once', () => {
    const { clock } = clockWith('a')
    expect(() => clock.register('a', () => {})).toThrow('registered twice')
  })

  test('whatever is scheduled and cancelled, a restored clock goes on as the first one would', () => {
    const step = fc.record({ delay: fc.nat(50), cancel: fc.boolean(), run: fc.nat(20) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, ran } = clockWith('a')
        steps.forEach(({ delay, cancel, run }, index) => {
          const id = clock.schedule('a', delay, index)
          if (cancel) clock.cancel(id)
          clock.runFor(run)
        })
        const twin = clockWith('a')
        twin.clock.restore(JSON.parse(JSON.stringify(clock.snapshot())))
        const before = ran.length
        clock.runFor(100)
        twin.clock.runFor(100)
        expect(twin.ran).toEqual(ran.slice(before))
        expect(twin.clock.snapshot()).toEqual(clock.snapshot())
      }),
      { numRuns: 50 },
    )
  })

  test('a thousand cancelled tasks do not stay behind', () => {
    const { clock, ran } = clockWith('a')
    for (let i = 0; i < 5000; i++) clock.cancel(clock.schedule('a', i, i))
    clock.schedule('a', 3, 'kept')
    expect(clock.snapshot().tasks).toHaveLength(1)
    clock.runFor(10)
    expect(ran).toEqual(['3 a kept'])
  })
})
