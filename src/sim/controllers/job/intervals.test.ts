import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  firstMissing,
  formatIntervals,
  hasIndex,
  merged,
  overlapOf,
  parseIntervals,
  totalOf,
  withIndexes,
} from './intervals.ts'

const indexes = fc.uniqueArray(fc.nat(60), { maxLength: 40 })

describe('completion indexes as text', () => {
  test.each([
    [[0], '0'],
    [[0, 1], '0,1'],
    [[0, 1, 2], '0-2'],
    [[7, 1, 3, 4, 5, 10, 9], '1,3-5,7,9,10'],
    [[], ''],
  ])('%j is %s', (of, text) => {
    expect(formatIntervals(withIndexes([], of))).toBe(text)
  })

  test.each([
    ['', 10, []],
    [
      '1,3-5',
      10,
      [
        { first: 1, last: 1 },
        { first: 3, last: 5 },
      ],
    ],
    ['1,2', 10, [{ first: 1, last: 2 }]],
    ['3-9,12', 5, [{ first: 3, last: 4 }]],
    [
      'x,2,3-y,4',
      10,
      [
        { first: 2, last: 2 },
        { first: 4, last: 4 },
      ],
    ],
  ])('%s of %i completions', (text, completions, intervals) => {
    expect(parseIntervals(text, completions)).toEqual(intervals)
  })

  test('what is written is read back, and every index is in it once', () => {
    fc.assert(
      fc.property(indexes, indexes, (some, others) => {
        const intervals = merged(withIndexes([], some), withIndexes([], others))
        const all = new Set([...some, ...others])
        expect(parseIntervals(formatIntervals(intervals), 100)).toEqual(intervals)
        expect(totalOf(intervals)).toBe(all.size)
        for (let index = 0; index <= 61; index++) expect(hasIndex(intervals, index)).toBe(all.has(index))
        const both = some.filter((index) => others.includes(index)).length
        expect(overlapOf(withIndexes([], some), withIndexes([], others))).toBe(both)
        const missing = Array.from({ length: 62 }, (_, index) => index).filter((index) => !all.has(index))
        expect(firstMissing(intervals, 5, 62)).toEqual(missing.slice(0, 5))
      }),
    )
  })
})
