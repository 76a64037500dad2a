import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Cluster } from '../../cluster.ts'
import { daemonSetOf, testCluster } from '../../testing/scenario.ts'
import { nodeOf } from '../../testing/scheduling.ts'
import { failedPodMayGo } from './backoff.ts'
import { nodeTest, podFor, tolerationsOf } from './pod.ts'

function clusterWith(changes: Record<string, unknown> = {}, pod: Record<string, unknown> = {}, nodes = 3): Cluster {
  const cluster = testCluster(nodes)
  cluster.api.create('daemonsets.apps', daemonSetOf('agent', pod, changes))
  return cluster
}

const setOf = (cluster: Cluster) => cluster.api.get('daemonsets.apps', 'default/agent')
const living = (cluster: Cluster) => cluster.api.list('pods').filter(({ metadata }) => !metadata.deletionTimestamp)
const placesOf = (cluster: Cluster) =>
  living(cluster)
    .map(({ spec }) => `${spec.nodeName} ${spec.containers[0].image}`)
    .sort()
const setImage = (cluster: Cluster, image: string) =>
  cluster.api.patch('daemonsets.apps', 'default/agent', {
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
  })
const label = (cluster: Cluster, node: string, labels: Record<string, string | null>) =>
  cluster.api.patch('nodes', node, { type: 'merge', patch: { metadata: { labels } } })
const messages = (cluster: Cluster, reason: string) =>
  cluster.api
    .list('events')
    .filter((event: any) => event.reason === reason)
    .map((event: any) => event.message)

/** The most pods that were unavailable, and the most there were, while so much time passed. */
function extremes(cluster: Cluster, seconds: number): { least: number; most: number } {
  let [least, most] = [Infinity, 0]
  for (let second = 0; second < seconds * 10; second++) {
    cluster.runFor(100)
    const ready = living(cluster).filter(({ status }) => status?.conditions?.some(isReadyCondition))
    least = Math.min(least, ready.length)
    most = Math.max(most, living(cluster).length)
  }
  return { least, most }
}
const isReadyCondition = ({ type, status }: any) => type === 'Ready' && status === 'True'

describe('a DaemonSet', () => {
  test('has one pod on each node, bound by the scheduler', () => {
    const cluster = clusterWith()
    cluster.runFor(20_000)
    expect(placesOf(cluster)).toEqual(['node-1 nginx:1.27', 'node-2 nginx:1.27', 'node-3 nginx:1.27'])
    expect(setOf(cluster).status).toEqual({
      currentNumberScheduled: 3,
      numberMisscheduled: 0,
      desiredNumberScheduled: 3,
      numberReady: 3,
      observedGeneration: 1,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    })
  })

  test('follows the labels of nodes', () => {
    const cluster = clusterWith({}, { nodeSelector: { disk: 'ssd' } })
    cluster.runFor(10_000)
    expect(placesOf(cluster)).toEqual([])
    label(cluster, 'node-2', { disk: 'ssd' })
    cluster.runFor(10_000)
    expect(placesOf(cluster)).toEqual(['node-2 nginx:1.27'])
    label(cluster, 'node-2', { disk: null })
    cluster.runFor(60_000)
    expect(placesOf(cluster)).toEqual([])
  })

  test('takes back a pod that still waits for a node it may not have any more', () => {
    const cluster = clusterWith({}, { nodeSelector: { disk: 'ssd' }, priorityClassName: 'system-node-critical' })
    const huge = {
      spec: { template: { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '99' } } }] } } },
    }
    cluster.api.patch('daemonsets.apps', 'default/agent', { type: 'strategic', patch: huge })
    label(cluster, 'node-2', { disk: 'ssd' })
    cluster.runFor(10_000)
    expect(placesOf(cluster)).toEqual(['undefined nginx:1.27'])
    label(cluster, 'node-2', { disk: null })
    cluster.runFor(10_000)
    expect(placesOf(cluster)).toEqual([])
  })

  test('replaces failed pods of a node ever more slowly, and tells of each', () => {
    const cluster = clusterWith({}, {}, 1)
    cluster.runFor(10_000)
    const fail = () => {
      const [pod] = living(cluster)
      cluster.api.update('pods', { ...pod!, status: { ...pod!.status, phase: 'Failed' } }, { subresource: 'status' })
      const from = cluster.clock.now()
      while (cluster.clock.now() < from + 60_000) {
        cluster.runFor(100)
        if (living(cluster).every(({ metadata }) => metadata.uid !== pod!.metadata.uid)) break
      }
      const tookMs = cluster.clock.now() - from
      cluster.runFor(500)
      return tookMs
    }
    const delays = [fail(), fail(), fail(), fail()]
    expect(delays[0]).toBeLessThan(300)
    for (const [index, delay] of delays.slice(1).entries()) expect(delay).toBeGreaterThan(300 * 2 ** index)
    expect(delays[3]).toBeGreaterThan(delays[1]!)
    expect(messages(cluster, 'FailedDaemonPod')[0]).toMatch(
      /^Found failed daemon pod default\/agent-\w{5} on node node-1, will try to kill it$/,
    )
  })

  test('keeps the oldest of several pods on a node', () => {
    const cluster = clusterWith()
    cluster.runFor(10_000)
    const before = placesOf(cluster).length
    const [pod] = living(cluster)
    const { labels, ownerReferences } = pod!.metadata
    const { nodeName } = pod!.spec
    cluster.api.create('pods', {
      metadata: { name: 'second', namespace: 'default', labels, ownerReferences },
      spec: { nodeName, containers: [{ name: 'main', image: 'nginx:1.27' }] },
    })
    cluster.runFor(10_000)
    expect(living(cluster).map(({ metadata }) => metadata.name)).not.toContain('second')
    expect(placesOf(cluster)).toHaveLength(before)
  })
})

describe('updating a DaemonSet', () => {
  const updated = ['node-1 nginx:1.28', 'node-2 nginx:1.28', 'node-3 nginx:1.28']

  test.each<[string, Record<string, unknown>, { least: number; most: number }]>([
    ['one at a time', { maxUnavailable: 1 }, { least: 2, most: 3 }],
    ['more at a time', { maxUnavailable: '50%' }, { least: 1, most: 3 }],
    ['with surge', { maxUnavailable: 0, maxSurge: 1 }, { least: 3, most: 4 }],
  ])('%s', (_name, rollingUpdate, expected) => {
    const cluster = clusterWith({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } })
    cluster.runFor(20_000)
    setImage(cluster, 'nginx:1.28')
    expect(extremes(cluster, 60)).toEqual(expected)
    expect(placesOf(cluster)).toEqual(updated)
    expect(setOf(cluster).status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 })
  })

  test('waits for minReadySeconds between two nodes', () => {
    const cluster = clusterWith({ minReadySeconds: 20 })
    cluster.runFor(60_000)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(30_000)
    expect(placesOf(cluster).filter((one) => one.endsWith('1.28')).length).toBeLessThan(3)
    cluster.runFor(90_000)
    expect(placesOf(cluster)).toEqual(updated)
  })

  test('replaces pods that are broken anyway without waiting', () => {
    const cluster = clusterWith()
    cluster.runFor(10_000)
    setImage(cluster, 'shop.invalid/web:2')
    cluster.runFor(60_000)
    expect(placesOf(cluster).filter((one) => one.endsWith('invalid/web:2'))).toHaveLength(1)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(60_000)
    expect(placesOf(cluster)).toEqual(updated)
  })

  test('OnDelete leaves it to whoever deletes pods', () => {
    const cluster = clusterWith({ updateStrategy: { type: 'OnDelete' } })
    cluster.runFor(10_000)
    setImage(cluster, 'nginx:1.28')
    cluster.runFor(10_000)
    const pod = living(cluster).find(({ spec }) => spec.nodeName === 'node-2')!
    cluster.api.delete('pods', `default/${pod.metadata.name}`)
    cluster.runFor(30_000)
    expect(placesOf(cluster)).toEqual(['node-1 nginx:1.27', 'node-2 nginx:1.28', 'node-3 nginx:1.27'])
    expect(setOf(cluster).status.updatedNumberScheduled).toBe(1)
  })

  test('keeps as many unused revisions as the limit says', () => {
    const cluster = clusterWith({ revisionHistoryLimit: 1 })
    for (const image of ['nginx:1.25', 'nginx:1.26', 'nginx:1.28', 'nginx:1.26']) {
      cluster.runFor(60_000)
      setImage(cluster, image)
    }
    cluster.runFor(60_000)
    const revisions = cluster.api.list('controllerrevisions.apps').map((one: any) => one.revision)
    expect(revisions.sort()).toEqual([4, 5])
  })

  test('two revisions of one template become one, with the pods of both', () => {
    const cluster = clusterWith()
    cluster.runFor(10_000)
    const [first] = cluster.api.list('controllerrevisions.apps') as any[]
    const { labels, ownerReferences, namespace } = first.metadata
    cluster.api.create('controllerrevisions.apps', {
      metadata: { name: 'twin', namespace, ownerReferences, labels: { ...labels, 'controller-revision-hash': 'twin' } },
      data: first.data,
      revision: 2,
    })
    cluster.runFor(10_000)
    expect(cluster.api.list('controllerrevisions.apps').map(({ metadata }) => metadata.name)).toEqual(['twin'])
    expect(living(cluster).map(({ metadata }) => metadata.labels!['controller-revision-hash'])).toEqual(
      Array(3).fill('twin'),
    )
  })
})

describe('which nodes are for a DaemonSet', () => {
  const set = (pod: Record<string, unknown>) => daemonSetOf('agent', pod) as KubeObject
  const taint = (key: string, effect: string) => ({ spec: { taints: [{ key, effect }] } })
  const runs = { runs: true, stays: true }
  const stays = { runs: false, stays: true }
  const not = { runs: false, stays: false }
  test.each<[string, Record<string, unknown>, { spec?: object }, object]>([
    ['any node', {}, {}, runs],
    ['not one of another name', { nodeName: 'node-2' }, {}, not],
    ['not one without the label', { nodeSelector: { disk: 'ssd' } }, {}, not],
    ['one that is cordoned', {}, taint('node.kubernetes.io/unschedulable', 'NoSchedule'), runs],
    ['one that is unreachable', {}, taint('node.kubernetes.io/unreachable', 'NoExecute'), runs],
    [
      'one without network only on the host’s own',
      {},
      taint('node.kubernetes.io/network-unavailable', 'NoSchedule'),
      stays,
    ],
    ['… which it has', { hostNetwork: true }, taint('node.kubernetes.io/network-unavailable', 'NoSchedule'), runs],
    ['what is there stays on a tainted one', {}, taint('team', 'NoSchedule'), stays],
    ['not where nothing may stay', {}, taint('team', 'NoExecute'), not],
    ['a preference is none of its business', {}, taint('team', 'PreferNoSchedule'), runs],
    ['a taint that it tolerates', { tolerations: [{ operator: 'Exists' }] }, taint('team', 'NoExecute'), runs],
  ])('%s', (_name, pod, changes, expected) => {
    expect(nodeTest(set(pod))(nodeOf('node-1', changes))).toEqual(expected)
  })

  test('its own tolerations follow the given ones, and take the place of such as differ in time only', () => {
    const key = 'node.kubernetes.io/not-ready'
    const given = { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }
    const own = tolerationsOf(set({ tolerations: [{ key: 'gpu', operator: 'Exists' }, given] }))
    expect(own.map((one) => one.key!.replace('node.kubernetes.io/', ''))).toEqual([
      'gpu',
      'not-ready',
      'unreachable',
      'disk-pressure',
      'memory-pressure',
      'pid-pressure',
      'unschedulable',
    ])
    expect(own[1]!.tolerationSeconds).toBeUndefined()
  })

  test('a pod is bound to its node by an affinity that keeps the preferred terms', () => {
    const preferred = [{ weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }]
    const required = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'b', operator: 'Exists' }] }] }
    const affinity = {
      podAntiAffinity: {},
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: preferred,
        requiredDuringSchedulingIgnoredDuringExecution: required,
      },
    }
    const pod: any = podFor(set({ affinity }), 'node-7', 'hash', [])
    expect(pod.spec.affinity).toEqual({
      podAntiAffinity: {},
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: preferred,
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-7'] }] }],
        },
      },
    })
  })
})

test('the delay between failed pods of a node doubles up to 15 minutes and is forgotten after half an hour', () => {
  const memory = new Map()
  const set = daemonSetOf('agent')
  let now = 0
  const waits: number[] = []
  for (let round = 0; round < 12; round++) {
    expect(failedPodMayGo(set, 'node-1', now, memory)).toBe(0)
    expect(failedPodMayGo(set, 'node-2', now, new Map())).toBe(0)
    const wait = failedPodMayGo(set, 'node-1', now, memory)
    waits.push(wait / 1000)
    now += wait
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  now += 1_800_000
  failedPodMayGo(set, 'node-1', now, memory)
  expect(failedPodMayGo(set, 'node-1', now, memory)).toBe(1_000)
})
