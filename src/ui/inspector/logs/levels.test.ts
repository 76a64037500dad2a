import { expect, test } from 'vitest'
import { levelOf, matchesIn, piecesOf } from './levels.ts'

test.each([
  ['E0102 03:04:05.678 controller.go:1] sync failed', 'error'],
  ['time=1 level=error msg="no"', 'error'],
  ['{"level":"error","msg":"no"}', 'error'],
  ['2026/01/01 [ERROR] upstream gone', 'error'],
  ['ERROR: something went wrong', 'error'],
  ['W0102 03:04:05 slow', 'warn'],
  ['warn: slow 5', 'warn'],
  ['level=info no errors so far', ''],
  ['GET /errors 200', ''],
])('%s: %s', (line, level) => {
  expect(levelOf(line)).toBe(level)
})

test('what is searched for is found whatever its case, and the rest is kept', () => {
  expect(piecesOf('Error, error!', 'error')).toEqual(['', 'Error', ', ', 'error', '!'])
  expect(piecesOf('plain', 'x').join('')).toBe('plain')
  expect(matchesIn([{ text: 'a' }, { text: 'B' }, { text: 'ab' }], 'b')).toEqual([1, 2])
})
