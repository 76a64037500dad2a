import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { duplicateFields, keyOffsets } from './json-duplicates.ts'
import { yamlDuplicates } from './yaml-duplicates.ts'
import { readYaml } from './yaml.ts'

describe('keys that come twice in JSON', () => {
  test.each<[string, string[]]>([
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":2,"a":3}', ['duplicate field "a"']],
    ['{"data":{"a":"1","b":"\\"a\\"","a":"2"}}', ['duplicate field "data.a"']],
    ['{"l":[{"x":1},{"x":1,"x":2}]}', ['duplicate field "l[1].x"']],
    ['{"a":{"a":1},"b":{"a":1}}', []],
    ['[[{"k":1,"k":2}],{"k":1}]', ['duplicate field "[0][0].k"']],
    ['{"a\\u0062":1,"ab":2}', ['duplicate field "ab"']],
    ['{"a":"{\\"b\\":1,\\"b\\":2}"}', []],
  ])('%s', (text, expected) => {
    expect(duplicateFields(text)).toEqual(expected)
  })

  test('what JSON.stringify writes has none, and every key has its place', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = JSON.stringify(value)
        expect(duplicateFields(text)).toEqual([])
        for (const [, [at]] of keyOffsets(text)) expect(text[at!]).toBe('"')
      }),
    )
  })
})

test('keys that come twice in YAML, with their lines', () => {
  const text = 'a: 1\nm:\n  x: 1\n  # twice\n  x: 2\nl:\n- {y: 1, y: 2}\n- y: 3\na: 4\n'
  expect(yamlDuplicates(text, 1)).toEqual([
    'line 5: key "x" already set in map',
    'line 7: key "y" already set in map',
    'line 9: key "a" already set in map',
  ])
  expect(readYaml(text, { tolerant: true })[0]).toMatchObject({
    value: { a: 4, m: { x: 2 } },
    duplicates: { length: 3 },
  })
  expect(readYaml(text)[0]!.error?.message).toContain('duplicated')
})
