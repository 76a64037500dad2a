import type { Random } from '../../../lib/random.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { evictPod } from '../../apiserver/eviction.ts'
import { componentIdentity } from '../../apiserver/request.ts'
import type { Cluster } from '../../cluster.ts'

/** One thing that a user or the world does, and the words for it in a log. */
export interface Operation {
  readonly name: string
  readonly weight: number
  run(cluster: Cluster, random: Random): string | undefined
}

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[random.below(items.length)]
const namespaces = ['red', 'green', 'blue']
const tester = componentIdentity('soak')

const images: readonly object[] = [
  {
    image: 'nginx:1.27',
    ports: [{ containerPort: 80 }],
    readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 },
  },
  { image: 'redis:8', resources: { requests: { cpu: '250m', memory: '256Mi' } } },
  { image: 'busybox:1.36', command: ['sh', '-c', 'sleep 40; exit 1'] },
  { image: 'shop.invalid/web:2' },
]
const templateOf = (app: string, random: Random, more: object = {}): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', ...pick(images, random) }], terminationGracePeriodSeconds: 5, ...more },
})

/** Workloads by resource: what a new one is, beside its metadata. */
const workloads: Readonly<Record<string, (app: string, random: Random) => object>> = {
  'deployments.apps': (app, random) => ({
    replicas: random.below(12),
    selector: { matchLabels: { app } },
    template: templateOf(app, random),
    strategy: random.below(4) === 0 ? { type: 'Recreate' } : undefined,
  }),
  'replicasets.apps': (app, random) => ({
    replicas: random.below(6),
    selector: { matchLabels: { app } },
    template: templateOf(app, random),
  }),
  replicationcontrollers: (app, random) => ({
    replicas: random.below(4),
    selector: { app },
    template: templateOf(app, random),
  }),
  'statefulsets.apps': (app, random) => ({
    replicas: random.below(5),
    serviceName: app,
    podManagementPolicy: random.below(2) === 0 ? 'Parallel' : 'OrderedReady',
    selector: { matchLabels: { app } },
    template: templateOf(app, random),
    ...(random.below(2) === 0 && {
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    }),
  }),
  'daemonsets.apps': (app, random) => ({
    selector: { matchLabels: { app } },
    template: templateOf(app, random, random.below(2) === 0 ? { nodeSelector: { pool: 'few' } } : {}),
  }),
  'jobs.batch': (_app, random) => ({
    completions: 1 + random.below(5),
    parallelism: 1 + random.below(3),
    backoffLimit: random.below(4),
    ttlSecondsAfterFinished: random.below(300),
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'main',
            image: 'busybox:1.36',
            command: ['sh', '-c', `sleep ${random.below(60)}; exit ${random.below(2)}`],
          },
        ],
      },
    },
  }),
  'cronjobs.batch': (_app, random) => ({
    schedule: `*/${1 + random.below(4)} * * * *`,
    concurrencyPolicy: pick(['Allow', 'Forbid', 'Replace'], random),
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: 'OnFailure',
            containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', `sleep ${random.below(120)}`] }],
          },
        },
      },
    },
  }),
}
const resources = Object.keys(workloads)
const sized = resources.filter((one) => !/daemonsets|batch/.test(one))

const anyOf = (cluster: Cluster, from: readonly string[], random: Random) => {
  const resource = pick(from, random)!
  const object = pick(cluster.api.list(resource), random)
  return object && { resource, object }
}

function patched(cluster: Cluster, resource: string, object: KubeObject, patch: object): string {
  cluster.api.patch(resource, keyOf(object), { type: 'merge', patch })
  return `patch ${resource} ${keyOf(object)} ${JSON.stringify(patch)}`
}

const machine = (act: 'unplug' | 'plug' | 'powerOff' | 'powerOn', weight: number): Operation => ({
  name: act,
  weight,
  run: (cluster, random) => {
    const found = pick(cluster.machines.list(), random)
    if (!found) return undefined
    cluster.machines[act](found.name)
    return `${act} ${found.name}`
  },
})

export const operations: readonly Operation[] = [
  {
    name: 'create',
    weight: 12,
    run: (cluster, random) => {
      const resource = pick(resources, random)!
      const namespace = pick(namespaces, random)!
      const name = `${resource.slice(0, 3)}-${random.below(5)}`
      const spec = workloads[resource]!(`${name}-${random.below(2)}`, random)
      cluster.api.create(resource, { metadata: { name, namespace }, spec }, { namespace })
      return `create ${resource} ${namespace}/${name} ${JSON.stringify(spec)}`
    },
  },
  {
    name: 'scale',
    weight: 8,
    run: (cluster, random) => {
      const found = anyOf(cluster, sized, random)
      return found && patched(cluster, found.resource, found.object, { spec: { replicas: random.below(15) } })
    },
  },
  {
    name: 'roll',
    weight: 6,
    run: (cluster, random) => {
      const found = anyOf(cluster, ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'], random)
      if (!found) return undefined
      const spec = { ...(templateOf('', random) as any).spec }
      return patched(cluster, found.resource, found.object, { spec: { template: { spec } } })
    },
  },
  {
    name: 'delete',
    weight: 6,
    run: (cluster, random) => {
      const found = anyOf(cluster, resources, random)
      if (!found) return undefined
      // Orphans of a StatefulSet keep the names that its successor would give, and it waits for ever.
      const stateful = found.resource === 'statefulsets.apps'
      const policies = ['Background', 'Foreground', ...(stateful ? [] : ['Orphan' as const])] as const
      const propagationPolicy = pick(policies, random)!
      cluster.api.delete(found.resource, keyOf(found.object), { propagationPolicy })
      return `delete ${found.resource} ${keyOf(found.object)} ${propagationPolicy}`
    },
  },
  {
    name: 'delete-pod',
    weight: 6,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('pods'), random)
      if (!found) return undefined
      const force = random.below(4) === 0
      cluster.api.delete('pods', keyOf(found), force ? { gracePeriodSeconds: 0 } : {})
      return `delete pod ${keyOf(found)}${force ? ' now' : ''}`
    },
  },
  {
    name: 'evict',
    weight: 10,
    run: (cluster, random) => {
      // One that is on its way already may go whatever a budget says.
      const guarded = cluster.api
        .list('pods')
        .filter(({ metadata }) => !metadata.deletionTimestamp && metadata.labels?.['app']?.startsWith('dep'))
      const found = pick(guarded, random)
      if (!found) return undefined
      evictPod(cluster.api, keyOf(found), { metadata: { name: found.metadata.name } }, { user: tester })
      return `evict ${keyOf(found)}`
    },
  },
  {
    name: 'relabel',
    weight: 3,
    run: (cluster, random) => {
      // A budget does not hear of a pod that it no longer selects (upstream neither), so those that have one stay.
      const free = cluster.api.list('pods').filter(({ metadata }) => !metadata.labels?.['app']?.startsWith('dep'))
      const found = pick(free, random)
      return found && patched(cluster, 'pods', found, { metadata: { labels: { app: `lost-${random.below(9)}` } } })
    },
  },
  {
    name: 'budget',
    weight: 3,
    run: (cluster, random) => {
      const namespace = pick(namespaces, random)!
      const name = `dep-${random.below(5)}-${random.below(2)}`
      const spec = { minAvailable: random.below(6), selector: { matchLabels: { app: name } } }
      cluster.api.create('poddisruptionbudgets.policy', { metadata: { name, namespace }, spec }, { namespace })
      return `budget ${namespace}/${name} ${spec.minAvailable}`
    },
  },
  {
    name: 'quota',
    weight: 1,
    run: (cluster, random) => {
      const namespace = pick(namespaces, random)!
      const hard = { pods: String(20 + random.below(60)) }
      cluster.api.create('resourcequotas', { metadata: { name: 'q', namespace }, spec: { hard } }, { namespace })
      return `quota ${namespace} ${hard.pods}`
    },
  },
  {
    name: 'service',
    weight: 4,
    run: (cluster, random) => {
      const namespace = pick(namespaces, random)!
      const name = `dep-${random.below(5)}-${random.below(2)}`
      const type = pick(['ClusterIP', 'NodePort', 'LoadBalancer'], random)
      const spec = { type, selector: { app: name }, ports: [{ port: 80 }] }
      cluster.api.create('services', { metadata: { name, namespace }, spec }, { namespace })
      return `service ${namespace}/${name} ${type}`
    },
  },
  {
    name: 'autoscaler',
    weight: 1,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('deployments.apps'), random)
      if (!found) return undefined
      const { name, namespace } = found.metadata
      const metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ]
      const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name }
      const spec = { minReplicas: 1 + random.below(3), maxReplicas: 8, scaleTargetRef, metrics }
      cluster.api.create('horizontalpodautoscalers.autoscaling', { metadata: { name, namespace }, spec })
      return `autoscaler ${namespace}/${name}`
    },
  },
  {
    name: 'claim',
    weight: 2,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('persistentvolumeclaims'), random)
      if (!found) return undefined
      cluster.api.delete('persistentvolumeclaims', keyOf(found))
      return `delete claim ${keyOf(found)}`
    },
  },
  {
    name: 'cordon',
    weight: 3,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('nodes'), random)
      return found && patched(cluster, 'nodes', found, { spec: { unschedulable: random.below(2) === 0 || null } })
    },
  },
  {
    name: 'pool',
    weight: 2,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('nodes'), random)
      return found && patched(cluster, 'nodes', found, { metadata: { labels: { pool: pick(['few', null], random) } } })
    },
  },
  {
    name: 'delete-node',
    weight: 1,
    run: (cluster, random) => {
      const found = pick(cluster.api.list('nodes'), random)
      if (!found) return undefined
      cluster.api.delete('nodes', found.metadata.name)
      return `delete node ${found.metadata.name}`
    },
  },
  machine('unplug', 2),
  machine('plug', 3),
  machine('powerOff', 1),
  machine('powerOn', 3),
  {
    name: 'namespace',
    weight: 1,
    run: (cluster, random) => {
      const name = pick(namespaces, random)!
      const there = cluster.api.find('namespaces', name)
      if (!there) cluster.api.create('namespaces', { metadata: { name } })
      else if (random.below(4) === 0) cluster.api.delete('namespaces', name)
      else return undefined
      return `${there ? 'delete' : 'create'} namespace ${name}`
    },
  },
]

const total = operations.reduce((sum, { weight }) => sum + weight, 0)

/** Does one of them; what the API server refuses is refused. Tells what was done. */
export function randomOperation(cluster: Cluster, random: Random): string | undefined {
  let at = random.below(total)
  const operation = operations.find(({ weight }) => (at -= weight) < 0)!
  try {
    return operation.run(cluster, random)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return `${operation.name}: ${error.message}`
  }
}

/** The namespaces that it all happens in. */
export function prepare(cluster: Cluster): void {
  for (const name of namespaces) cluster.api.create('namespaces', { metadata: { name } })
}
