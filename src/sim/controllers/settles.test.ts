import { describe, expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { latencies, type Latencies } from '../latencies.ts'
import { daemonSetOf, deploymentOf, jobOf, statefulSetOf, testCluster } from '../testing/scenario.ts'

/** Writes that say nothing new: leases, heartbeats of nodes. */
function isHeartbeat(resource: string): boolean {
  return resource === 'leases.coordination.k8s.io' || resource === 'nodes'
}

function writesOf(cluster: Cluster, ms: number): string[] {
  const writes: string[] = []
  const before = cluster.api.etcd.onEvent
  cluster.api.etcd.onEvent = (resource, event) => {
    if (!isHeartbeat(resource)) writes.push(`${event.type} ${resource} ${event.key} by ${event.actor}`)
    before(resource, event)
  }
  cluster.runFor(ms)
  cluster.api.etcd.onEvent = before
  return writes
}

const hour = 3_600_000

function shop(cluster: Cluster): void {
  cluster.api.create(
    'deployments.apps',
    deploymentOf('web', 4, { ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 80 } } }),
  )
  cluster.api.create('services', {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  cluster.api.create('persistentvolumeclaims', {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  cluster.api.create('deployments.apps', deploymentOf('db', 1, { image: 'redis:8' }, { volumes }))
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  cluster.api.create(
    'statefulsets.apps',
    statefulSetOf('queue', 3, {
      minReadySeconds: 2,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
    }),
  )
  cluster.api.create('daemonsets.apps', daemonSetOf('agent', {}, { minReadySeconds: 2 }))
  const { metadata, spec: sized } = deploymentOf('old', 2)
  cluster.api.create('replicationcontrollers', { metadata, spec: { ...sized, selector: { app: 'old' } } })
  batch(cluster)
  network(cluster)
  storage(cluster)
}

/** Services of the other kinds, with what stands behind them. */
function network({ api }: Cluster): void {
  const service = (name: string, spec: object) =>
    api.create('services', { metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80 }], ...spec } })
  service('front', { type: 'LoadBalancer', selector: { app: 'web' } })
  service('each', { clusterIP: 'None', publishNotReadyAddresses: true, selector: { app: 'agent' } })
  service('outside', {})
  api.create('endpoints', {
    metadata: { name: 'outside', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
  })
}

/** A shared folder, a volume made by hand, one that is given back, and claims that wait for ever. */
function storage({ api }: Cluster): void {
  const claim = (name: string, spec: object) =>
    api.create('persistentvolumeclaims', {
      metadata: { name, namespace: 'default' },
      spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } }, ...spec },
    })
  const volume = (name: string, spec: object) =>
    api.create('persistentvolumes', {
      metadata: { name },
      spec: { accessModes: ['ReadWriteMany'], capacity: { storage: '1Gi' }, nfs: { server: 's', path: '/' }, ...spec },
    })
  claim('shared', { storageClassName: 'nfs' })
  claim('by-hand', { storageClassName: '' })
  claim('nowhere', { storageClassName: 'missing' })
  claim('too-much', {})
  volume('by-hand', {})
  const gone = { claimRef: { namespace: 'default', name: 'gone', uid: 'gone' } }
  volume('given-back', { ...gone, persistentVolumeReclaimPolicy: 'Recycle', storageClassName: 'x' })
  volume('failed', { ...gone, persistentVolumeReclaimPolicy: 'Delete', storageClassName: 'x' })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }]
  api.create('deployments.apps', deploymentOf('readers', 2, {}, { volumes }))
}

/** How many addresses stand behind each Service, by its two kinds of list. */
function endpointsOf({ api }: Cluster): unknown {
  const counts: Record<string, number> = {}
  const add = (name: string, count: number) => (counts[name] = (counts[name] ?? 0) + count)
  for (const { metadata, endpoints } of api.list('endpointslices.discovery.k8s.io') as any[])
    add(`slices of ${metadata.labels['kubernetes.io/service-name']}`, endpoints?.length ?? 0)
  for (const { metadata, subsets = [] } of api.list('endpoints') as any[])
    for (const { addresses = [] } of subsets) add(`addresses of ${metadata.name}`, addresses.length)
  return counts
}

/** Jobs that succeed, fail, wait, and go by themselves, and what starts and sizes workloads. */
function batch(cluster: Cluster): void {
  const { api } = cluster
  api.create('jobs.batch', jobOf('done', 'sleep 3', { completions: 4, parallelism: 2, completionMode: 'Indexed' }))
  api.create('jobs.batch', jobOf('failing', 'sleep 1; exit 3', { backoffLimit: 1 }))
  api.create('jobs.batch', jobOf('waiting', 'sleep 1', { suspend: true }))
  api.create('jobs.batch', jobOf('passing', 'sleep 1', { ttlSecondsAfterFinished: 5 }))
  const { spec } = jobOf('tick', 'sleep 1')
  api.create('cronjobs.batch', {
    metadata: { name: 'tick', namespace: 'default' },
    spec: { schedule: '@yearly', timeZone: 'Europe/Berlin', jobTemplate: { spec } },
  })
  api.create('deployments.apps', deploymentOf('idle', 0))
  api.create('horizontalpodautoscalers.autoscaling', {
    metadata: { name: 'idle', namespace: 'default' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'idle' }, maxReplicas: 3 },
  })
}

/** What became of a job, without its times. */
function outcomeOf({ metadata, status }: any): unknown {
  const { conditions = [], startTime: _started, completionTime: _ended, ...counts } = status
  return { name: metadata.name, ...counts, conditions: conditions.map(wordsOf) }
}

const wordsOf = ({ type, status, reason }: any): string => `${type} ${status} ${reason}`

describe('every controller settles', () => {
  test.each([2, 70, 900])('an hour without change writes nothing, with watches that take %i ms', (watch) => {
    const cluster = testCluster(3, 1, { latencies: { ...latencies, watch } as unknown as Latencies })
    shop(cluster)
    cluster.runFor(hour)
    // Events of the first minutes expire within the second hour; nothing else may happen in it.
    expect(writesOf(cluster, hour).filter((write) => !write.startsWith('DELETED events '))).toEqual([])
  })

  test('what a quota refuses is tried again ever more rarely, and told of once in ten times', () => {
    const cluster = testCluster(3)
    cluster.api.create('resourcequotas', {
      metadata: { name: 'few', namespace: 'default' },
      spec: { hard: { pods: '2' } },
    })
    cluster.runFor(1_000)
    cluster.api.create('deployments.apps', deploymentOf('web', 3, {}))
    cluster.runFor(20_000)
    const refusals = cluster.api
      .list('events')
      .filter((event: any) => event.reason === 'FailedCreate')
      .map((event: any) => event.message)
    expect(refusals.filter((message) => message.startsWith('Error creating: '))).toHaveLength(9)
    expect(refusals.filter((message) => message.startsWith('(combined from similar events): Error'))).toHaveLength(1)
    const writes = writesOf(cluster, 60_000).filter((write) => write.endsWith('by system:replicaset-controller'))
    expect(writes.length).toBeLessThan(5)
  })

  test.each([
    [2, 11],
    [90, 53],
  ])('killed at any moment and started again, all end in the same place; watches take %i ms', (watch, step) => {
    const run = (disturb: (cluster: Cluster) => void) => {
      const cluster = testCluster(3, 1, { latencies: { ...latencies, watch } as unknown as Latencies })
      shop(cluster)
      disturb(cluster)
      cluster.runFor(120_000)
      const pods = cluster.api.list('pods').map((pod) => `${pod.metadata.labels!.app} ${pod.status.phase}`)
      return [
        pods.sort(),
        cluster.api.list('deployments.apps').map(({ status }) => status.readyReplicas),
        cluster.api.list('replicationcontrollers').map(({ status }) => status.readyReplicas),
        cluster.api.list('statefulsets.apps').map(({ status }) => status),
        cluster.api.list('daemonsets.apps').map(({ status }) => status),
        cluster.api
          .list('controllerrevisions.apps')
          .map(({ metadata, ...one }: any) => [metadata.labels, one.revision]),
        cluster.api.list('persistentvolumeclaims').map(({ metadata, status }) => [metadata.name, status.phase]),
        cluster.api
          .list('persistentvolumes')
          .map(({ spec, status }) => [spec.claimRef?.name, status.phase])
          .sort(),
        cluster.api.list('volumeattachments.storage.k8s.io').map(({ status }) => status.attached),
        cluster.api.list('services').map(({ status }) => status.loadBalancer?.ingress),
        endpointsOf(cluster),
        cluster.api.list('jobs.batch').map(outcomeOf),
        cluster.api.list('horizontalpodautoscalers.autoscaling').map(({ status }) => status.conditions.map(wordsOf)),
      ]
    }
    const undisturbed = run(() => {})
    for (let tasks = 0; tasks < 40 * step; tasks += step) {
      const disturbed = run((cluster) => {
        for (let i = 0; i < tasks; i++) cluster.clock.step()
        for (const controller of cluster.controllers) controller.restart()
        cluster.garbageCollector.restart()
        cluster.scheduler.restart()
      })
      expect(disturbed, `restarted after ${tasks} tasks`).toEqual(undisturbed)
    }
  })
})

describe('a node that is lost', () => {
  const unknownAt = (cluster: Cluster) =>
    cluster.api.get('nodes', 'node-1').status.conditions.find((one: any) => one.type === 'Ready')

  test('unplugged: Unknown after the grace period, evicted after the toleration, replaced elsewhere', () => {
    const cluster = testCluster(3)
    cluster.api.create('deployments.apps', deploymentOf('web', 6))
    cluster.runFor(30_000)
    const there = cluster.api.list('pods').filter((pod) => pod.spec.nodeName === 'node-1')
    expect(there.length).toBeGreaterThan(0)
    cluster.machines.unplug('node-1')
    cluster.runFor(40_000)
    expect(unknownAt(cluster).status).toBe('True')
    cluster.runFor(20_000)
    expect(unknownAt(cluster)).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    })
    const taints = cluster.api.get('nodes', 'node-1').spec.taints.map((taint: any) => `${taint.key}:${taint.effect}`)
    expect(taints.sort()).toEqual([
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/unreachable:NoSchedule',
    ])
    cluster.runFor(320_000)
    const pods = cluster.api.list('pods')
    expect(
      pods
        .filter((pod) => pod.metadata.deletionTimestamp)
        .map((pod) => pod.metadata.name)
        .sort(),
    ).toEqual(there.map((pod) => pod.metadata.name).sort())
    expect(cluster.api.get('deployments.apps', 'default/web').status.readyReplicas).toBe(6)
    cluster.machines.plug('node-1')
    cluster.runFor(60_000)
    expect(cluster.api.list('pods')).toHaveLength(6)
    expect(unknownAt(cluster).status).toBe('True')
    expect(cluster.api.get('nodes', 'node-1').spec.taints).toBeUndefined()
  })

  test('powered off and on within the grace period: its containers start again', () => {
    const cluster = testCluster(1)
    cluster.api.create('deployments.apps', deploymentOf('web', 2))
    cluster.runFor(30_000)
    cluster.machines.powerOff('node-1')
    cluster.runFor(5_000)
    cluster.machines.powerOn('node-1')
    cluster.runFor(30_000)
    const pods = cluster.api.list('pods')
    expect(pods.map((pod) => [pod.status.phase, pod.status.containerStatuses[0].restartCount])).toEqual([
      ['Running', 1],
      ['Running', 1],
    ])
  })
})
