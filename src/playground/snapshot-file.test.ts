import { expect, test } from 'vitest'
import { defaultShape, engineVersion } from './model.ts'
import { fileSort, fromSnapshotText, toSnapshotText } from './snapshot-file.ts'

const playground = {
  version: 1,
  engine: engineVersion,
  name: 'shop',
  files: [{ name: 'a.yaml', text: 'a' }],
  shape: defaultShape(),
  journal: [],
  until: 5,
}
const file = { playground, snapshot: '{"format":1}' }

test('what is written is read again', () => {
  const text = toSnapshotText(file)
  expect(fileSort(text)).toBe('snapshot')
  expect(fromSnapshotText(text)).toEqual({ ok: true, file })
})

test.each([
  ['a playground', JSON.stringify(playground, null, 2), 'playground'],
  ['a manifest', 'apiVersion: v1\nkind: Pod\n', 'manifests'],
  ['a manifest in JSON', '{"apiVersion":"v1","kind":"Pod"}', 'manifests'],
])('%s is told by its beginning', (_, text, expected) => {
  expect(fileSort(text)).toBe(expected)
})

test.each([
  ['no JSON', '{"kubecosmSnapshot":1', 'not JSON'],
  ['a later version', '{"kubecosmSnapshot":2}', 'not a snapshot of this version'],
  ['no snapshot', '{"kubecosmSnapshot":1,"snapshot":7}', 'snapshot: must be text'],
  ['no playground', '{"kubecosmSnapshot":1,"snapshot":"{}"}', 'playground: must be an object'],
  ['depth', `{"kubecosmSnapshot":1,"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'nested too deeply'],
  [
    'depth inside',
    JSON.stringify({ kubecosmSnapshot: 1, snapshot: `{"a":${'['.repeat(3000)}` }),
    'snapshot: nested too deeply',
  ],
  ['null', 'null', 'not a snapshot of this version'],
])('%s is refused with a reason', (_, text, detail) => {
  expect(fromSnapshotText(text)).toEqual({ ok: false, detail })
})
