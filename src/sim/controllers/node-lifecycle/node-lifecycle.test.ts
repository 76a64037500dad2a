import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

const taintsOf = (cluster: Cluster, name: string) =>
  (cluster.api.get('nodes', name).spec.taints ?? []).map(({ key, effect }: any) => `${key.split('/')[1]}:${effect}`)
const nodeEvents = (cluster: Cluster, ...reasons: string[]) =>
  (cluster.api.list('events') as any[])
    .filter((event) => event.involvedObject.kind === 'Node' && reasons.includes(event.reason))
    .map((event) => event.message)

describe('lost nodes', () => {
  test('of a healthy zone go one by one, ten seconds apart', () => {
    const cluster = testCluster(20)
    cluster.runFor(60_000)
    for (const name of ['node-1', 'node-3', 'node-5']) cluster.machines.unplug(name)
    const lost = () => ['node-1', 'node-3', 'node-5'].filter((name) => taintsOf(cluster, name).length === 2).length
    const seen: number[] = []
    for (let second = 0; second < 90; second++) {
      cluster.runFor(1000)
      if (lost() !== seen.length) seen.push(second)
    }
    expect(seen).toHaveLength(3)
    expect(seen[2]! - seen[0]!).toBeGreaterThanOrEqual(18)
  })

  test('all of them: none is evicted from, and the taints of those that were go', () => {
    const cluster = testCluster(3)
    cluster.api.create('deployments.apps', deploymentOf('web', 3))
    cluster.runFor(30_000)
    for (const name of ['node-1', 'node-2', 'node-3']) cluster.machines.unplug(name)
    cluster.runFor(900_000)
    for (const name of ['node-1', 'node-2', 'node-3'])
      expect(taintsOf(cluster, name)).toEqual(['unreachable:NoSchedule'])
    expect(cluster.api.list('pods').filter(({ metadata }) => metadata.deletionTimestamp)).toEqual([])
    for (const name of ['node-1', 'node-2', 'node-3']) cluster.machines.plug(name)
    cluster.runFor(60_000)
    expect(taintsOf(cluster, 'node-2')).toEqual([])
  })

  test('tell so once, and so do their pods', () => {
    const cluster = testCluster(3)
    cluster.api.create('deployments.apps', deploymentOf('web', 3))
    cluster.runFor(30_000)
    cluster.machines.unplug('node-1')
    cluster.runFor(120_000)
    expect(nodeEvents(cluster, 'NodeNotReady')).toEqual(['Node node-1 status is now: NodeNotReady'])
  })
})

test('nodes that come and go are announced', () => {
  const cluster = testCluster(1)
  cluster.runFor(10_000)
  cluster.machines.remove('node-1')
  cluster.api.delete('nodes', 'node-1')
  cluster.runFor(10_000)
  expect(nodeEvents(cluster, 'RegisteredNode', 'RemovingNode').sort()).toEqual([
    'Node node-1 event: Registered Node node-1 in Controller',
    'Node node-1 event: Removing Node node-1 from Controller',
  ])
})

test('conditions become taints in the order of the conditions, and back', () => {
  const cluster = testCluster(1)
  cluster.runFor(10_000)
  const set = (status: string) =>
    cluster.api.patch(
      'nodes',
      'node-1',
      {
        type: 'strategic',
        patch: { status: { conditions: ['PIDPressure', 'MemoryPressure'].map((type) => ({ type, status })) } },
      },
      { subresource: 'status' },
    )
  set('True')
  cluster.runFor(100)
  expect(taintsOf(cluster, 'node-1').sort()).toEqual(['memory-pressure:NoSchedule', 'pid-pressure:NoSchedule'])
  set('False')
  cluster.runFor(100)
  expect(taintsOf(cluster, 'node-1')).toEqual([])
})
