import { expect, test } from 'vitest'
import type { Lane, LaneTone } from '../../bridge/protocol.ts'
import { hasNews, rowsOf, shortName } from './rows.ts'

const lane = (key: string, ...tones: LaneTone[]): Lane => ({
  resource: 'nodes',
  key,
  stretches: tones.map((tone, index) => ({ from: index * 1000, tone })),
})

test('a few have a line each, in order', () => {
  expect(rowsOf([lane('b', 'ok'), lane('a', 'ok')], 2).map(({ id }) => id)).toEqual(['nodes b', 'nodes a'])
})

test('of many, those with the newest news have their own, and the rest share one', () => {
  const lanes = [
    lane('a', 'ok'),
    lane('b', 'ok', 'warn'),
    lane('c', 'ok'),
    lane('d', 'ok', 'ok', 'fail'),
    lane('e', 'warn'),
  ]
  expect(rowsOf(lanes, 3).map(({ id, count }) => [id, count])).toEqual([
    ['nodes b', 1],
    ['nodes d', 1],
    ['nodes rest', 3],
  ])
})

test('says whose name is needed', () => {
  expect(rowsOf([lane('a', 'progress', 'ok'), lane('b', 'ok', 'fail')], 5).map(hasNews)).toEqual([false, true])
})

test('cuts the middle of a name', () => {
  expect(shortName('shop/checkout-6f7d9c8b5d-x2k9p')).toBe('checkout…-x2k9p')
})
