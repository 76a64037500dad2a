import { describe, expect, test } from 'vitest'
import { handleDisruption, takeToken, zoneState, type Zones } from './zones.ts'

describe('a zone’s state', () => {
  test.each([
    [3, 0, 'Normal'],
    [0, 1, 'FullDisruption'],
    [1, 2, 'Normal'],
    [2, 3, 'PartialDisruption'],
    [3, 3, 'Normal'],
    [0, 0, 'Normal'],
  ])('%i ready and %i not: %s', (ready, notReady, state) => expect(zoneState({ ready, notReady })).toBe(state))
})

describe('the rate at which nodes are given up', () => {
  const counts = (zones: Record<string, readonly [number, number]>) =>
    new Map(Object.entries(zones).map(([name, [ready, notReady]]) => [name, { ready, notReady }]))
  const normal: Zones = { a: { state: 'Normal', qps: 0.1, tokenAt: 0 }, b: { state: 'Normal', qps: 0.1, tokenAt: 0 } }
  const stopped: Zones = {
    a: { state: 'FullDisruption', qps: 0, tokenAt: 0 },
    b: { state: 'FullDisruption', qps: 0, tokenAt: 0 },
  }

  test.each([
    ['one in ten seconds in a healthy zone', normal, { a: [9, 1], b: [3, 0] }, [0.1, 0.1], 'goes on'],
    ['none in a small zone in trouble', normal, { a: [2, 5], b: [3, 0] }, [0, 0.1], 'goes on'],
    ['one in a hundred seconds in a large one', normal, { a: [20, 31], b: [3, 0] }, [0.01, 0.1], 'goes on'],
    ['a zone that is wholly lost keeps the usual rate', normal, { a: [0, 5], b: [3, 0] }, [0.1, 0.1], 'goes on'],
    ['none when all zones are lost', normal, { a: [0, 5], b: [0, 3] }, [0, 0], 'stops'],
    ['none while they stay so', stopped, { a: [0, 5], b: [0, 3] }, [0, 0], 'goes on'],
    ['the usual one when the first is back', stopped, { a: [1, 1], b: [0, 3] }, [0.1, 0.1], 'resumes'],
  ] as const)('%s', (_name, before, zones, rates, what) => {
    const handled = handleDisruption(before, counts(zones), 1000)
    expect([handled.zones.a!.qps, handled.zones.b!.qps]).toEqual(rates)
    expect(handled.stops ? 'stops' : handled.resumes ? 'resumes' : 'goes on').toBe(what)
    if (what === 'resumes') expect(takeToken(handled.zones.a!, 1000), 'it waits a turn').toBeUndefined()
  })

  test('a token is there again after ten seconds', () => {
    const after = takeToken(normal.a!, 0)!
    expect(takeToken(after, 9_999)).toBeUndefined()
    expect(takeToken(after, 10_000)).toBeDefined()
  })
})
