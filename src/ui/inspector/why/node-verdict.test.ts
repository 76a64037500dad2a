import { expect, test } from 'vitest'
import { verdictOf } from './node-verdict.ts'

const room = {
  wants: { milliCPU: 500, memoryBytes: 2 ** 30 },
  free: { milliCPU: 350, memoryBytes: -5 },
  all: { milliCPU: 2000, memoryBytes: 2 ** 33 },
}

test.each([
  ['Insufficient cpu', 'cpu', { wants: '500m', free: '350m', all: '2' }],
  ['Insufficient memory', 'memory', { wants: '1Gi', free: '0', all: '8Gi' }],
  ['node(s) had untolerated taint {dedicated: gpu}', 'taint', { taint: 'dedicated=gpu' }],
  [
    'node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
    'taint',
    { taint: 'node.kubernetes.io/unreachable' },
  ],
  ['node(s) had untolerated taint(s)', 'plain', { reason: 'node(s) had untolerated taint(s)' }],
  [
    "node(s) didn't match Pod's node affinity/selector",
    'plain',
    { reason: "node(s) didn't match Pod's node affinity/selector" },
  ],
])('%s', (reason, key, values) => {
  expect(verdictOf(reason, room)).toEqual({ key, values })
})
