import { describe, expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

const mebibyte = 1024 ** 2
const shell = (script: string, more: Record<string, unknown> = {}) => ({
  name: 'main',
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
})
const statusOf = (cluster: Cluster, name: string) => cluster.api.get('pods', `default/${name}`).status
const eventsOf = (cluster: Cluster, reason: string): string[] =>
  cluster.api
    .list('events')
    .filter((event: any) => event.reason === reason)
    .map((event: any) => event.message)

function running(pods: Record<string, Record<string, unknown>>, ms: number, memoryBytes?: number): Cluster {
  const cluster = testCluster(1)
  if (memoryBytes !== undefined) shrink(cluster, memoryBytes)
  for (const [name, spec] of Object.entries(pods)) cluster.api.create('pods', podOf(name, spec))
  cluster.runFor(ms)
  return cluster
}

/** A machine whose memory is nearly used up by what it is itself. */
function shrink(cluster: Cluster, memoryBytes: number): void {
  const machines = cluster.machines as any
  machines.set({ ...cluster.machines.get('node-1'), memoryBytes })
}

describe('a container that uses more memory than it may', () => {
  test.each([
    ['reads a line without an end', 'tail /dev/zero'],
    ['doubles a variable', 'x=0123456789abcdef; while sleep 0.1; do x=$x$x; done'],
    ['fills a file system in memory', 'head -c 40000000 /dev/zero > /m/f; sleep 600'],
  ])('is killed when it %s', (_what, script) => {
    const main = shell(script, {
      resources: { limits: { memory: '24Mi' } },
      volumeMounts: [{ name: 'm', mountPath: '/m' }],
    })
    const spec = {
      restartPolicy: 'Never',
      volumes: [{ name: 'm', emptyDir: { medium: 'Memory' } }],
      containers: [main],
    }
    const { terminated } = statusOf(running({ p: spec }, 20_000), 'p').containerStatuses[0].state
    expect(terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
  })

  test('lives on below its limit', () => {
    const main = shell('head -c 1000000 /dev/zero | tail -c 500000 | wc -c; sleep 600', {
      resources: { limits: { memory: '24Mi' } },
    })
    expect(statusOf(running({ p: { containers: [main] } }, 20_000), 'p').phase).toBe('Running')
  })
})

describe('a pod that stores more than it may', () => {
  const storage = { resources: { limits: { 'ephemeral-storage': '2Mi' } } }
  test.each([
    ['its container’s file system', shell('head -c 3000000 /dev/zero > /f; sleep 600', storage), 'ephemeral'],
    [
      'an emptyDir',
      shell('head -c 3000000 /dev/zero > /v/f; sleep 600'),
      'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ',
    ],
  ])('is evicted for %s', (_where, container, message) => {
    const main = { ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }
    const spec = { volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }], containers: [main] }
    const cluster = running({ p: spec }, 100_000)
    expect(statusOf(cluster, 'p')).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
    expect(statusOf(cluster, 'p').message).toContain(message)
    expect(eventsOf(cluster, 'Evicted')).toEqual([statusOf(cluster, 'p').message])
  })

  test('one that removes it in time stays', () => {
    const main = shell('head -c 3000000 /dev/zero > /v/f; rm /v/f; sleep 600', {
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    })
    const spec = { volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }], containers: [main] }
    expect(statusOf(running({ p: spec }, 200_000), 'p').phase).toBe('Running')
  })
})

describe('a node whose memory runs out', () => {
  const holding = (megabytes: number, request?: string) => ({
    terminationGracePeriodSeconds: 1,
    containers: [
      shell(`x=$(head -c ${megabytes * 1_000_000} /dev/zero | tr '\\0' a); while sleep 3600; do :; done`, {
        ...(request && { resources: { requests: { memory: request } } }),
      }),
    ],
  })
  const pods = { modest: holding(12, '14Mi'), greedy: holding(12, '1Mi'), small: holding(4) }
  /** More than 100Mi would be left with any one of them gone. */
  const memory = 120 * mebibyte

  test('ends those that use more than they asked for, the one farthest beyond first', () => {
    const cluster = running(pods, 60_000, memory)
    expect(statusOf(cluster, 'greedy')).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
    expect(statusOf(cluster, 'greedy').message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Ki\. Container main was using \d+Ki, request is 1Mi, has larger consumption of memory\. $/,
    )
    expect(statusOf(cluster, 'greedy').conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }),
    )
    expect([statusOf(cluster, 'modest').phase, statusOf(cluster, 'small').phase]).toEqual(['Running', 'Running'])
  })

  test('says so, and takes it back after five minutes', () => {
    const cluster = running(pods, 60_000, memory)
    const pressure = () =>
      cluster.api.get('nodes', 'node-1').status.conditions.find((one: any) => one.type === 'MemoryPressure')
    expect(pressure()).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' })
    cluster.runFor(400_000)
    expect(pressure()).toMatchObject({ status: 'False', reason: 'KubeletHasSufficientMemory' })
    expect(eventsOf(cluster, 'NodeHasInsufficientMemory')).toHaveLength(1)
  })
})
