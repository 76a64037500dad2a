import { describe, expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

const mebibyte = 1024 ** 2
/** Room for busybox and 60 MB before 15 % are not left. */
const diskBytes = 75 * mebibyte

function onDisk(bytes = diskBytes, images: Record<string, number> = {}): Cluster {
  const cluster = testCluster(1)
  cluster.runFor(2000)
  const machines = cluster.machines as any
  machines.set({ ...cluster.machines.get('node-1'), diskBytes: bytes, images })
  return cluster
}

const writing = (megabytes: number, more: Record<string, unknown> = {}, path = '/f') => ({
  terminationGracePeriodSeconds: 1,
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      command: ['sh', '-c', `dd if=/dev/zero of=${path} bs=1000000 count=${megabytes}; sleep 36000`],
      ...more,
    },
  ],
})
function start(cluster: Cluster, pods: Record<string, Record<string, unknown>>, ms = 60_000): Cluster {
  for (const [name, spec] of Object.entries(pods)) cluster.api.create('pods', podOf(name, spec))
  cluster.runFor(ms)
  return cluster
}
const statusOf = (cluster: Cluster, name: string) => cluster.api.get('pods', `default/${name}`).status
const nodeOf = (cluster: Cluster) => cluster.api.get('nodes', 'node-1')
const pressure = (cluster: Cluster) => nodeOf(cluster).status.conditions.find((one: any) => one.type === 'DiskPressure')
const eventsOf = (cluster: Cluster, reason: string): any[] =>
  cluster.api.list('events').filter((event: any) => event.reason === reason)
const request = (storage: string) => ({ resources: { requests: { 'ephemeral-storage': storage } } })

describe('a node whose disk is nearly full', () => {
  test('ends a pod that has more than it asked for, and says why', () => {
    const cluster = start(onDisk(), { modest: writing(40, request('50M')), greedy: writing(25) })
    expect(statusOf(cluster, 'greedy')).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
    expect(statusOf(cluster, 'greedy').message).toMatch(
      /^The node was low on resource: ephemeral-storage\. Threshold quantity: 11520Ki, available: \d+Ki\. Container main was using \d+Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
    )
    expect(statusOf(cluster, 'greedy').conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }),
    )
    expect(statusOf(cluster, 'modest').phase).toBe('Running')
    expect(eventsOf(cluster, 'EvictionThresholdMet').map(({ message }) => message)).toEqual([
      'Attempting to reclaim ephemeral-storage',
    ])
  })

  test.each<[string, Record<string, Record<string, unknown>>, string]>([
    ['the one with the lower priority', { low: { ...writing(25), priority: -5 }, other: writing(40) }, 'low'],
    ['the one that is farthest beyond', { one: writing(25), other: writing(40) }, 'other'],
    [
      'what its volumes hold counts',
      {
        one: writing(20),
        other: {
          ...writing(45, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }, '/v/f'),
          volumes: [{ name: 'v', emptyDir: {} }],
        },
      },
      'other',
    ],
  ])('of two, %s goes', (_what, pods, gone) => {
    const cluster = onDisk()
    for (const name of Object.keys(pods)) {
      const { priority, ...spec } = pods[name]!
      if (priority !== undefined)
        cluster.api.create('priorityclasses.scheduling.k8s.io', {
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name },
          value: priority,
        } as any)
      pods[name] = { ...spec, ...(priority !== undefined && { priorityClassName: name }) }
    }
    start(cluster, pods)
    const failed = Object.keys(pods).filter((name) => statusOf(cluster, name).phase === 'Failed')
    expect(failed).toEqual([gone])
  })

  test('is under pressure, tainted, takes no pods, and is so for five minutes', () => {
    const cluster = start(onDisk(), { greedy: writing(66) })
    expect(pressure(cluster)).toMatchObject({
      status: 'True',
      reason: 'KubeletHasDiskPressure',
      message: 'kubelet has disk pressure',
    })
    expect(nodeOf(cluster).spec.taints).toEqual([
      expect.objectContaining({ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }),
    ])
    start(cluster, { late: { nodeName: 'node-1', ...writing(1, request('1M')) } }, 3000)
    expect(statusOf(cluster, 'late')).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [DiskPressure]. ',
    })
    cluster.runFor(400_000)
    expect(pressure(cluster)).toMatchObject({ status: 'False', reason: 'KubeletHasNoDiskPressure' })
    expect(nodeOf(cluster).spec.taints ?? []).toEqual([])
    expect(eventsOf(cluster, 'NodeHasDiskPressure')).toHaveLength(1)
  })

  test('first takes images away that nobody uses', () => {
    const images = { 'docker.io/library/nginx:1.29': 30 * mebibyte, 'docker.io/library/redis:8': 10 * mebibyte }
    const cluster = start(onDisk(diskBytes, images), { one: writing(40) })
    expect(statusOf(cluster, 'one').phase).toBe('Running')
    expect(Object.keys(cluster.machines.get('node-1')!.images)).toEqual(['docker.io/library/busybox:1.36'])
    expect(eventsOf(cluster, 'EvictionThresholdMet')).toHaveLength(1)
    expect(pressure(cluster).status).toBe('True')
  })

  test('is not looked at while there is room', () => {
    const cluster = start(onDisk(), { one: writing(40) })
    expect(cluster.machines.kubelet('node-1')!.state.watchesDisk).toBeUndefined()
    expect(pressure(cluster).status).toBe('False')
  })
})
