import { expect, test } from 'vitest'
import { clockText, durationText, momentText } from './time-text.ts'

test.each([
  [0, ['00:00:00', '000']],
  [401_320, ['00:06:41', '320']],
  [3_600_000 * 30 + 5.9, ['30:00:00', '005']],
])('the clock at %d ms', (ms, text) => {
  expect(clockText(ms)).toEqual(text)
})

test.each([
  [0, '0:00'],
  [401_320, '6:41'],
  [4_001_000, '1:06:41'],
])('a moment at %d ms', (ms, text) => {
  expect(momentText(ms)).toBe(text)
})

test.each([
  [79.6, '80 ms'],
  [2_100, '2.1 s'],
  [252_000, '4 m 12 s'],
  [11_100_000, '3 h 5 m'],
])('a duration of %d ms', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
