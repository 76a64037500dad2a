import { describe, expect, test } from 'vitest'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

describe('pods that no kubelet will remove', () => {
  test('of a node that is gone: after a quarantine, and told to have failed', () => {
    const cluster = testCluster(1)
    cluster.api.create('deployments.apps', deploymentOf('web', 2))
    cluster.runFor(30_000)
    cluster.machines.remove('node-1')
    cluster.api.delete('nodes', 'node-1')
    const there = () => cluster.api.list('pods').filter(({ spec }) => spec.nodeName === 'node-1').length
    cluster.runFor(38_000)
    expect(there()).toBe(2)
    const last: any[] = []
    const before = cluster.api.etcd.onEvent
    cluster.api.etcd.onEvent = (resource, event) => {
      if (resource === 'pods' && event.type === 'DELETED') last.push(event.object)
      before(resource, event)
    }
    cluster.runFor(50_000)
    expect(there()).toBe(0)
    const told = { type: 'DisruptionTarget', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' }
    expect(last.map(({ status }) => [status.phase, status.conditions.at(-1)])).toMatchObject([
      ['Failed', told],
      ['Failed', told],
    ])
  })

  test('a node that comes back in time keeps them', () => {
    const cluster = testCluster(1)
    cluster.api.create('deployments.apps', deploymentOf('web', 2))
    cluster.runFor(30_000)
    const { uid: _uid, resourceVersion: _version, ...metadata } = cluster.api.get('nodes', 'node-1').metadata
    const { spec } = cluster.api.get('nodes', 'node-1')
    cluster.api.delete('nodes', 'node-1')
    cluster.runFor(25_000)
    cluster.api.create('nodes', { metadata, spec })
    cluster.runFor(120_000)
    expect(cluster.api.list('pods').filter((pod) => pod.spec.nodeName === 'node-1')).toHaveLength(2)
  })

  test('that are terminating on a node out of service', () => {
    const cluster = testCluster(2)
    cluster.api.create('pods', {
      metadata: { name: 'app', namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'nginx:1.27' }] },
    })
    cluster.runFor(20_000)
    cluster.machines.powerOff('node-1')
    cluster.runFor(60_000)
    cluster.api.delete('pods', 'default/app')
    cluster.runFor(60_000)
    expect(cluster.api.find('pods', 'default/app'), 'nobody says that it is gone').toBeDefined()
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoSchedule' }
    cluster.api.patch('nodes', 'node-1', { type: 'merge', patch: { spec: { taints: [taint] } } })
    cluster.runFor(21_000)
    expect(cluster.api.find('pods', 'default/app')).toBeUndefined()
  })
})
