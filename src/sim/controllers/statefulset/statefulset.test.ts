import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { statefulSetOf, testCluster } from '../../testing/scenario.ts'

const claims = (changes: Record<string, unknown> = {}) => ({
  volumeClaimTemplates: [
    {
      metadata: { name: 'data', labels: { kind: 'store' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
  ...changes,
})
const neverReady = { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 1 }, ports: [{ containerPort: 80 }] }

function clusterWith(replicas: number, changes: Record<string, unknown> = {}, container: object = {}): Cluster {
  const cluster = testCluster(3)
  const set = statefulSetOf('db', replicas, changes)
  Object.assign(set.spec.template.spec.containers[0], container)
  cluster.api.create('statefulsets.apps', set)
  return cluster
}

const setOf = (cluster: Cluster) => cluster.api.get('statefulsets.apps', 'default/db')
const names = (cluster: Cluster, resource = 'pods') => cluster.api.list(resource).map(({ metadata }) => metadata.name)
const living = (cluster: Cluster) =>
  cluster.api
    .list('pods')
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name)
const patch = (cluster: Cluster, spec: Record<string, unknown>) =>
  cluster.api.patch('statefulsets.apps', 'default/db', { type: 'merge', patch: { spec } })
const setImage = (cluster: Cluster, image: string) =>
  cluster.api.patch('statefulsets.apps', 'default/db', {
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
  })
const imagesOf = (cluster: Cluster) =>
  Object.fromEntries(cluster.api.list('pods').map(({ metadata, spec }) => [metadata.name, spec.containers[0].image]))
const messages = (cluster: Cluster, reason: string) =>
  cluster.api
    .list('events')
    .filter((event: any) => event.reason === reason && event.involvedObject.kind === 'StatefulSet')
    .map((event: any) => event.message)

describe('a StatefulSet', () => {
  test('makes its pods one after the other, each with its name, place and claim', () => {
    const cluster = clusterWith(3, claims())
    cluster.runFor(300)
    expect(names(cluster)).toEqual(['db-0'])
    cluster.runFor(60_000)
    expect(names(cluster)).toEqual(['db-0', 'db-1', 'db-2'])
    const pod = cluster.api.get('pods', 'default/db-1')
    expect(pod.spec).toMatchObject({ hostname: 'db-1', subdomain: 'db' })
    expect(pod.spec.volumes[0]).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } })
    expect(pod.metadata.labels).toMatchObject({
      app: 'db',
      'apps.kubernetes.io/pod-index': '1',
      'statefulset.kubernetes.io/pod-name': 'db-1',
      'controller-revision-hash': setOf(cluster).status.currentRevision,
    })
    expect(cluster.api.get('persistentvolumeclaims', 'default/data-db-1').metadata.labels).toEqual({
      app: 'db',
      kind: 'store',
    })
    expect(setOf(cluster).status).toMatchObject({ replicas: 3, availableReplicas: 3, currentReplicas: 3 })
  })

  test.each([
    ['OrderedReady', ['db-0']],
    ['Parallel', ['db-0', 'db-1', 'db-2']],
  ])('%s with pods that never get ready', (podManagementPolicy, expected) => {
    const cluster = clusterWith(3, { podManagementPolicy }, neverReady)
    cluster.runFor(60_000)
    expect(names(cluster)).toEqual(expected)
    patch(cluster, { replicas: 0 })
    cluster.runFor(60_000)
    expect(names(cluster)).toEqual([])
  })

  test('waits for minReadySeconds between two pods', () => {
    const cluster = clusterWith(2, { minReadySeconds: 30 })
    cluster.runFor(20_000)
    expect(setOf(cluster).status).toMatchObject({ replicas: 1, readyReplicas: 1, availableReplicas: 0 })
    cluster.runFor(20_000)
    expect(setOf(cluster).status).toMatchObject({ replicas: 2, availableReplicas: 1 })
    cluster.runFor(60_000)
    expect(setOf(cluster).status).toMatchObject({ replicas: 2, availableReplicas: 2 })
  })

  test('scales down from the top, and not while a lower pod is missing', () => {
    const cluster = clusterWith(3)
    cluster.runFor(60_000)
    cluster.machines.powerOff(cluster.api.get('pods', 'default/db-0').spec.nodeName)
    cluster.runFor(60_000)
    patch(cluster, { replicas: 1 })
    cluster.runFor(60_000)
    expect(living(cluster)).toContain('db-2')
  })

  test('does not replace a pod on a lost node until somebody deletes it by force', () => {
    const cluster = clusterWith(1)
    cluster.runFor(30_000)
    const { uid } = cluster.api.get('pods', 'default/db-0').metadata
    cluster.machines.powerOff(cluster.api.get('pods', 'default/db-0').spec.nodeName)
    cluster.runFor(600_000)
    const pod = cluster.api.get('pods', 'default/db-0').metadata
    expect([pod.uid, pod.deletionTimestamp !== undefined]).toEqual([uid, true])
    cluster.api.delete('pods', 'default/db-0', { gracePeriodSeconds: 0 })
    cluster.runFor(30_000)
    expect(cluster.api.get('pods', 'default/db-0').metadata.uid).not.toBe(uid)
    expect(setOf(cluster).status.readyReplicas).toBe(1)
  })

  test('adopts a pod of its name and labels, and leaves others alone', () => {
    const cluster = testCluster(2)
    const spec = { containers: [{ name: 'main', image: 'nginx:1.27' }] }
    for (const name of ['db-0', 'db-x', 'other-0', 'db-0-0'])
      cluster.api.create('pods', { metadata: { name, namespace: 'default', labels: { app: 'db' } }, spec })
    cluster.api.create('statefulsets.apps', statefulSetOf('db', 1, { updateStrategy: { type: 'OnDelete' } }))
    cluster.runFor(30_000)
    const owned = cluster.api.list('pods').filter(({ metadata }) => metadata.ownerReferences)
    expect(owned.map(({ metadata }) => metadata.name)).toEqual(['db-0'])
    expect(owned[0]!.metadata.labels).toMatchObject({ 'apps.kubernetes.io/pod-index': '0' })
    expect(messages(cluster, 'SuccessfulUpdate')).toEqual(['Update Pod db-0 in StatefulSet db successful'])
  })

  test('says what refuses its pods, and goes on when it may', () => {
    const cluster = testCluster(2)
    const quota = { metadata: { name: 'few', namespace: 'default' }, spec: { hard: { pods: '1' } } }
    cluster.api.create('resourcequotas', quota)
    cluster.runFor(1_000)
    cluster.api.create('statefulsets.apps', statefulSetOf('db', 2))
    cluster.runFor(20_000)
    expect(setOf(cluster).status).toMatchObject({ replicas: 1, readyReplicas: 1 })
    expect(messages(cluster, 'FailedCreate')[0]).toBe(
      'Create Pod db-1 in StatefulSet db failed error: pods "db-1" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1',
    )
    cluster.api.delete('resourcequotas', 'default/few')
    cluster.runFor(600_000)
    expect(setOf(cluster).status.readyReplicas).toBe(2)
  })
})

describe('updating a StatefulSet', () => {
  test('goes from the top and stops at a pod that does not get ready', () => {
    const cluster = clusterWith(3)
    cluster.runFor(60_000)
    const { currentRevision } = setOf(cluster).status
    setImage(cluster, 'shop.invalid/web:2')
    cluster.runFor(60_000)
    expect(imagesOf(cluster)).toEqual({ 'db-0': 'nginx:1.27', 'db-1': 'nginx:1.27', 'db-2': 'shop.invalid/web:2' })
    expect(setOf(cluster).status).toMatchObject({ currentRevision, currentReplicas: 2, updatedReplicas: 1 })
  })

  test('replaces only ordinals from the partition on, and makes the others of the old revision', () => {
    const cluster = clusterWith(3, {
      ordinals: { start: 5 },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    })
    cluster.runFor(60_000)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(60_000)
    cluster.api.delete('pods', 'default/db-5')
    cluster.runFor(60_000)
    expect(imagesOf(cluster)).toEqual({ 'db-5': 'nginx:1.27', 'db-6': 'nginx:1.27', 'db-7': 'nginx:1.28' })
  })

  test('OnDelete leaves it to whoever deletes pods', () => {
    const cluster = clusterWith(2, { updateStrategy: { type: 'OnDelete' } })
    cluster.runFor(60_000)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(60_000)
    cluster.api.delete('pods', 'default/db-1')
    cluster.runFor(60_000)
    expect(imagesOf(cluster)).toEqual({ 'db-0': 'nginx:1.27', 'db-1': 'nginx:1.28' })
  })

  test('keeps as many unused revisions as the limit says, and renumbers what comes back', () => {
    const cluster = clusterWith(1, { revisionHistoryLimit: 1 })
    for (const image of ['nginx:1.25', 'nginx:1.26', 'nginx:1.28', 'nginx:1.26']) {
      cluster.runFor(60_000)
      setImage(cluster, image)
    }
    cluster.runFor(60_000)
    const revisions = cluster.api.list('controllerrevisions.apps').map((one: any) => ({
      revision: one.revision,
      image: one.data.spec.template.spec.containers[0].image,
    }))
    expect(revisions.sort((a, b) => a.revision - b.revision)).toEqual([
      { revision: 4, image: 'nginx:1.28' },
      { revision: 5, image: 'nginx:1.26' },
    ])
  })

  test('a revision’s name that is taken by another template counts as a collision', () => {
    const cluster = clusterWith(1)
    cluster.runFor(30_000)
    const [first] = cluster.api.list('controllerrevisions.apps') as any[]
    cluster.api.delete('statefulsets.apps', 'default/db', { propagationPolicy: 'Background' })
    cluster.runFor(60_000)
    const { name, namespace } = first.metadata
    const data = { spec: { template: {} } }
    cluster.api.create('controllerrevisions.apps', { metadata: { name, namespace }, data, revision: 1 })
    cluster.api.create('statefulsets.apps', statefulSetOf('db', 1))
    cluster.runFor(30_000)
    expect(setOf(cluster).status).toMatchObject({ collisionCount: 1, readyReplicas: 1 })
    expect(setOf(cluster).status.currentRevision).not.toBe(name)
  })
})

describe('the claims of a StatefulSet', () => {
  const ownersOf = (cluster: Cluster) =>
    Object.fromEntries(
      cluster.api
        .list('persistentvolumeclaims')
        .map(({ metadata }) => [metadata.name, metadata.ownerReferences?.map(({ kind, name }) => `${kind} ${name}`)]),
    )

  test.each([
    ['Retain', 'Retain', ['data-db-0', 'data-db-1'], ['data-db-0', 'data-db-1']],
    ['Retain', 'Delete', ['data-db-0', 'data-db-1'], []],
    ['Delete', 'Retain', ['data-db-0'], ['data-db-0']],
    ['Delete', 'Delete', ['data-db-0'], []],
  ])('whenScaled %s, whenDeleted %s', (whenScaled, whenDeleted, afterScaling, afterDeletion) => {
    const cluster = clusterWith(2, claims({ persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted } }))
    cluster.runFor(60_000)
    expect(names(cluster, 'persistentvolumeclaims')).toEqual(['data-db-0', 'data-db-1'])
    patch(cluster, { replicas: 1 })
    cluster.runFor(60_000)
    expect(names(cluster, 'persistentvolumeclaims')).toEqual(afterScaling)
    cluster.api.delete('statefulsets.apps', 'default/db', { propagationPolicy: 'Background' })
    cluster.runFor(60_000)
    expect(names(cluster, 'persistentvolumeclaims')).toEqual(afterDeletion)
  })

  test('follow a policy that changes', () => {
    const cluster = clusterWith(1, claims())
    cluster.runFor(60_000)
    expect(ownersOf(cluster)).toEqual({ 'data-db-0': undefined })
    patch(cluster, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } })
    cluster.runFor(10_000)
    expect(ownersOf(cluster)).toEqual({ 'data-db-0': ['StatefulSet db'] })
    patch(cluster, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } })
    cluster.runFor(10_000)
    expect(ownersOf(cluster)['data-db-0'] ?? []).toEqual([])
  })

  test('a pod waits for the claim of its predecessor to go', () => {
    const cluster = clusterWith(2, claims({ persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } }))
    cluster.runFor(60_000)
    const before = cluster.api.get('persistentvolumeclaims', 'default/data-db-1').metadata.uid
    patch(cluster, { replicas: 1 })
    cluster.runFor(50)
    patch(cluster, { replicas: 2 })
    cluster.runFor(120_000)
    expect(setOf(cluster).status.readyReplicas).toBe(2)
    expect(cluster.api.get('persistentvolumeclaims', 'default/data-db-1').metadata.uid).not.toBe(before)
  })

  test('one that somebody deletes while its pod waits for a node is made again', () => {
    const cluster = clusterWith(1, claims(), { resources: { requests: { cpu: '99' } } })
    cluster.runFor(10_000)
    const before = cluster.api.get('persistentvolumeclaims', 'default/data-db-0').metadata.uid
    cluster.api.delete('persistentvolumeclaims', 'default/data-db-0')
    // Nothing tells the set of it until the scheduler tries the pod again.
    cluster.runFor(600_000)
    expect(cluster.api.get('persistentvolumeclaims', 'default/data-db-0').metadata).toMatchObject({
      uid: expect.not.stringMatching(before),
    })
  })

  test('one that has another controller is left to it', () => {
    const cluster = testCluster(2)
    const other = cluster.api.create('configmaps', { metadata: { name: 'other', namespace: 'default' } })
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid: other.metadata.uid, controller: true }
    cluster.api.create('persistentvolumeclaims', {
      metadata: { name: 'data-db-0', namespace: 'default', ownerReferences: [reference] },
      spec: claims().volumeClaimTemplates[0]!.spec,
    })
    const policy = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }
    cluster.api.create('statefulsets.apps', statefulSetOf('db', 1, claims(policy)))
    cluster.runFor(60_000)
    expect(ownersOf(cluster)).toEqual({ 'data-db-0': ['ConfigMap other'] })
    expect(messages(cluster, 'ConflictingController')[0]).toBe(
      'PersistentVolumeClaim data-db-0 has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim',
    )
  })
})
