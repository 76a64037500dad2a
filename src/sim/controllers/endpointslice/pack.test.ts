import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pack } from './pack.ts'

const endpointsOf = (names: string) => [...names].map((uid) => ({ addresses: [uid], targetRef: { uid } }))
const namesOf = (endpoints: readonly any[]) => endpoints.map(({ targetRef }) => targetRef.uid).join('')

describe('endpoints in slices of at most four', () => {
  test.each([
    ['the first ones fill new slices', [], 'abcdef', ['abcd', 'ef']],
    ['those that are gone leave the others where they are', ['abcd', 'efgh'], 'abdefgh', ['abd', 'efgh']],
    ['a slice that changes anyway is filled up', ['abcd', 'ef'], 'abdefx', ['abdx', 'ef']],
    ['of those that change, the fullest first', ['abc', 'defg'], 'adefxy', ['ay', 'defx']],
    ['what is new goes where it makes a slice fullest', ['a', 'bc'], 'abcxy', ['a', 'bcxy']],
    ['what fits nowhere as a whole gets a slice of its own', ['abc', 'def'], 'abcdefxy', ['abc', 'def', 'xy']],
    ['a slice without endpoints comes out empty', ['ab', 'cd'], 'ab', ['ab', '']],
  ])('%s', (_name, before, wanted, after) => {
    const slices = before.map((names) => ({ endpoints: endpointsOf(names) }))
    const packed = pack(endpointsOf(wanted), slices, 4)
    expect(packed.map(({ endpoints }) => namesOf(endpoints))).toEqual(after)
    expect(packed.map(({ slice }) => slice)).toEqual([...slices, ...after.slice(before.length).map(() => undefined)])
    for (const { slice, endpoints, changed } of packed)
      expect(changed).toBe(slice === undefined || namesOf(slice.endpoints) !== namesOf(endpoints))
  })

  test('whatever was there: each wanted endpoint once, no slice too large', () => {
    const letters = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { maxLength: 16 })
    fc.assert(
      fc.property(letters, letters, fc.integer({ min: 1, max: 6 }), (before, wanted, size) => {
        const slices: { endpoints: any[] }[] = []
        for (let from = 0; from < before.length; from += size)
          slices.push({ endpoints: endpointsOf(before.slice(from, from + size).join('')) })
        const packed = pack(endpointsOf(wanted.join('')), slices, 6)
        const all = packed.flatMap(({ endpoints }) => endpoints.map(({ targetRef }) => targetRef.uid))
        expect(all.sort()).toEqual([...wanted].sort())
        expect(Math.max(0, ...packed.map(({ endpoints }) => endpoints.length))).toBeLessThanOrEqual(6)
        const again = pack(endpointsOf(wanted.join('')), packed.filter(({ endpoints }) => endpoints.length) as any, 6)
        expect(again.some(({ changed }) => changed)).toBe(false)
      }),
    )
  })
})
