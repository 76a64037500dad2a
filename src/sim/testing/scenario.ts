import { fnv1aHex } from '../../lib/fnv1a.ts'
import { seededRandom, type Random } from '../../lib/random.ts'
import { StatusError } from '../../machinery/errors.ts'
import { keyOf } from '../../machinery/objects.ts'
import { createCluster, type Cluster, type ClusterOptions } from '../cluster.ts'
import type { NewMachine } from '../machines/machines.ts'
import { serialiseSnapshot } from '../snapshot.ts'

const gibibyte = 1024 ** 3

export function testMachine(name: string, changes: Partial<NewMachine> = {}): NewMachine {
  return {
    name,
    zone: 'zone-a',
    milliCPU: 4000,
    memoryBytes: 8 * gibibyte,
    diskBytes: 100 * gibibyte,
    maxPods: 110,
    labels: {},
    taints: [],
    ...changes,
  }
}

/** A cluster whose machines have joined: `node-1`, `node-2`, … in two zones. */
export function testCluster(machines = 3, seed = 1, options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = createCluster({
    ...options,
    seed,
    machines: Array.from({ length: machines }, (_, index) =>
      testMachine(`node-${index + 1}`, { zone: index % 2 === 0 ? 'zone-a' : 'zone-b' }),
    ),
  })
  cluster.runFor(3000)
  return cluster
}

/** A Deployment of one container, ready to be created. */
export function deploymentOf(
  name: string,
  replicas: number,
  container: Record<string, unknown> = {},
  pod: Record<string, unknown> = {},
): any {
  const labels = { app: name }
  return {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'nginx:1.27', ...container }], ...pod },
      },
    },
  }
}

/** A StatefulSet of one container, ready to be created; `changes` go over its spec. */
export function statefulSetOf(name: string, replicas: number, changes: Record<string, unknown> = {}): any {
  const { metadata, spec } = deploymentOf(name, replicas)
  return { metadata, spec: { ...spec, serviceName: name, ...changes } }
}

/** A DaemonSet of one container, ready to be created; `pod` goes over its template's spec, `changes` over its own. */
export function daemonSetOf(
  name: string,
  pod: Record<string, unknown> = {},
  changes: Record<string, unknown> = {},
): any {
  const { metadata, spec } = deploymentOf(name, 0, {}, pod)
  const { selector, template } = spec
  return { metadata, spec: { selector, template, ...changes } }
}

/** A Job whose pods run a script. */
export function jobOf(name: string, script: string, spec: Record<string, unknown> = {}): any {
  const container = { name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] }
  const template = { metadata: { labels: { app: name } }, spec: { restartPolicy: 'Never', containers: [container] } }
  return { metadata: { name, namespace: 'default' }, spec: { template, ...spec } }
}

const containers: readonly Record<string, unknown>[] = [
  {},
  { image: 'busybox:1.36', command: ['sh', '-c', 'sleep 7; exit 1'] },
  { image: 'redis:8', resources: { requests: { cpu: '700m', memory: '900Mi' } } },
  { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 3 }, ports: [{ containerPort: 80 }] },
  { image: 'app:1', livenessProbe: { tcpSocket: { port: 9 }, periodSeconds: 2 }, ports: [{ containerPort: 80 }] },
  { image: 'shop.invalid/web:2' },
  { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] },
]

type Step = (cluster: Cluster, random: Random) => void

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[random.below(items.length)]

const templated = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'] as const
const scaled = ['deployments.apps', 'deployments.apps', 'statefulsets.apps'] as const
const claimTemplate = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}

const steps: readonly Step[] = [
  (cluster, random) => {
    const container = pick(containers, random)!
    cluster.api.create('deployments.apps', deploymentOf(`web-${random.below(6)}`, random.below(6), container))
  },
  (cluster, random) => {
    const name = `web-${random.below(6)}`
    cluster.api.create('services', {
      metadata: { name, namespace: 'default' },
      spec: {
        selector: { app: name },
        ports: [{ port: 80 }],
        type: pick(['ClusterIP', 'NodePort', 'LoadBalancer'], random),
      },
    })
  },
  (cluster, random) => {
    const resource = pick(scaled, random)!
    const found = pick(cluster.api.list(resource), random)
    if (found) cluster.api.update(resource, { ...found, spec: { ...found.spec, replicas: random.below(8) } })
  },
  (cluster, random) => {
    const resource = pick(templated, random)!
    const found = pick(cluster.api.list(resource), random)
    if (!found) return
    const image = pick(['nginx:1.28', 'redis:8', 'caddy:2'], random)
    cluster.api.patch(resource, keyOf(found), {
      type: 'strategic',
      patch: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
    })
  },
  (cluster, random) => {
    const resource = pick(templated, random)!
    const found = pick(cluster.api.list(resource), random)
    const propagationPolicy = pick(['Background', 'Foreground', 'Orphan'] as const, random)!
    if (found) cluster.api.delete(resource, keyOf(found), { propagationPolicy })
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('pods'), random)
    if (found) cluster.api.delete('pods', keyOf(found), random.below(3) === 0 ? { gracePeriodSeconds: 0 } : {})
  },
  (cluster, random) => {
    const name = `data-${random.below(4)}`
    cluster.api.create('persistentvolumeclaims', {
      metadata: { name, namespace: 'default' },
      spec: {
        storageClassName: pick(['standard', 'nfs', 'local'], random),
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    })
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: name } }]
    cluster.api.create('deployments.apps', deploymentOf(`db-${random.below(3)}`, 1, { image: 'redis:8' }, { volumes }))
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('persistentvolumeclaims'), random)
    if (found) cluster.api.delete('persistentvolumeclaims', keyOf(found))
  },
  (cluster, random) => {
    const podManagementPolicy = pick(['OrderedReady', 'Parallel'], random)
    const whenScaled = pick(['Retain', 'Delete'], random)
    const set = statefulSetOf(`queue-${random.below(3)}`, random.below(5), {
      podManagementPolicy,
      ordinals: { start: random.below(3) },
      minReadySeconds: random.below(2) * 5,
      volumeClaimTemplates: random.below(2) ? [claimTemplate] : [],
      persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted: pick(['Retain', 'Delete'], random) },
    })
    cluster.api.create('statefulsets.apps', set)
  },
  (cluster, random) => {
    const rollingUpdate = random.below(2) ? { maxSurge: 1, maxUnavailable: 0 } : { maxUnavailable: '50%' }
    const updateStrategy = pick([{ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate }], random)
    const minReadySeconds = random.below(2) * 5
    const set = daemonSetOf(`agent-${random.below(3)}`, {}, { updateStrategy, minReadySeconds })
    Object.assign(set.spec.template.spec.containers[0], pick(containers, random))
    cluster.api.create('daemonsets.apps', set)
  },
  (cluster, random) => {
    const script = pick(['sleep 2', 'sleep 5; exit 1', 'sleep 600'], random)!
    const shapes = [
      {},
      { completions: 5, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 },
      { parallelism: 3, ttlSecondsAfterFinished: 20, backoffLimit: 2 },
      { activeDeadlineSeconds: 30, podReplacementPolicy: 'Failed' },
    ]
    cluster.api.create('jobs.batch', jobOf(`job-${random.below(4)}`, script, pick(shapes, random)))
  },
  (cluster, random) => {
    const concurrencyPolicy = pick(['Allow', 'Forbid', 'Replace'], random)
    const jobTemplate = { spec: jobOf('tick', pick(['sleep 3', 'sleep 100'], random)!).spec }
    const spec = { schedule: '* * * * *', concurrencyPolicy, jobTemplate }
    cluster.api.create('cronjobs.batch', { metadata: { name: `tick-${random.below(2)}`, namespace: 'default' }, spec })
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('jobs.batch'), random)
    if (found) cluster.api.update('jobs.batch', { ...found, spec: { ...found.spec, suspend: random.below(2) === 0 } })
  },
  (cluster, random) => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: `web-${random.below(6)}` }
    cluster.api.create('horizontalpodautoscalers.autoscaling', {
      metadata: { name: `auto-${random.below(3)}`, namespace: 'default' },
      spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 6 },
    })
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('persistentvolumeclaims'), random)
    if (!found) return
    const resources = { requests: { storage: `${1 + random.below(4)}Gi` } }
    cluster.api.patch('persistentvolumeclaims', keyOf(found), { type: 'merge', patch: { spec: { resources } } })
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('nodes'), random)
    const key = pick(['fire', 'node.kubernetes.io/out-of-service', undefined], random)
    const patch = { spec: { taints: key ? [{ key, effect: 'NoExecute' }] : null } }
    if (found) cluster.api.patch('nodes', found.metadata.name, { type: 'merge', patch })
  },
  (cluster, random) => {
    const found = pick(cluster.api.list('services'), random)
    if (found) cluster.api.delete('services', keyOf(found))
  },
  (cluster) =>
    void cluster.api.create('configmaps', { metadata: { name: 'settings', namespace: 'default' }, data: { a: '1' } }),
  (cluster, random) => cluster.machines.unplug(pick(cluster.machines.list(), random)!.name),
  (cluster, random) => cluster.machines.plug(pick(cluster.machines.list(), random)!.name),
  (cluster, random) => cluster.machines.powerOff(pick(cluster.machines.list(), random)!.name),
  (cluster, random) => cluster.machines.powerOn(pick(cluster.machines.list(), random)!.name),
  (cluster, random) => {
    const found = pick(cluster.api.list('nodes'), random)
    if (found) cluster.api.update('nodes', { ...found, spec: { ...found.spec, unschedulable: random.below(2) === 0 } })
  },
]

/** One random thing that a user or the world might do; what the API server refuses is refused. */
export function randomStep(cluster: Cluster, random: Random): void {
  try {
    pick(steps, random)!(cluster, random)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}

/** Runs so many random steps with random pauses, most short, some long enough for evictions. */
export function runScenario(
  seed: number,
  count: number,
  between: (cluster: Cluster, index: number) => Cluster = (cluster) => cluster,
): Cluster {
  const random = seededRandom(seed)
  let cluster = testCluster(3, seed, { metrics: true })
  for (let index = 0; index < count; index++) {
    randomStep(cluster, random)
    const pauses = [0, 3, 50, 700, 4000, 20_000, 90_000, 400_000]
    cluster.runFor(pauses[random.below(pauses.length)]! + random.below(10))
    cluster = between(cluster, index)
  }
  return cluster
}

/** A number for all of a cluster's state, its history of changes included: equal runs have equal ones. FNV-1a. */
export function traceHash(cluster: Cluster): string {
  const text = serialiseSnapshot(cluster.snapshot())
  return `${fnv1aHex(text)}-${text.length}`
}
