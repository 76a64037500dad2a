import { describe, expect, it } from 'vitest'
import {
  addQuantities,
  bytesQuantity,
  canonicalQuantity,
  compareQuantities,
  milliValue,
  subtractQuantities,
  wholeValue,
} from './quantity.ts'

describe('canonicalQuantity', () => {
  it.each<[string | number, string]>([
    ['0.5', '500m'],
    [0.5, '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['512M', '512M'],
    ['1e6', '1e6'],
    ['1E3', '1e3'],
    ['1.5Gi', '1536Mi'],
    ['100Ki', '100Ki'],
    ['512Ki', '512Ki'],
    ['0.5Ki', '512'],
    ['1025', '1025'],
    ['1000', '1k'],
    ['123456789', '123456789'],
    ['0', '0'],
    ['-1', '-1'],
    ['+3', '3'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['10E', '9223372036854775807'],
    ['1E', '1E'],
  ])('%s is stored as %s', (text, stored) => expect(canonicalQuantity(text)).toBe(stored))

  it.each(['', 'abc', '1 Gi', '1KiB', '1gi', '--1', '1e', '.'])('%j is none', (text) =>
    expect(canonicalQuantity(text)).toBeUndefined(),
  )
})

it('compares across notations', () => {
  expect(compareQuantities('1Gi', '1073741824')).toBe(0)
  expect(compareQuantities('1G', '1Gi')).toBe(-1)
  expect(compareQuantities('0.1', '99m')).toBe(1)
})

it('adds and subtracts in the left notation', () => {
  expect(addQuantities('500m', '1')).toBe('1500m')
  expect(addQuantities('1Gi', '512Mi')).toBe('1536Mi')
  expect(subtractQuantities('2', '500m')).toBe('1500m')
})

it('rounds up where a unit is coarser than the value', () => {
  expect([milliValue('1500u'), wholeValue('1500m'), milliValue(undefined), bytesQuantity(8 * 2 ** 30)]).toEqual([
    2,
    2,
    0,
    '8Gi',
  ])
})
