import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'

const manifest = (image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { terminationGracePeriodSeconds: 2, containers: [{ name: 'web', image }] },
})
const key = 'default/web-node-1'
const mirror = (cluster: Cluster): any => cluster.api.find('pods', key)

function withStaticPod(): Cluster {
  const cluster = testCluster(2)
  cluster.machines.setManifest('node-1', 'web.yaml', manifest('nginx:1.27'))
  cluster.runFor(20_000)
  return cluster
}

test('a file on a node runs, and the API shows it', () => {
  const pod = mirror(withStaticPod())
  expect(pod.status.phase).toBe('Running')
  expect(pod.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'node-1', controller: true }])
  expect(pod.metadata.annotations['kubernetes.io/config.mirror']).toBe(
    pod.metadata.annotations['kubernetes.io/config.hash'],
  )
})

test('a mirror that is deleted comes back, and nothing was restarted', () => {
  const cluster = withStaticPod()
  const before = mirror(cluster)
  cluster.api.delete('pods', key)
  cluster.runFor(5_000)
  const after = mirror(cluster)
  expect(after.metadata.uid).not.toBe(before.metadata.uid)
  expect(after.status.containerStatuses[0].containerID).toBe(before.status.containerStatuses[0].containerID)
})

test('what runs is gone with its file', () => {
  const cluster = withStaticPod()
  cluster.machines.setManifest('node-1', 'web.yaml', undefined)
  cluster.runFor(20_000)
  expect(mirror(cluster)).toBeUndefined()
  expect(cluster.machines.kubelet('node-1')!.state.pods).toEqual([])
})

test('another file of the same name takes its place', () => {
  const cluster = withStaticPod()
  cluster.machines.setManifest('node-1', 'web.yaml', manifest('nginx:1.28'))
  cluster.runFor(30_000)
  expect(mirror(cluster).spec.containers[0].image).toBe('nginx:1.28')
  expect(mirror(cluster).status.phase).toBe('Running')
})

test('it starts without an API, and again after a power cut', () => {
  const cluster = testCluster(2)
  cluster.machines.unplug('node-1')
  cluster.machines.setManifest('node-1', 'web.yaml', manifest('nginx:1.27'))
  cluster.runFor(20_000)
  expect(mirror(cluster)).toBeUndefined()
  cluster.machines.plug('node-1')
  cluster.runFor(5_000)
  expect(mirror(cluster).status.phase).toBe('Running')
  cluster.machines.powerOff('node-1')
  cluster.machines.powerOn('node-1')
  cluster.runFor(60_000)
  expect(mirror(cluster).status.phase).toBe('Running')
  expect(cluster.machines.kubelet('node-1')!.state.pods).toHaveLength(1)
})

test('a restored cluster still has it', () => {
  const cluster = Cluster.restore(withStaticPod().snapshot())
  cluster.runFor(20_000)
  expect(mirror(cluster).status.phase).toBe('Running')
})
