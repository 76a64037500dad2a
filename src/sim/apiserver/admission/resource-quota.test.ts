import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'

function withQuota(hard: object, more: object = {}): Cluster {
  const cluster = testCluster(1)
  cluster.api.create('resourcequotas', { metadata: { name: 'q', namespace: 'default' }, spec: { hard, ...more } })
  cluster.runFor(1000)
  return cluster
}

const usedOf = (cluster: Cluster) => cluster.api.get('resourcequotas', 'default/q').status.used

function pod(cluster: Cluster, name: string, resources: object = {}, more: object = {}): any {
  const containers = [{ name: 'c', image: 'c:1', resources }]
  return cluster.api.create('pods', {
    metadata: { name, namespace: 'default' },
    spec: { schedulerName: 'nobody', containers, ...more },
  })
}

const service = (cluster: Cluster, spec: object) =>
  cluster.api.create('services', {
    metadata: { name: 's', namespace: 'default' },
    spec: {
      ports: [
        { name: 'a', port: 1 },
        { name: 'b', port: 2 },
      ],
      ...spec,
    },
  })

describe('what counts', () => {
  test.each<[string, object, (cluster: Cluster) => unknown, object]>([
    [
      'pods and what they ask for',
      { pods: '9', cpu: '9', 'requests.memory': '9Gi', 'limits.cpu': '9' },
      (cluster) => pod(cluster, 'p', { requests: { cpu: '250m', memory: '100M' }, limits: { cpu: '1' } }),
      { pods: '1', cpu: '250m', 'requests.memory': '100M', 'limits.cpu': '1' },
    ],
    [
      'extended resources',
      { 'requests.example.com/gpu': '4' },
      (cluster) => pod(cluster, 'p', { limits: { 'example.com/gpu': '2' }, requests: { 'example.com/gpu': '2' } }),
      { 'requests.example.com/gpu': '2' },
    ],
    [
      'node ports',
      { services: '5', 'services.nodeports': '5', 'services.loadbalancers': '1' },
      (cluster) => service(cluster, { type: 'NodePort' }),
      // The API server's own service is there already.
      { services: '2', 'services.nodeports': '2', 'services.loadbalancers': '0' },
    ],
    [
      'load balancers',
      { 'services.nodeports': '5', 'services.loadbalancers': '1' },
      (cluster) => service(cluster, { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
      { 'services.nodeports': '0', 'services.loadbalancers': '1' },
    ],
    [
      'claims by their class',
      {
        'requests.storage': '9Gi',
        'slow.storageclass.storage.k8s.io/requests.storage': '5Gi',
        persistentvolumeclaims: '2',
      },
      (cluster) =>
        cluster.api.create('persistentvolumeclaims', {
          metadata: { name: 'c', namespace: 'default' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'slow',
            resources: { requests: { storage: '3Gi' } },
          },
        }),
      {
        'requests.storage': '3Gi',
        'slow.storageclass.storage.k8s.io/requests.storage': '3Gi',
        persistentvolumeclaims: '1',
      },
    ],
    [
      'any kind by its name',
      { 'count/configmaps': '9', 'count/leases.coordination.k8s.io': '9', resourcequotas: '3' },
      (cluster) =>
        cluster.api.create('leases.coordination.k8s.io', { metadata: { name: 'l', namespace: 'default' }, spec: {} }),
      // The root certificates are a ConfigMap.
      { 'count/configmaps': '1', 'count/leases.coordination.k8s.io': '1', resourcequotas: '1' },
    ],
  ])('%s', (_name, hard, create, expected) => {
    const cluster = withQuota(hard)
    create(cluster)
    expect(usedOf(cluster)).toEqual(expected)
    // Counted again it is as much.
    cluster.runFor(400_000)
    expect(usedOf(cluster)).toEqual(expected)
  })
})

describe('refused is', () => {
  test('what exceeds it, naming only what is exceeded', () => {
    const cluster = withQuota({ pods: '9', 'requests.cpu': '1' })
    pod(cluster, 'a', { requests: { cpu: '800m' } })
    expect(() => pod(cluster, 'b', { requests: { cpu: '300m' } })).toThrow(
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=300m, used: requests.cpu=800m, limited: requests.cpu=1',
    )
    expect(usedOf(cluster)).toEqual({ pods: '1', 'requests.cpu': '800m' })
  })

  test('a pod that does not say what is limited', () =>
    expect(() => pod(withQuota({ 'requests.cpu': '1', 'limits.memory': '1Gi' }), 'a')).toThrow(
      'pods "a" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    ))

  test('what nobody has counted yet', () => {
    const cluster = withQuota({ pods: '9' })
    const { spec, status, ...quota } = cluster.api.get('resourcequotas', 'default/q')
    cluster.api.update('resourcequotas', { ...quota, spec, status: { ...status, used: {} } }, { subresource: 'status' })
    expect(() => pod(cluster, 'a')).toThrow('pods "a" is forbidden: status unknown for quota: q, resources: pods')
  })

  test('a service that comes to need more ports', () => {
    const cluster = withQuota({ 'services.nodeports': '2' })
    const made: any = service(cluster, { type: 'NodePort' })
    const ports = [...made.spec.ports, { name: 'c', port: 3, protocol: 'TCP' }]
    expect(() => cluster.api.update('services', { ...made, spec: { ...made.spec, ports } })).toThrow(
      'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=2, limited: services.nodeports=2',
    )
  })
})

test('a dry run counts nothing', () => {
  const cluster = withQuota({ secrets: '1' })
  const secret = { metadata: { name: 's', namespace: 'default' } }
  cluster.api.create('secrets', secret, { dryRun: true })
  expect(usedOf(cluster)).toEqual({ secrets: '0' })
})

test('what goes gives back, and so does a pod that has ended', () => {
  const cluster = withQuota({ pods: '9', secrets: '9' })
  cluster.api.create('secrets', { metadata: { name: 's', namespace: 'default' } })
  const made = pod(cluster, 'a')
  pod(cluster, 'b')
  expect(usedOf(cluster)).toEqual({ pods: '2', secrets: '1' })
  cluster.api.update('pods', { ...made, status: { ...made.status, phase: 'Succeeded' } }, { subresource: 'status' })
  cluster.api.delete('pods', 'default/b')
  cluster.api.delete('secrets', 'default/s')
  cluster.runFor(1000)
  expect(usedOf(cluster)).toEqual({ pods: '0', secrets: '0' })
})

test.each<[string, object, object, string]>([
  [
    'only pods of a priority',
    { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['x'] }] },
    {},
    '0',
  ],
  ['only pods without one', { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'DoesNotExist' }] }, {}, '1'],
  [
    'pods that look into other namespaces',
    { matchExpressions: [{ scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' }] },
    {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'x', namespaces: ['y'], labelSelector: { matchLabels: { a: 'b' } } },
          ],
        },
      },
    },
    '1',
  ],
])('a scope selects %s', (_name, scopeSelector, spec, expected) => {
  const cluster = withQuota({ pods: '9' }, { scopeSelector })
  pod(cluster, 'a', {}, spec)
  expect(usedOf(cluster)).toEqual({ pods: expected })
})
