import { describe, expect, test } from 'vitest'
import { createCluster, type Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'

const create = (cluster: Cluster, name: string, spec: object = {}) =>
  cluster.api.create('services', {
    metadata: { name, namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  })
const ingress = (cluster: Cluster, name: string) =>
  cluster.api.get('services', `default/${name}`).status.loadBalancer?.ingress
const reasons = (cluster: Cluster) =>
  (cluster.api.list('events') as any[])
    .filter(({ source }) => source.component === 'service-controller')
    .map(({ reason }) => reason)

describe('a Service of type LoadBalancer', () => {
  test('gets an address of its own after a while', () => {
    const cluster = testCluster(1)
    for (const name of ['a', 'b']) create(cluster, name)
    cluster.runFor(1000)
    expect(ingress(cluster, 'a')).toBeUndefined()
    cluster.runFor(5000)
    expect(ingress(cluster, 'a')).toEqual([{ ip: '203.0.113.1', ipMode: 'VIP' }])
    expect(ingress(cluster, 'b')).toEqual([{ ip: '203.0.113.2', ipMode: 'VIP' }])
    expect(reasons(cluster).sort()).toEqual([
      'EnsuredLoadBalancer',
      'EnsuredLoadBalancer',
      'EnsuringLoadBalancer',
      'EnsuringLoadBalancer',
    ])
  })

  test('is held until the balancer is gone', () => {
    const cluster = testCluster(1)
    create(cluster, 'a')
    cluster.runFor(6000)
    cluster.api.delete('services', 'default/a')
    expect(cluster.api.get('services', 'default/a').metadata.finalizers).toEqual([
      'service.kubernetes.io/load-balancer-cleanup',
    ])
    cluster.runFor(6000)
    expect(cluster.api.find('services', 'default/a')).toBeUndefined()
    expect(reasons(cluster)).toEqual(expect.arrayContaining(['DeletingLoadBalancer', 'DeletedLoadBalancer']))
  })

  test('loses it when it becomes another type', () => {
    const cluster = testCluster(1)
    create(cluster, 'a')
    cluster.runFor(6000)
    cluster.api.patch('services', 'default/a', { type: 'merge', patch: { spec: { type: 'ClusterIP' } } })
    cluster.runFor(6000)
    expect(ingress(cluster, 'a')).toBeUndefined()
    expect(cluster.api.get('services', 'default/a').metadata.finalizers ?? []).toEqual([])
  })

  test.each([
    ['its class is another’s', { loadBalancerClass: 'example.com/lb' }, true],
    ['no cloud stands behind the cluster', {}, false],
  ])('gets none when %s', (_name, spec, loadBalancers) => {
    const cluster = createCluster({ loadBalancers })
    create(cluster, 'a', spec)
    cluster.runFor(60_000)
    expect(ingress(cluster, 'a')).toBeUndefined()
  })
})
