import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { customKinds } from './crd-schemas.ts'

const definition = (openAPIV3Schema: object) =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [
        { name: 'v1', served: true, schema: { openAPIV3Schema } },
        { name: 'v0', served: false, schema: { openAPIV3Schema } },
      ],
    },
  }) as unknown as KubeObject

test('each served version is a kind; words, choices and nesting stay', () => {
  const properties = { size: { type: 'string', enum: ['s', 'l'], description: 'How large.' } }
  const schema = { type: 'object', properties: { spec: { type: 'object', properties, required: ['size'] } } }
  expect(customKinds([definition(schema)])).toEqual([{ apiVersion: 'example.com/v1', kind: 'Widget', schema }])
})

test.each([
  ['int-or-string', { 'x-kubernetes-int-or-string': true }, { type: ['integer', 'string'] }],
  ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  [
    'a map of things',
    { type: 'object', additionalProperties: { type: 'integer' } },
    { type: 'object', additionalProperties: { type: 'integer' } },
  ],
  [
    'rules are the server’s business',
    { type: 'string', 'x-kubernetes-validations': [{ rule: 'self' }] },
    { type: 'string' },
  ],
])('%s', (_, from, to) => {
  expect(customKinds([definition(from)])[0]!.schema).toEqual(to)
})

test('a schema without end is cut', () => {
  const root: Record<string, unknown> = {}
  let inner = root
  for (let i = 0; i < 1000; i++) inner = (inner.items = {}) as Record<string, unknown>
  expect(JSON.stringify(customKinds([definition(root)])).length).toBeLessThan(1000)
})
