import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCustom } from './decode.ts'
import { evaluateRules } from './evaluate-rules.ts'
import { findAll, parseJsonPath } from './json-path.ts'
import type { JsonSchema } from './json-schema.ts'
import { validateEmbedded, validateLists } from './validate-lists.ts'
import { validateDefaults, validateOpenApi, validateStructural } from './validate-schema.ts'
import { validateValue } from './validate-value.ts'

const messages = (schema: JsonSchema, value: unknown, old?: unknown) =>
  validateValue(
    { type: 'object', properties: { a: schema } },
    { a: value },
    old === undefined ? undefined : { a: old },
  ).map(({ field, message }) => `${field}: ${message}`)

describe('values in Kubernetes’ words', () => {
  test.each<[JsonSchema, unknown, string[]]>([
    [{ type: 'string', minLength: 3 }, 'ab', ['a: Invalid value: "ab": a in body should be at least 3 chars long']],
    [{ type: 'string', maxLength: 1 }, '😀', []],
    [
      { type: 'string', pattern: '^(a+)+$' },
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
      [`a: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!": a in body should match '^(a+)+$'`],
    ],
    [
      { type: 'string', format: 'date-time' },
      'soon',
      ['a: Invalid value: "soon": a in body must be of type date-time: "soon"'],
    ],
    [{ type: 'string', format: 'ipv4' }, '10.0.0.1', []],
    [{ type: 'string', format: 'something-else' }, 'x', []],
    [{ type: 'integer' }, 1.5, ['a: Invalid value: "number": a in body must be of type integer: "number"']],
    [
      { type: 'number', exclusiveMaximum: true, maximum: 2 },
      2,
      ['a: Invalid value: 2: a in body should be less than 2'],
    ],
    [{ type: 'integer', multipleOf: 3 }, 4, ['a: Invalid value: 4: a in body should be a multiple of 3']],
    [
      { type: 'array', items: { type: 'string' }, minItems: 1 },
      [],
      ['a: Invalid value: 0: a in body should have at least 1 items'],
    ],
    [
      { type: 'array', items: { type: 'string' } },
      ['x', null],
      ['a[1]: Invalid value: "null": a[1] in body must be of type string: "null"'],
    ],
    [
      { type: 'object', maxProperties: 1, additionalProperties: { type: 'string' } },
      { x: 'y', z: 1 },
      [
        'a: Too many: 2: must have at most 1 item',
        'a.z: Invalid value: "integer": a.z in body must be of type string: "integer"',
      ],
    ],
    [
      {
        type: 'object',
        properties: { x: { type: 'string' }, y: { type: 'string' } },
        oneOf: [{ required: ['x'] }, { required: ['y'] }],
      },
      {},
      [
        '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found none valid',
        'a.x: Required value',
      ],
    ],
    [{ type: 'string', anyOf: [{ pattern: '^a' }, { pattern: '^b' }] }, 'b', []],
    [
      { type: 'string', not: { enum: ['x'] } },
      'x',
      ['<nil>: Invalid value: "": "a" must not validate the schema (not)'],
    ],
    [{ type: 'integer', enum: [1, 2] }, 3, ['a: Unsupported value: 3: supported values: "1", "2"']],
    [{ 'x-kubernetes-int-or-string': true }, 'x', []],
  ])('%j holds %j to %j', (schema, value, want) => {
    expect(messages(schema, value)).toEqual(want)
  })

  test('what would take too long is refused', () => {
    const items: JsonSchema = {
      type: 'integer',
      anyOf: Array.from({ length: 1000 }, (_, index) => ({ enum: [index] })),
    }
    expect(
      messages(
        { type: 'array', items },
        Array.from({ length: 5000 }, () => 999),
      ),
    ).toEqual(['<nil>: Invalid value: "": checking this object by its schema would take too long'])
  })

  test('what did not change is let be', () => {
    const schema: JsonSchema = { type: 'object', properties: { x: { type: 'string' }, y: { type: 'string' } } }
    expect(messages(schema, { x: 1, y: 'b' }, { x: 1, y: 'a' })).toEqual([])
    expect(messages(schema, { x: 2, y: 'b' }, { x: 1, y: 'a' })).toHaveLength(1)
  })
})

describe('paths', () => {
  const object = {
    a: {
      b: [
        { t: 'x', v: 1 },
        { t: 'y', v: 2 },
      ],
    },
    'c.d': 3,
    __proto: 4,
  }
  test.each<[string, unknown[]]>([
    ['.a.b[0].v', [1]],
    ['.a.b[-1].v', [2]],
    ['.a.b[*].t', ['x', 'y']],
    ['.a.b[0:1].t', ['x']],
    ['.a.b[?(@.t=="y")].v', [2]],
    ["['c.d']", [3]],
    ['.c\\.d', [3]],
    ['..v', [1, 2]],
    ['.constructor', []],
    ['.nope.nope', []],
  ])('%s names %j', (path, want) => {
    const parsed = parseJsonPath(path)
    expect('problem' in parsed ? parsed : findAll(parsed, object)).toEqual(want)
  })

  test.each(['.a[', '.a[x]', 'a', '.a["'])('%s is none', (path) => {
    expect(parseJsonPath(path)).toHaveProperty('problem')
  })
})

const keys = fc.constantFrom('a', 'b', 'apiVersion', 'metadata', '__proto__', 'constructor', 'x-y')
const leaves = fc.record(
  { type: fc.constantFrom('string', 'integer', 'boolean', 'object'), default: fc.jsonValue({ maxDepth: 1 }) },
  { requiredKeys: [] },
)
const schemas: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema; node: JsonSchema }>((tie) => ({
  schema: fc.oneof({ maxDepth: 3 }, leaves as fc.Arbitrary<JsonSchema>, tie('node')),
  node: fc.record(
    {
      type: fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean'),
      properties: fc.dictionary(keys, tie('schema'), { maxKeys: 3 }),
      items: tie('schema'),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      nullable: fc.boolean(),
      default: fc.jsonValue({ maxDepth: 2 }),
      enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 }),
      pattern: fc.constantFrom('^a+$', '(a*)*b', '[', '\\d{2,}'),
      format: fc.constantFrom('date-time', 'byte', 'uuid', 'nope'),
      maxLength: fc.nat(5),
      maximum: fc.integer(),
      minItems: fc.nat(2),
      required: fc.array(keys, { maxLength: 2 }),
      allOf: fc.array(tie('schema'), { maxLength: 1 }),
      oneOf: fc.array(tie('schema'), { maxLength: 2 }),
      'x-kubernetes-preserve-unknown-fields': fc.boolean(),
      'x-kubernetes-embedded-resource': fc.boolean(),
      'x-kubernetes-int-or-string': fc.boolean(),
      'x-kubernetes-list-type': fc.constantFrom('atomic', 'set', 'map'),
      'x-kubernetes-list-map-keys': fc.array(keys, { maxLength: 2 }),
      'x-kubernetes-map-type': fc.constantFrom('granular', 'atomic'),
      'x-kubernetes-validations': fc.array(
        fc.record({
          rule: fc.constantFrom(
            'self == oldSelf',
            'self.a == 1',
            'size(self) > 1',
            'self.all(x, x == 1)',
            'self',
            '1 +',
          ),
        }),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonSchema>,
})).node

test('any schema, any value: errors as data, and reading twice changes nothing', () => {
  fc.assert(
    fc.property(schemas, fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), (schema, value, old) => {
      const problems = [validateOpenApi, validateStructural, validateDefaults].flatMap((check) => check(schema, 'at'))
      const isSound = problems.length === 0
      const { object } = decodeCustom(schema, {
        apiVersion: 'g/v',
        kind: 'K',
        metadata: { name: 'x' },
        a: value,
        b: value,
      })
      const again = decodeCustom(schema, object)
      if (isSound) expect(again).toEqual({ object, strictErrors: [] })
      for (const errors of [
        validateValue(schema, object, { a: old }),
        validateLists(schema, object),
        validateEmbedded(schema, object),
        evaluateRules(schema, object, { a: old }),
      ])
        for (const error of errors) expect(typeof error.message).toBe('string')
    }),
    { numRuns: 1500 },
  )
})

test('nothing is set on prototypes', () => {
  const schema: JsonSchema = {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    additionalProperties: { type: 'object', default: { x: 1 } },
  }
  const { object } = decodeCustom(
    schema,
    JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
  )
  expect(Object.keys(object)).toEqual(['__proto__', 'constructor'])
  expect(({} as any).polluted).toBeUndefined()
})
