import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileJq, JqError } from './jq.ts'

const object = {
  metadata: {
    name: 'web-1',
    labels: { app: 'web', 'a/b.c': 'x' },
    ownerReferences: [{ kind: 'Job', controller: true }, { kind: 'Other' }],
  },
  spec: { replicas: 3 },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Disk', status: 'False' },
    ],
  },
}

// What jq 1.7 and gojq give.
test.each([
  ['.', [object]],
  ['.metadata.name', ['web-1']],
  ['.metadata.missing', [null]],
  ['.missing.deeper', [null]],
  ['.metadata["name"]', ['web-1']],
  ['.metadata.labels["a/b.c"]', ['x']],
  ['.metadata.labels."a/b.c"', ['x']],
  ['."spec".replicas', [3]],
  ['.["spec"]["replicas"]', [3]],
  ['.metadata.ownerReferences.[].kind', ['Job', 'Other']],
  ['.metadata.ownerReferences[].kind', ['Job', 'Other']],
  ['.metadata.ownerReferences[0].kind', ['Job']],
  ['.metadata.ownerReferences[-1].kind', ['Other']],
  ['.metadata.ownerReferences[9].kind', [null]],
  ['.status.conditions.[] | select( .type == "Ready" ) | .status', ['True']],
  ['.status.conditions[] | select(.type == "None") | .status', []],
  ['.status.conditions[] | select(.type == "Ready" and .status == "True") | .type', ['Ready']],
  ['[.status.conditions[].type]', [['Ready', 'Disk']]],
  ['.status.conditions | map(.type) | join(",")', ['Ready,Disk']],
  ['.status.conditions | any(.status == "False")', [true]],
  ['.status.conditions | length', [2]],
  ['.metadata.labels | has("app")', [true]],
  ['.metadata.name | startswith("web")', [true]],
  ['.metadata.name, .spec.replicas', ['web-1', 3]],
  ['.spec.replicas > 2 and (.spec.replicas < 5 | not)', [false]],
  ['.spec.replicas + 1 * 2', [5]],
  ['-.spec.replicas', [-3]],
  ['.missing // "d"', ['d']],
  ['.missing[]?', []],
  ['.metadata.missing // .metadata.name', ['web-1']],
  ['if .spec.replicas > 2 then "many" elif true then "some" else "few" end', ['many']],
  ['if .no then 1 elif .spec then 2 end', [2]],
  ['.spec.replicas | tostring', ['3']],
  ['"5" | tonumber', [5]],
  ['null == .missing', [true]],
] as const)('%s', (source, outputs) => {
  expect(compileJq(source)(object)).toEqual(outputs)
})

test.each([
  ['.missing[]', 'cannot iterate over: null'],
  ['.metadata.name.first', 'expected an object but got: string'],
  ['.metadata.name | tonumber', 'not a number'],
  ['.metadata | select(', 'unexpected EOF'],
  ['.metadata)', 'unexpected token ")"'],
  ['nope', 'function not defined: nope/0'],
  ['constructor', 'function not defined: constructor/0'],
  ['@base64', 'unexpected token "@"'],
  ['('.repeat(500), 'nested too deeply'],
  ['if 1 then 1 el'.repeat(500), ''],
  [`[.[],.[]]${' | [.[],.[]]'.repeat(20)} | length`, 'too many values'],
] as const)('%s is refused', (source, message) => {
  const run = () => compileJq(source)(source.startsWith('[') ? [1] : object)
  expect(run).toThrow(JqError)
  if (message) expect(run).toThrow(message)
})

test('what every object has is no field', () => {
  expect(compileJq('.constructor')({})).toEqual([null])
})

const pieces = [
  '.',
  '.a',
  '[',
  ']',
  '(',
  ')',
  '|',
  ',',
  '"s"',
  '1',
  'select',
  'map',
  'not',
  'and',
  '==',
  '-',
  '//',
  '?',
  'if',
  'then',
  'else',
  'end',
  '."b"',
  '..',
  ':',
]

test('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 25 }), (parts) => {
      try {
        compileJq(parts.join(' '))({ a: { b: [1, 's', null] } })
      } catch (error) {
        expect(error).toBeInstanceOf(JqError)
      }
    }),
    { numRuns: 3000 },
  )
})
