import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'
import { podOf } from '../../testing/scheduling.ts'

const claims = 'persistentvolumeclaims'
const volumes = 'persistentvolumes'

function claim(cluster: Cluster, name: string, storage: string, spec: object = {}): void {
  cluster.api.create(claims, {
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
  })
}

function volume(cluster: Cluster, name: string, storage: string, spec: object = {}): void {
  cluster.api.create(volumes, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/data' },
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
  })
}

const user = (name: string, claimName: string) =>
  podOf(name, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] })
const phase = (cluster: Cluster, resource: string, key: string) => cluster.api.find(resource, key)?.status.phase
const byHand = { storageClassName: '' }

describe('volumes made by hand', () => {
  test.each<[string, string, object, string | undefined]>([
    ['the smallest that is large enough', '2Gi', {}, 'medium'],
    ['exactly as large', '10Gi', {}, 'large'],
    ['none is large enough', '11Gi', {}, undefined],
    ['none can be mounted by many', '1Gi', { accessModes: ['ReadWriteMany'] }, undefined],
    ['the one that is named, too large as it is', '1Gi', { volumeName: 'large' }, 'large'],
    ['one whose labels match', '1Gi', { selector: { matchLabels: { tier: 'fast' } } }, 'labelled'],
  ])('a claim gets %s', (_name, storage, spec, expected) => {
    const cluster = testCluster(1)
    for (const [name, size] of [
      ['large', '10Gi'],
      ['small', '1Gi'],
      ['medium', '5Gi'],
    ] as const)
      volume(cluster, name, size, name === 'small' ? { accessModes: ['ReadOnlyMany'] } : {})
    cluster.api.create(volumes, {
      metadata: { name: 'labelled', labels: { tier: 'fast' } },
      spec: {
        capacity: { storage: '20Gi' },
        accessModes: ['ReadOnlyMany', 'ReadWriteOnce'],
        hostPath: { path: '/x' },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: spec && 'selector' in spec ? undefined : { namespace: 'other', name: 'else' },
      },
    })
    cluster.runFor(100)
    claim(cluster, 'data', storage, { ...byHand, ...spec })
    cluster.runFor(60_000)
    expect(cluster.api.get(claims, 'default/data').spec.volumeName).toBe(expected)
    expect(phase(cluster, claims, 'default/data')).toBe(expected ? 'Bound' : 'Pending')
    if (expected) expect(phase(cluster, volumes, expected)).toBe('Bound')
  })

  test('released with its claim gone; kept under Retain', () => {
    const cluster = testCluster(1)
    volume(cluster, 'pv', '1Gi')
    claim(cluster, 'data', '1Gi', byHand)
    cluster.runFor(30_000)
    cluster.api.delete(claims, 'default/data')
    cluster.runFor(30_000)
    expect(phase(cluster, claims, 'default/data')).toBeUndefined()
    expect(phase(cluster, volumes, 'pv')).toBe('Released')
    claim(cluster, 'again', '1Gi', byHand)
    cluster.runFor(60_000)
    expect(phase(cluster, claims, 'default/again')).toBe('Pending')
  })

  test('a claim whose volume is taken away is Lost', () => {
    const cluster = testCluster(1)
    volume(cluster, 'pv', '1Gi')
    claim(cluster, 'data', '1Gi', byHand)
    cluster.runFor(30_000)
    cluster.api.delete(volumes, 'pv')
    cluster.runFor(10_000)
    expect(cluster.api.get(volumes, 'pv').metadata.deletionTimestamp, 'protected while bound').toBeDefined()
    cluster.api.patch(volumes, 'pv', { type: 'merge', patch: { metadata: { finalizers: null } } })
    cluster.runFor(10_000)
    expect(phase(cluster, claims, 'default/data')).toBe('Lost')
  })
})

describe('when the claim is gone', () => {
  test.each([
    ['Retain', {}, 'Released', undefined],
    ['Delete', {}, 'Failed', 'error getting deleter volume plugin for volume "pv": no deletable volume plugin matched'],
    ['Delete', { nfs: undefined, hostPath: { path: '/tmp/x' } }, undefined, undefined],
    [
      'Delete',
      { nfs: undefined, hostPath: { path: '/data' } },
      'Failed',
      'host_path deleter only supports /tmp/.+ but received provided /data',
    ],
    ['Recycle', {}, 'Available', undefined],
    [
      'Recycle',
      { nfs: undefined, csi: { driver: 'x', volumeHandle: 'y' } },
      'Failed',
      'No recycler plugin found for the volume!',
    ],
  ])('%s of %j: %s', (persistentVolumeReclaimPolicy, source, expected, message) => {
    const cluster = testCluster(1)
    const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], nfs: { server: 's', path: '/' } }
    cluster.api.create(volumes, {
      metadata: { name: 'pv' },
      spec: { ...spec, persistentVolumeReclaimPolicy, ...source },
    })
    cluster.runFor(100)
    claim(cluster, 'data', '1Gi', { storageClassName: '' })
    cluster.runFor(10_000)
    expect(phase(cluster, volumes, 'pv')).toBe('Bound')
    cluster.api.delete(claims, 'default/data')
    cluster.runFor(30_000)
    expect(phase(cluster, volumes, 'pv')).toBe(expected)
    expect(cluster.api.find(volumes, 'pv')?.status.message).toBe(message)
  })
})

describe('the kinds of storage', () => {
  const made = (className: string, accessModes: string[]) => {
    const cluster = testCluster(2)
    claim(cluster, 'data', '1Gi', { storageClassName: className, accessModes })
    cluster.api.create('pods', user('app', 'data'))
    cluster.runFor(60_000)
    return { cluster, volume: cluster.api.list(volumes)[0] as any }
  }

  test.each([
    ['standard', 'topology.kubernetes.io/zone'],
    ['local', 'kubernetes.io/hostname'],
    ['nfs', undefined],
  ])('%s is bound to %s', (className, key) => {
    const { cluster, volume } = made(className, ['ReadWriteOnce'])
    expect(cluster.api.get('pods', 'default/app').status.phase).toBe('Running')
    const node = cluster.api.get('nodes', cluster.api.get('pods', 'default/app').spec.nodeName)
    const term = volume.spec.nodeAffinity?.required.nodeSelectorTerms[0].matchExpressions[0]
    expect(term).toEqual(key && { key, operator: 'In', values: [node.metadata.labels![key]] })
  })

  test.each([
    ['standard', undefined],
    ['nfs', 'Bound'],
  ])('for many nodes at once: %s %s', (className, expected) => {
    expect(made(className, ['ReadWriteMany']).volume?.status.phase).toBe(expected)
  })
})

describe('volumes made on demand', () => {
  test('a claim of the default class waits for its first consumer and then gets a volume where that runs', () => {
    const cluster = testCluster(2)
    claim(cluster, 'data', '1Gi')
    cluster.runFor(60_000)
    expect(phase(cluster, claims, 'default/data')).toBe('Pending')
    cluster.api.create('pods', user('app', 'data'))
    cluster.runFor(30_000)
    const bound = cluster.api.get(claims, 'default/data')
    const pod = cluster.api.get('pods', 'default/app')
    expect([bound.status.phase, pod.status.phase]).toEqual(['Bound', 'Running'])
    expect(bound.metadata.annotations!['volume.kubernetes.io/selected-node']).toBe(pod.spec.nodeName)
    expect(phase(cluster, volumes, bound.spec.volumeName)).toBe('Bound')
  })

  test('goes with its claim under Delete', () => {
    const cluster = testCluster(1)
    claim(cluster, 'data', '1Gi')
    cluster.api.create('pods', user('app', 'data'))
    cluster.runFor(30_000)
    cluster.api.delete('pods', 'default/app', { gracePeriodSeconds: 0 })
    cluster.api.delete(claims, 'default/data')
    cluster.runFor(60_000)
    expect([cluster.api.list(claims), cluster.api.list(volumes)]).toEqual([[], []])
  })

  test('a claim in use goes when its pod does, not before', () => {
    const cluster = testCluster(1)
    claim(cluster, 'data', '1Gi')
    cluster.api.create('pods', user('app', 'data'))
    cluster.runFor(30_000)
    cluster.api.delete(claims, 'default/data')
    cluster.runFor(60_000)
    expect(cluster.api.get(claims, 'default/data').metadata).toMatchObject({
      finalizers: ['kubernetes.io/pvc-protection'],
      deletionTimestamp: expect.any(String),
    })
    expect(cluster.api.get('pods', 'default/app').status.phase).toBe('Running')
    cluster.api.delete('pods', 'default/app')
    cluster.runFor(60_000)
    expect(cluster.api.list(claims)).toEqual([])
  })
})
