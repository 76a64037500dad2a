import { describe, expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'

function grown(storageClassName: string, withPod: boolean) {
  const cluster = testCluster(1)
  cluster.api.create('persistentvolumeclaims', {
    metadata: { name: 'data', namespace: 'default' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  const pod = { spec: { containers: [{ name: 'main', image: 'nginx:1.27' }], volumes } }
  const user = (name: string) => cluster.api.create('pods', { metadata: { name, namespace: 'default' }, ...pod })
  user('first')
  cluster.runFor(60_000)
  if (!withPod) cluster.api.delete('pods', 'default/first')
  cluster.runFor(60_000)
  cluster.api.patch('persistentvolumeclaims', 'default/data', {
    type: 'merge',
    patch: { spec: { resources: { requests: { storage: '3Gi' } } } },
  })
  const claim = () => cluster.api.get('persistentvolumeclaims', 'default/data')
  const size = () => cluster.api.get('persistentvolumes', claim().spec.volumeName).spec.capacity.storage
  const reasons = () =>
    (cluster.api.list('events') as any[])
      .filter((event) => event.involvedObject.name === 'data')
      .map(({ reason }) => reason)
  return { cluster, claim, size, reasons, user }
}

describe('a claim that asks for more', () => {
  test('is told who will do it, and gets it: the volume, then the file system', () => {
    const { cluster, claim, size, reasons } = grown('standard', true)
    cluster.runFor(1000)
    expect(claim().status).toMatchObject({
      capacity: { storage: '1Gi' },
      conditions: [{ type: 'Resizing', status: 'True' }],
      allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
    })
    cluster.runFor(10_000)
    expect([size(), claim().status.capacity.storage]).toEqual(['3Gi', '3Gi'])
    expect([claim().status.conditions, claim().status.allocatedResourceStatuses]).toEqual([undefined, undefined])
    const told = ['ExternalExpanding', 'Resizing', 'FileSystemResizeRequired', 'FileSystemResizeSuccessful']
    expect(reasons()).toEqual(expect.arrayContaining(told))
  })

  test('waits for a pod to make its file system larger', () => {
    const { cluster, claim, size, user } = grown('standard', false)
    cluster.runFor(600_000)
    expect([size(), claim().status.capacity.storage]).toEqual(['3Gi', '1Gi'])
    expect(claim().status.conditions).toMatchObject([
      {
        type: 'FileSystemResizePending',
        message: 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.',
      },
    ])
    user('second')
    cluster.runFor(60_000)
    expect(claim().status.capacity.storage).toBe('3Gi')
  })

  test('of a file server gets it without', () => {
    const { cluster, claim, reasons } = grown('nfs', false)
    cluster.runFor(10_000)
    expect(claim().status.capacity.storage).toBe('3Gi')
    expect(reasons()).toContain('VolumeResizeSuccessful')
  })
})
