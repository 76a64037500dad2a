import { expect, test } from 'vitest'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { nodeName } from './plugin.ts'

const nodes = [nodeOf('a'), nodeOf('b')]

test.each([
  ['a pod that names no node may go anywhere', {}, 'skip'],
  [
    'a pod that names one goes there only',
    { nodeName: 'b' },
    { a: "unresolvable: node(s) didn't match the requested node name", b: 'fits' },
  ],
])('%s', (_name, spec, expected) => {
  expect(verdicts(nodeName, podOf('p', spec), { nodes })).toEqual(expected)
})
