import { expect, test } from 'vitest'
import { readYaml } from '../../../machinery/yaml.ts'
import { goYamlError } from './yaml-errors.ts'

test.each([
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['a: b\nc: d: e\n', 'line 2: mapping values are not allowed in this context'],
  ['a: 1\n  b: 2\n', 'line 2: mapping values are not allowed in this context'],
  ['a\nb: c\n', 'line 2: mapping values are not allowed in this context'],
  ['a:\n  b: 1\n c: 2\n', 'line 2: did not find expected key'],
  ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
  ['@a: 1\n', 'found character that cannot start any token'],
  ['a: `x`\n', 'found character that cannot start any token'],
  ['a: [1, 2\n', "line 1: did not find expected ',' or ']'"],
  ['a: {b: 1\nc: 2\n', "line 1: did not find expected ',' or '}'"],
  ["a: 'x", 'found unexpected end of stream'],
  ['a: "x\nb: 1\n', 'line 3: found unexpected end of stream'],
  ['"a\\q": 1\n', 'found unknown escape character'],
  ['- a\nb: c\n', "line 1: did not find expected '-' indicator"],
  ['{a: 1}}', 'did not find expected <document start>'],
  ['a: ]\n', 'did not find expected node content'],
  ['x: 1\na: *y\n', "unknown anchor 'y' referenced"],
  [`a: ${'['.repeat(200)}`, 'exceeded max depth of 10000'],
])('%j', (text, message) => {
  expect(goYamlError(readYaml(text)[0]!.error!, text)).toBe(`yaml: ${message}`)
})
