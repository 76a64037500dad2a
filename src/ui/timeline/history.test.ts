import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import { emptyCluster } from '../state/cluster-store.ts'
import { toneOf, withState } from './history.ts'

const epoch = 1_767_225_600_000

function node(
  name: string,
  ready: 'True' | 'False' | 'Unknown',
  lastTransitionTime = '2026-01-01T00:00:05Z',
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime }] },
  }
}

function state(now: number, nodes: KubeObject[]): ClusterState {
  const byKey = new Map(nodes.map((each) => [each.metadata.name, each]))
  return {
    ...emptyCluster,
    clock: { ...emptyCluster.clock, now, epoch },
    resources: { nodes: { byKey, keys: [...byKey.keys()] } },
  }
}

const start = state(60_000, [node('a', 'True')])
const history = withState(new Map(), start, null)

test('what was there before begins where its condition says', () => {
  expect(history.get('nodes a')?.stretches).toEqual([{ from: 5_000, tone: 'ok' }])
})

test('a change of state begins a stretch, and no change leaves the history as it is', () => {
  const same = state(70_000, [node('a', 'True')])
  expect(withState(history, same, start)).toBe(history)
  const lost = withState(history, state(80_000, [node('a', 'Unknown')]), same)
  expect(lost.get('nodes a')?.stretches).toEqual([
    { from: 5_000, tone: 'ok' },
    { from: 80_000, tone: 'warn' },
  ])
})

test('what is removed ends, and comes back in the same lane', () => {
  const gone = state(90_000, [])
  const ended = withState(history, gone, start)
  expect(ended.get('nodes a')?.until).toBe(90_000)
  const back = withState(ended, state(95_000, [node('a', 'True')]), gone)
  expect(back.get('nodes a')).toEqual({
    resource: 'nodes',
    key: 'a',
    stretches: [
      { from: 5_000, tone: 'ok' },
      { from: 95_000, tone: 'ok' },
    ],
  })
})

const deployment = (spec: object, status: object) => ({ ...node('d', 'True'), spec, status })

test.each([
  ['all replicas ready', { replicas: 2 }, { readyReplicas: 2, updatedReplicas: 2 }, 'ok'],
  ['none ready yet', { replicas: 2 }, { updatedReplicas: 2 }, 'progress'],
  [
    'some lost',
    { replicas: 3 },
    {
      readyReplicas: 1,
      updatedReplicas: 3,
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    },
    'warn',
  ],
  [
    'a rollout beyond its deadline',
    { replicas: 1 },
    { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
    'fail',
  ],
  ['scaled to nothing', { replicas: 0 }, {}, 'ok'],
])('a deployment with %s', (_, spec, status, tone) => {
  expect(toneOf('deployments.apps', deployment(spec, status), epoch)).toBe(tone)
})

test('a node that is not ready is in trouble, unless it has only just registered', () => {
  expect(toneOf('nodes', node('a', 'False'), epoch + 5_000)).toBe('progress')
  expect(toneOf('nodes', node('a', 'False'), epoch + 100_000)).toBe('warn')
  expect(toneOf('nodes', node('a', 'Unknown'), epoch + 5_000)).toBe('warn')
})
