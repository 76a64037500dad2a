import { expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'

function clusterWith(replicas: number): Cluster {
  const cluster = testCluster(2)
  const { metadata, spec } = deploymentOf('web', replicas)
  const orphan = { name: 'stray', namespace: 'default', labels: { app: 'web' } }
  cluster.api.create('pods', { metadata: orphan, spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] } })
  cluster.api.create('replicationcontrollers', { metadata, spec: { ...spec, selector: { app: 'web' } } })
  cluster.runFor(20_000)
  return cluster
}

test('a ReplicationController adopts what matches, makes the rest and tells of it', () => {
  const cluster = clusterWith(3)
  const pods = cluster.api.list('pods')
  expect(pods.map(({ metadata }) => metadata.ownerReferences![0]!.kind)).toEqual(Array(3).fill('ReplicationController'))
  expect(pods.map(({ metadata }) => metadata.name)).toContain('stray')
  expect(cluster.api.get('replicationcontrollers', 'default/web').status).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
  })
  const events = cluster.api
    .list('events')
    .filter(({ involvedObject }: any) => involvedObject.kind === 'ReplicationController')
  expect(events.map((event: any) => [event.reason, event.source.component])).toEqual(
    Array(2).fill(['SuccessfulCreate', 'replication-controller']),
  )
})

test('it scales down, and lets go of a pod whose label changes', () => {
  const cluster = clusterWith(3)
  cluster.api.patch('pods', 'default/stray', { type: 'merge', patch: { metadata: { labels: { app: 'debug' } } } })
  cluster.api.patch('replicationcontrollers', 'default/web', { type: 'merge', patch: { spec: { replicas: 1 } } })
  cluster.runFor(60_000)
  expect(cluster.api.list('pods')).toHaveLength(2)
  expect(cluster.api.get('pods', 'default/stray').metadata.ownerReferences ?? []).toEqual([])
})
