import { describe, expect, test } from 'vitest'
import { moved, ticksOf, wholeRange, zoomed } from './axis.ts'

const whole = { from: 0, to: 600_000 }

describe('the axis', () => {
  test('shows a minute at least, and a little more than there is', () => {
    expect([wholeRange(10_000).to, Math.round(wholeRange(1_000_000).to)]).toEqual([60_000, 1_080_000])
  })

  test.each([
    [{ from: 0, to: 60_000 }, [0, 10, 20, 30, 40, 50]],
    [{ from: 61_000, to: 67_000 }, [61, 62, 63, 64, 65, 66]],
    [{ from: 0, to: 1_000_000 }, [0, 120, 240, 360, 480, 600, 720, 840, 960]],
  ])('has round ticks, %o', (range, seconds) => {
    expect(ticksOf(range)).toEqual(seconds.map((each) => each * 1000))
  })

  test('keeps the moment under the pointer while it is scaled', () => {
    const near = zoomed(whole, 300_000, 0.5, whole)!
    expect(near).toEqual({ from: 150_000, to: 450_000 })
    expect((300_000 - near.from) / (near.to - near.from)).toBe(0.5)
  })

  test('never leaves what there is', () => {
    expect(zoomed(whole, 0, 2, whole)).toBeNull()
    expect(moved({ from: 0, to: 100_000 }, -50_000, whole)).toEqual({ from: 0, to: 100_000 })
    expect(moved({ from: 0, to: 100_000 }, 900_000, whole)).toEqual({ from: 500_000, to: 600_000 })
  })
})
