import { describe, expect, test } from 'vitest'
import { rfc3339 } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Cluster } from '../../cluster.ts'
import { deploymentOf, testCluster } from '../../testing/scenario.ts'
import { podOf } from '../../testing/scheduling.ts'
import { rankForDeletion } from '../../controller-runtime/replicas/rank.ts'

const web = { app: 'web' }

function setOf(cluster: Cluster, replicas: number): KubeObject {
  return cluster.api.create('replicasets.apps', deploymentOf('web', replicas))
}

const pods = (cluster: Cluster) => cluster.api.list('pods').filter(({ metadata }) => !metadata.deletionTimestamp)
const ownersOf = (cluster: Cluster, name: string) =>
  cluster.api.get('pods', `default/${name}`).metadata.ownerReferences ?? []

describe('a ReplicaSet', () => {
  test('adopts a pod that matches and makes the rest', () => {
    const cluster = testCluster(2)
    cluster.api.create('pods', podOf('stray', {}, web))
    const set = setOf(cluster, 3)
    cluster.runFor(10_000)
    expect(ownersOf(cluster, 'stray')).toMatchObject([
      { kind: 'ReplicaSet', uid: set.metadata.uid, controller: true, blockOwnerDeletion: true },
    ])
    expect(pods(cluster)).toHaveLength(3)
  })

  test('leaves a pod alone that somebody else controls', () => {
    const cluster = testCluster(2)
    const reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'other',
      uid: cluster.api.create('configmaps', { metadata: { name: 'other', namespace: 'default' } }).metadata.uid,
      controller: true,
    }
    const pod = podOf('taken', {}, web)
    cluster.api.create('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences: [reference] } })
    setOf(cluster, 1)
    cluster.runFor(10_000)
    expect(ownersOf(cluster, 'taken')).toMatchObject([{ kind: 'ConfigMap' }])
    expect(pods(cluster)).toHaveLength(2)
  })

  test('lets go of a pod whose label changes, and makes another', () => {
    const cluster = testCluster(2)
    setOf(cluster, 2)
    cluster.runFor(10_000)
    const [first] = pods(cluster)
    cluster.api.patch('pods', `default/${first!.metadata.name}`, {
      type: 'merge',
      patch: { metadata: { labels: { app: 'debug' } } },
    })
    cluster.runFor(10_000)
    expect(ownersOf(cluster, first!.metadata.name)).toEqual([])
    expect(pods(cluster)).toHaveLength(3)
  })

  test('puts a deleted pod’s replacement in its place at once', () => {
    const cluster = testCluster(2)
    setOf(cluster, 2)
    cluster.runFor(10_000)
    cluster.api.delete('pods', `default/${pods(cluster)[0]!.metadata.name}`)
    cluster.runFor(50)
    expect(pods(cluster)).toHaveLength(2)
  })

  test('says what refuses its pods, and tries again later', () => {
    const cluster = testCluster(1)
    const set = deploymentOf('web', 2, {}, { serviceAccountName: 'missing' })
    cluster.api.create('replicasets.apps', set)
    cluster.runFor(10_000)
    const [condition] = cluster.api.get('replicasets.apps', 'default/web').status.conditions
    expect(condition).toMatchObject({
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringMatching(
        /^pods "web-\w{5}" is forbidden: error looking up service account default\/missing: serviceaccount "missing" not found$/,
      ),
    })
    cluster.api.create('serviceaccounts', { metadata: { name: 'missing', namespace: 'default' } })
    cluster.runFor(600_000)
    expect(cluster.api.get('replicasets.apps', 'default/web').status).toMatchObject({ readyReplicas: 2 })
    expect(cluster.api.get('replicasets.apps', 'default/web').status.conditions).toBeUndefined()
  })
})

describe('which pod goes first', () => {
  const now = 10_000_000
  interface Traits {
    node?: string
    phase?: string
    ready?: number
    cost?: string
    restarts?: number
    created?: number
  }
  const pod = (
    name: string,
    { node = 'a', phase = 'Running', ready = 1000, cost, restarts = 0, created = 1000 }: Traits = {},
  ): KubeObject =>
    ({
      metadata: {
        name,
        uid: name,
        creationTimestamp: rfc3339(now - created * 1000),
        annotations: cost && { 'controller.kubernetes.io/pod-deletion-cost': cost },
      },
      spec: { nodeName: node || undefined },
      status: {
        phase,
        conditions:
          ready < 0
            ? [{ type: 'Ready', status: 'False' }]
            : [{ type: 'Ready', status: 'True', lastTransitionTime: rfc3339(now - ready * 1000) }],
        containerStatuses: [{ restartCount: restarts }],
      },
    }) as unknown as KubeObject

  test.each<[string, Traits, Traits]>([
    ['one without a node', { node: '' }, {}],
    ['one that is pending', { phase: 'Pending' }, {}],
    ['one whose state is unknown before one that runs', { phase: 'Unknown' }, {}],
    ['one that is not ready', { ready: -1 }, {}],
    ['the cheaper one', { cost: '-5' }, {}],
    ['one that was ready for less long', { ready: 10 }, { ready: 1000 }],
    ['one that restarted more', { restarts: 3 }, { restarts: 1 }],
    ['the younger one', { created: 10 }, { created: 1000 }],
    ['no node weighs more than a cost', { node: '' }, { cost: '-1000' }],
  ])('%s', (_name, first, second) => {
    const both = [pod('a-second', second), pod('b-first', first)]
    expect(rankForDeletion(both, [], now).map(({ metadata }) => metadata.name)).toEqual(['b-first', 'a-second'])
  })

  test('one that shares its node with most of the same workload', () => {
    const all = [pod('alone', { node: 'b' }), pod('first-of-two'), pod('second-of-two')]
    expect(rankForDeletion(all, all, now).at(-1)!.metadata.name).toBe('alone')
  })

  test('ages of the same order of magnitude are not told apart', () => {
    const both = [pod('a', { ready: 1000 }), pod('b', { ready: 900 })]
    expect(rankForDeletion(both, [], now).map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
  })
})
