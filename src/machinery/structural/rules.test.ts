import { describe, expect, test } from 'vitest'
import { evaluateRules } from './evaluate-rules.ts'
import type { JsonSchema, ValidationRule } from './json-schema.ts'

const text: JsonSchema = { type: 'string' }
const int: JsonSchema = { type: 'integer' }
const object = (properties: Record<string, JsonSchema>, ...rules: ValidationRule[]): JsonSchema => ({
  type: 'object',
  properties,
  ...(rules.length > 0 && { 'x-kubernetes-validations': rules }),
})
const ruled = (schema: JsonSchema, ...rules: (string | ValidationRule)[]): JsonSchema => ({
  ...schema,
  'x-kubernetes-validations': rules.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
})

function broken(schema: JsonSchema, value: unknown, old?: unknown): string[] {
  const root = object({ a: schema })
  const errors = evaluateRules(
    root,
    { metadata: { name: 'x' }, a: value },
    old === undefined ? undefined : { metadata: { name: 'x' }, a: old },
  )
  return errors.map(({ field, message }) => `${field}: ${message}`)
}

describe('rules of a schema', () => {
  test.each<[string, JsonSchema, unknown, string[]]>([
    ['a scalar is shown', ruled(int, 'self < 3'), 5, ['a: Invalid value: 5: failed rule: self < 3']],
    [
      'an object is not',
      ruled(object({ b: int }), { rule: 'self.b < 3', message: ' small ' }),
      { b: 5 },
      ['a: Invalid value: small'],
    ],
    [
      'the message may be worked out',
      ruled(int, { rule: 'self < 3', messageExpression: "'not ' + string(self)", message: 'm' }),
      5,
      ['a: Invalid value: 5: not 5'],
    ],
    [
      'what cannot be worked out falls back',
      ruled(int, { rule: 'self < 3', messageExpression: 'string(self / 0)', message: 'm' }),
      5,
      ['a: Invalid value: 5: m'],
    ],
    [
      'the reason makes the type',
      ruled(object({ b: int }), { rule: 'false', reason: 'FieldValueForbidden', fieldPath: '.b', message: 'm' }),
      {},
      ['a.b: Forbidden: m'],
    ],
    [
      'absent fields have no value',
      ruled(object({ b: int }), 'self.b < 3'),
      {},
      ['a: Invalid value: "object": no such key: b evaluating rule: self.b < 3'],
    ],
    [
      'names that CEL cannot write are escaped',
      ruled(object({ 'x-y': int, namespace: text }), "self.x__dash__y == 1 && self.__namespace__ == 'n'"),
      { 'x-y': 1, namespace: 'n' },
      [],
    ],
    [
      'maps have keys',
      ruled({ type: 'object', additionalProperties: int }, "self.all(k, k.startsWith('a') && self[k] > 0)"),
      { ab: 1, b: 2 },
      ["a: Invalid value: failed rule: self.all(k, k.startsWith('a') && self[k] > 0)"],
    ],
    [
      'items and values have rules of their own',
      { type: 'array', items: { type: 'object', additionalProperties: ruled(int, 'self > 0') } },
      [{ x: 1 }, { y: 0 }],
      ['a[1][y]: Invalid value: 0: failed rule: self > 0'],
    ],
    [
      'formats have types',
      ruled({ type: 'string', format: 'date-time' }, 'self.getFullYear() == 2026'),
      '2026-01-01T00:00:00Z',
      [],
    ],
    [
      'durations too',
      ruled({ type: 'string', format: 'duration' }, "self > duration('1m')"),
      '30s',
      ['a: Invalid value: "30s": failed rule: self > duration(\'1m\')'],
    ],
    ['numbers are doubles', ruled({ type: 'number' }, 'self * 1.5 == 3.0'), 2, []],
    [
      'int-or-string is either',
      ruled({ 'x-kubernetes-int-or-string': true }, "type(self) == int ? self > 1 : self == '50%'"),
      '50%',
      [],
    ],
    [
      'sets are equal in any order',
      ruled({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, "self == ['b', 'a']"),
      ['a', 'b'],
      [],
    ],
    ['a transition needs something before', ruled(int, 'self >= oldSelf'), 1, []],
    [
      'unless it says otherwise',
      ruled(int, { rule: 'oldSelf.hasValue() || self == 1', optionalOldSelf: true }),
      2,
      ['a: Invalid value: 2: failed rule: oldSelf.hasValue() || self == 1'],
    ],
    [
      'what costs too much ends it',
      ruled({ type: 'array', items: int }, 'self.all(a, self.all(b, self.all(c, a + b + c > 0)))', 'false'),
      Array.from({ length: 200 }, () => 1),
      [
        'a: Invalid value: "array": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, self.all(c, a + b + c > 0)))',
      ],
    ],
  ])('%s', (_what, schema, value, want) => {
    expect(broken(schema, value)).toEqual(want)
  })

  test('the root sees names of the metadata, and nothing else of it', () => {
    const root = ruled(object({}), "self.metadata.name.startsWith('a')")
    expect(evaluateRules(root, { metadata: { name: 'b' } }, undefined)).toHaveLength(1)
    expect(evaluateRules(root, { metadata: { name: 'ab' } }, undefined)).toEqual([])
  })

  test.each<[string, JsonSchema, unknown, unknown, number]>([
    ['a value against the one before', ruled(int, 'self >= oldSelf'), 1, 2, 1],
    [
      'items of a keyed list by their keys',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: ruled(object({ k: text, v: int }), 'self.v >= oldSelf.v'),
      },
      [
        { k: 'b', v: 1 },
        { k: 'a', v: 1 },
      ],
      [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      1,
    ],
    ['not items of other lists', { type: 'array', items: ruled(int, 'self >= oldSelf') }, [1], [2], 0],
    ['nothing that did not change', object({ x: ruled(int, 'self > 5'), y: int }), { x: 1, y: 2 }, { x: 1, y: 1 }, 0],
    ['but what did', object({ x: ruled(int, 'self > 5'), y: int }), { x: 2, y: 1 }, { x: 1, y: 1 }, 1],
  ])('an update checks %s', (_what, schema, value, old, count) => {
    expect(broken(schema, value, old)).toHaveLength(count)
  })
})
