import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

const attachments = 'volumeattachments.storage.k8s.io'

/** A database with a disk, on one of two nodes of its zone. */
function database() {
  const cluster = testCluster(4)
  cluster.runFor(60_000)
  cluster.api.create('persistentvolumeclaims', {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  const deployment = deploymentOf('db', 1, { image: 'redis:8' }, { volumes })
  cluster.api.create('deployments.apps', {
    ...deployment,
    spec: { ...deployment.spec, strategy: { type: 'Recreate' } },
  })
  cluster.runFor(60_000)
  const [pod] = cluster.api.list('pods')
  return { cluster, node: pod!.spec.nodeName as string }
}

const attachedTo = (cluster: Cluster) => cluster.api.list(attachments).map(({ spec }) => spec.nodeName)
const running = (cluster: Cluster) =>
  cluster.api.list('pods').filter(({ status, metadata }) => status.phase === 'Running' && !metadata.deletionTimestamp)
const messages = (cluster: Cluster, reason: string) =>
  (cluster.api.list('events') as any[]).filter((event) => event.reason === reason).map(({ message }) => message)

/** Virtual seconds until the database runs on another node. */
function secondsUntilElsewhere(cluster: Cluster, node: string, limit: number): number {
  for (let second = 0; second < limit; second++) {
    if (running(cluster).some(({ spec }) => spec.nodeName !== node)) return second
    cluster.runFor(1000)
  }
  return Number.POSITIVE_INFINITY
}

describe('a disk', () => {
  test('is attached before its pod runs, and both the node and the pod are told', () => {
    const { cluster, node } = database()
    expect(running(cluster)).toHaveLength(1)
    expect(cluster.api.list(attachments)).toMatchObject([
      { spec: { attacher: 'disk.kubecosm.dev', nodeName: node }, status: { attached: true } },
    ])
    const volume = cluster.api.list('persistentvolumes')[0]!.metadata.name
    const name = `kubernetes.io/csi/disk.kubecosm.dev^${volume}`
    expect(cluster.api.get('nodes', node).status).toMatchObject({
      volumesAttached: [{ name, devicePath: '' }],
      volumesInUse: [name],
    })
    expect(messages(cluster, 'SuccessfulAttachVolume')).toEqual([
      `AttachVolume.Attach succeeded for volume "${volume}" `,
    ])
  })

  test('follows its pod to another node', () => {
    const { cluster, node } = database()
    cluster.api.patch('nodes', node, { type: 'merge', patch: { spec: { unschedulable: true } } })
    cluster.api.delete('pods', `default/${running(cluster)[0]!.metadata.name}`)
    expect(secondsUntilElsewhere(cluster, node, 120)).toBeLessThan(60)
    expect(attachedTo(cluster)).not.toContain(node)
    const { volumesAttached, volumesInUse } = cluster.api.get('nodes', node).status
    expect([volumesAttached ?? [], volumesInUse ?? []]).toEqual([[], []])
  })

  test('of a node that died stays there while its pod does, and six minutes more', () => {
    const { cluster, node } = database()
    cluster.machines.powerOff(node)
    cluster.runFor(600_000)
    const old = cluster.api.list('pods').find(({ spec }) => spec.nodeName === node)!
    expect(old.metadata.deletionTimestamp).toBeDefined()
    expect(attachedTo(cluster)).toEqual([node])
    expect(messages(cluster, 'FailedAttachVolume')).toEqual([
      expect.stringMatching(/^Multi-Attach error for volume "pvc-.*" Volume is already used by pod\(s\) db-.*$/),
    ])
    expect(messages(cluster, 'FailedMount').length).toBeGreaterThan(0)
    cluster.api.delete('pods', `default/${old.metadata.name}`, { gracePeriodSeconds: 0 })
    const seconds = secondsUntilElsewhere(cluster, node, 600)
    expect(seconds).toBeGreaterThan(355)
    expect(seconds).toBeLessThan(400)
  })

  test('of a node that is marked as out of service comes loose at once', () => {
    const { cluster, node } = database()
    cluster.machines.powerOff(node)
    cluster.runFor(120_000)
    const taints = cluster.api.get('nodes', node).spec.taints
    const taint = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }
    cluster.api.patch('nodes', node, { type: 'merge', patch: { spec: { taints: [...taints, taint] } } })
    expect(secondsUntilElsewhere(cluster, node, 600)).toBeLessThan(60)
    expect(attachedTo(cluster)).not.toContain(node)
  })
})

test('a file server’s volume is attached to nothing', () => {
  const cluster = testCluster(2)
  cluster.api.create('persistentvolumeclaims', {
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      storageClassName: 'nfs',
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: '1Gi' } },
    },
  })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  cluster.api.create('deployments.apps', deploymentOf('web', 4, {}, { volumes }))
  cluster.runFor(60_000)
  expect(running(cluster)).toHaveLength(4)
  expect(cluster.api.list(attachments)).toEqual([])
})
