import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { createCluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'

const podWith = (cluster: Cluster, spec: object): any =>
  cluster.api.create('pods', {
    metadata: { name: 'p', namespace: 'default' },
    spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'c:1' }], ...spec },
  }).spec

describe('DefaultTolerationSeconds', () => {
  const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
  const five = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  test.each<[string, object[], object[]]>([
    ['a pod that says nothing stays five minutes', [], [five(notReady), five(unreachable)]],
    [
      'one that says something of one of the two keeps that',
      [{ key: notReady, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
      [{ key: notReady, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }, five(unreachable)],
    ],
    ['one that tolerates all needs no more', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
    [
      'another effect is another matter',
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }],
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }, five(notReady), five(unreachable)],
    ],
  ])('%s', (_name, tolerations, expected) =>
    expect(podWith(testCluster(1), { tolerations }).tolerations).toEqual(expected),
  )
})

describe('DefaultStorageClass', () => {
  const claim = (cluster: Cluster, spec: object = {}, annotations: object = {}) =>
    cluster.api.create('persistentvolumeclaims', {
      metadata: { name: 'c', namespace: 'default', annotations },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    }).spec.storageClassName
  const withDefaults = (...names: string[]) => {
    const cluster = createCluster({ defaultStorageClass: false })
    for (const name of names) {
      cluster.runFor(2000)
      cluster.api.create('storageclasses.storage.k8s.io', {
        metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        provisioner: 'x',
      })
    }
    return cluster
  }
  test('a claim without a class gets the default one', () => expect(claim(withDefaults('a'))).toBe('a'))
  test('the newest of several', () => expect(claim(withDefaults('b', 'a'))).toBe('a'))
  test('none where there is none', () => expect(claim(withDefaults())).toBeUndefined())
  test('not one that names none on purpose', () => expect(claim(withDefaults('a'), { storageClassName: '' })).toBe(''))
  test('nor one that names it in the old way', () =>
    expect(claim(withDefaults('a'), {}, { 'volume.beta.kubernetes.io/storage-class': 'x' })).toBeUndefined())
})

describe('StorageObjectInUseProtection', () => {
  test.each<[string, string, object]>([
    [
      'persistentvolumeclaims',
      'kubernetes.io/pvc-protection',
      { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    ],
    [
      'persistentvolumes',
      'kubernetes.io/pv-protection',
      { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } },
    ],
  ])('%s are kept while they are used', (resource, finalizer, spec) => {
    const metadata = { name: 'x', ...(resource === 'persistentvolumeclaims' && { namespace: 'default' }) }
    expect(testCluster(1).api.create(resource, { metadata, spec }).metadata.finalizers).toEqual([finalizer])
  })
})

test('TaintNodesByCondition: a new node is not ready until its kubelet says so', () => {
  const { api } = testCluster(1)
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
  expect(api.create('nodes', { metadata: { name: 'n' } }).spec.taints).toEqual([taint])
  expect(api.create('nodes', { metadata: { name: 'm' }, spec: { taints: [taint] } }).spec.taints).toEqual([taint])
})

test('NamespaceLifecycle: what is everybody’s is not deleted', () => {
  const { api } = testCluster(1)
  for (const name of ['default', 'kube-system', 'kube-public'])
    expect(() => api.delete('namespaces', name)).toThrow(
      `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    )
})

test('ServiceAccount: the token is mounted where nothing is yet, unless somebody does not want it', () => {
  const path = '/var/run/secrets/kubernetes.io/serviceaccount'
  const cluster = testCluster(1)
  const containers = [
    { name: 'a', image: 'a:1' },
    { name: 'b', image: 'b:1', volumeMounts: [{ name: 'own', mountPath: path }] },
  ]
  const volumes = [{ name: 'own', emptyDir: {} }]
  const spec = podWith(cluster, { containers, volumes })
  const name = spec.volumes[1].name
  expect(name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
  expect(spec.volumes[1].projected.sources.map((source: object) => Object.keys(source)[0])).toEqual([
    'serviceAccountToken',
    'configMap',
    'downwardAPI',
  ])
  expect(spec.containers.map((one: any) => one.volumeMounts)).toEqual([
    [{ name, readOnly: true, mountPath: path }],
    [{ name: 'own', mountPath: path }],
  ])
  cluster.api.delete('pods', 'default/p')
  expect(podWith(cluster, { automountServiceAccountToken: false }).volumes).toBeUndefined()
})

test('PodTopologyLabels: a pod tells where its node is, however it came there', () => {
  const where = { 'topology.kubernetes.io/region': 'zone-a', 'topology.kubernetes.io/zone': 'zone-a' }
  const { api } = testCluster(1)
  const make = (name: string, spec: object) =>
    api.create('pods', {
      metadata: { name, namespace: 'default', labels: { app: 'x' } },
      spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'c:1' }], ...spec },
    })
  expect(make('a', { nodeName: 'node-1' }).metadata.labels).toEqual({ app: 'x', ...where })
  expect(make('b', {}).metadata.labels).toEqual({ app: 'x' })
  expect(api.bind('default/b', '', 'node-1').metadata.labels).toEqual({ app: 'x', ...where })
})
