import { describe, expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'
import type { Cluster } from '../../cluster.ts'

function withLimits(...limits: object[]): Cluster {
  const cluster = testCluster(1)
  cluster.api.create('limitranges', { metadata: { name: 'lr', namespace: 'default' }, spec: { limits } })
  return cluster
}

function podOf(cluster: Cluster, resources: object[], more: object = {}): any {
  const containers = resources.map((one, index) => ({ name: `c${index}`, image: 'c:1', resources: one }))
  return cluster.api.create('pods', {
    metadata: { name: 'p', namespace: 'default' },
    spec: { schedulerName: 'nobody', containers, ...more },
  })
}

test('what a container does not say comes from the range, and the pod tells', () => {
  const cluster = withLimits({ type: 'Container', default: { cpu: '2' }, defaultRequest: { cpu: '1', memory: '1Gi' } })
  const pod = podOf(cluster, [{ requests: { cpu: '500m' } }, {}])
  expect(pod.spec.containers.map(({ resources }: any) => resources)).toEqual([
    { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2' } },
    { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } },
  ])
  expect(pod.metadata.annotations['kubernetes.io/limit-ranger']).toBe(
    'LimitRanger plugin set: memory request for container c0; cpu limit for container c0; cpu, memory request for container c1; cpu limit for container c1',
  )
  expect(pod.status.qosClass).toBe('Burstable')
})

describe('a pod is refused', () => {
  test.each<[string, object, object[], string]>([
    [
      'below the minimum',
      { type: 'Container', min: { memory: '1Gi' } },
      [{ requests: { memory: '1Mi' } }],
      'minimum memory usage per Container is 1Gi, but request is 1Mi',
    ],
    [
      'that says nothing of what has a minimum',
      { type: 'Pod', min: { cpu: '1' } },
      [{}],
      'minimum cpu usage per Pod is 1.  No request is specified',
    ],
    [
      'that says nothing of what has a maximum',
      { type: 'Pod', max: { cpu: '1' } },
      [{ requests: { cpu: '500m' } }],
      'maximum cpu usage per Pod is 1.  No limit is specified',
    ],
    [
      'whose containers together are too much',
      { type: 'Pod', max: { cpu: '1' } },
      [{ limits: { cpu: '600m' } }, { limits: { cpu: '600m' } }],
      'maximum cpu usage per Pod is 1, but limit is 1200m',
    ],
    [
      'with too wide a range between request and limit',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      [{ limits: { cpu: '3' }, requests: { cpu: '1' } }],
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ],
    [
      'without what the ratio is taken of',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      [{}],
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [
      'for several reasons',
      { type: 'Pod', max: { cpu: '1', memory: '1Gi' } },
      [{}],
      '[maximum cpu usage per Pod is 1.  No limit is specified, maximum memory usage per Pod is 1Gi.  No limit is specified]',
    ],
  ])('%s', (_name, limit, resources, message) =>
    expect(() => podOf(withLimits(limit), resources)).toThrow(`pods "p" is forbidden: ${message}`),
  )
})

test('init containers count one at a time, sidecars with all that follows', () => {
  const cluster = withLimits({ type: 'Pod', max: { cpu: '1' } })
  const init = (name: string, cpu: string, more: object = {}) => ({
    name,
    image: 'i:1',
    resources: { limits: { cpu } },
    ...more,
  })
  const containers = [{ limits: { cpu: '100m' } }]
  expect(() => podOf(cluster, containers, { initContainers: [init('i', '800m'), init('j', '900m')] })).not.toThrow()
  cluster.api.delete('pods', 'default/p')
  const withSidecar = { initContainers: [init('i', '200m', { restartPolicy: 'Always' }), init('j', '900m')] }
  expect(() => podOf(cluster, containers, withSidecar)).toThrow('maximum cpu usage per Pod is 1, but limit is 1100m')
})

test('a claim keeps within its bounds', () => {
  const cluster = withLimits({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } })
  const claim = (storage: string) => () =>
    cluster.api.create('persistentvolumeclaims', {
      metadata: { name: 'c', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    })
  expect(claim('3Gi')).toThrow('maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi')
  expect(claim('1Mi')).toThrow('minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi')
  expect(claim('2Gi')).not.toThrow()
})
