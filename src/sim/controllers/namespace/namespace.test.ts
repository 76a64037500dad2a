import { expect, test } from 'vitest'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

function shop() {
  const cluster = testCluster(2)
  cluster.api.create('namespaces', { metadata: { name: 'shop' } })
  cluster.runFor(1000)
  const deployment = deploymentOf('web', 2)
  cluster.api.create('deployments.apps', { ...deployment, metadata: { name: 'web', namespace: 'shop' } })
  cluster.api.create('configmaps', { metadata: { name: 'settings', namespace: 'shop' } })
  cluster.runFor(20_000)
  return cluster
}

test('a new namespace gets its ServiceAccount and the root certificates', () => {
  const cluster = shop()
  expect(cluster.api.find('serviceaccounts', 'shop/default')).toBeDefined()
  expect(cluster.api.find('configmaps', 'shop/kube-root-ca.crt')).toBeDefined()
})

test('deleted, it is Terminating until it is empty, takes nothing new, and then goes', () => {
  const cluster = shop()
  cluster.api.delete('namespaces', 'shop')
  cluster.runFor(20)
  expect(cluster.api.get('namespaces', 'shop').status.phase).toBe('Terminating')
  const late = () => cluster.api.create('configmaps', { metadata: { name: 'late', namespace: 'shop' } })
  expect(late).toThrow('unable to create new content in namespace shop because it is being terminated')
  cluster.runFor(60_000)
  expect(cluster.api.find('namespaces', 'shop')).toBeUndefined()
  for (const resource of ['deployments.apps', 'replicasets.apps', 'pods', 'configmaps', 'serviceaccounts']) {
    expect(cluster.api.list(resource).filter(({ metadata }) => metadata.namespace === 'shop')).toEqual([])
  }
  expect(late).toThrow('namespaces "shop" not found')
})

test('an object with a finalizer holds it up until somebody takes that away', () => {
  const cluster = shop()
  cluster.api.create('configmaps', { metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] } })
  cluster.api.delete('namespaces', 'shop')
  cluster.runFor(120_000)
  expect(cluster.api.get('namespaces', 'shop').status.phase).toBe('Terminating')
  cluster.api.patch('configmaps', 'shop/held', { type: 'merge', patch: { metadata: { finalizers: null } } })
  cluster.runFor(60_000)
  expect(cluster.api.find('namespaces', 'shop')).toBeUndefined()
})

test('its conditions say what is left and what holds it up, pods first', () => {
  const cluster = shop()
  cluster.api.create('configmaps', { metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] } })
  cluster.machines.unplug('node-1')
  cluster.machines.unplug('node-2')
  cluster.api.delete('namespaces', 'shop')
  cluster.runFor(11_000)
  const messages = () => cluster.api.get('namespaces', 'shop').status.conditions.map((one: any) => one.message)
  expect(messages().slice(3)).toEqual([
    'Some resources are remaining: pods. has 2 resource instances',
    'All content-preserving finalizers finished',
  ])
  expect(cluster.api.find('deployments.apps', 'shop/web')).toBeDefined()
  cluster.machines.plug('node-1')
  cluster.machines.plug('node-2')
  cluster.runFor(60_000)
  expect(messages()).toEqual([
    'All resources successfully discovered',
    'All legacy kube types successfully parsed',
    'All content successfully deleted, may be waiting on finalization',
    'Some resources are remaining: configmaps. has 1 resource instances',
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  ])
})
