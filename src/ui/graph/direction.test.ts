import { expect, test } from 'vitest'
import { nearestInDirection, type Direction } from './direction.ts'

const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 })
//  a b .
//  c d e
//  . . f
const grid = [
  ['a', box(0, 0)],
  ['b', box(20, 0)],
  ['c', box(0, 20)],
  ['d', box(20, 20)],
  ['e', box(40, 20)],
  ['f', box(40, 40)],
] as const

const from = (name: string) => grid.find(([each]) => each === name)![1]

test.each([
  ['a', 'right', 'b'],
  ['a', 'down', 'c'],
  ['b', 'right', 'e'],
  ['d', 'right', 'e'],
  ['e', 'left', 'd'],
  ['f', 'up', 'e'],
  ['f', 'left', 'd'],
  ['a', 'left', undefined],
  ['e', 'right', undefined],
] as const)('from %s to the %s: %s', (start, direction: Direction, found) => {
  expect(nearestInDirection(from(start), direction, grid)).toBe(found)
})

test('what is far but straight ahead comes before what is near but aside', () => {
  const boxes = [
    ['aside', box(20, 26)],
    ['ahead', box(50, 0)],
  ] as const
  expect(nearestInDirection(box(0, 0), 'right', boxes)).toBe('ahead')
})
