import { expect, test } from 'vitest'
import { newsOf } from './news.ts'
import type { PodState } from './pod-status.ts'
import type { PodView } from './pod-view.ts'

const none = { milliCPU: 0, memoryBytes: 0 }

function view(state: PodState, node = 'node-b'): PodView {
  return {
    uid: 'u',
    key: 'd/web-2',
    name: 'web-2',
    namespace: 'd',
    label: 'web',
    status: state,
    state,
    reason: '',
    node,
    owned: '',
    waitsFor: '',
    requests: none,
    limits: none,
    claims: [],
  }
}

const change = (from: PodState, to: PodState) => ({ type: 'changed' as const, before: view(from), pod: view(to) })

test.each([
  ['deleted on a lost node: evicted', change('Unknown', 'Terminating'), true, 'evicted'],
  ['deleted elsewhere is no news', change('Running', 'Terminating'), false, undefined],
  ['begins to crash', change('Running', 'CrashLoopBackOff'), false, 'failed'],
  ['goes on crashing', change('Error', 'CrashLoopBackOff'), false, undefined],
  ['recovers', change('CrashLoopBackOff', 'Running'), false, 'running'],
  ['starts as it should', change('ContainerCreating', 'Running'), false, undefined],
] as const)('%s', (_name, event, lost, key) => {
  expect(newsOf([event], () => lost)[0]?.key).toBe(key)
})

test('a pod that fits nowhere: by what most nodes lack, said once', () => {
  const waiting = { ...view('Pending'), waitsFor: 'Insufficient cpu' }
  const found = newsOf([{ type: 'changed', before: view('Pending'), pod: waiting }], () => false)
  expect(found.map(({ key, values }) => [key, values.reason])).toEqual([['pending', 'Insufficient cpu']])
  expect(newsOf([{ type: 'changed', before: waiting, pod: waiting }], () => false)).toEqual([])
})
