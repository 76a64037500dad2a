import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../sim/cluster.ts'
import { act } from '../actions.ts'
import { testCluster } from '../../sim/testing/scenario.ts'
import { explain, fixesFor } from './explain.ts'

const turns = { now: () => 0, later: (run: () => void) => void Promise.resolve().then(run) }

function applied(cluster: Cluster, text: string, runMs = 30_000): Cluster {
  const result = act(cluster, { type: 'apply', file: 'a.yaml', text })
  expect(result.results?.filter((one) => one.result === 'refused')).toEqual([])
  cluster.runFor(runMs)
  return cluster
}

const web = (container = '', more = '', spec = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  ${spec}
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web }
      ${more.startsWith('annotations') ? more : ''}
    spec:
      ${more.startsWith('annotations') ? '' : more}
      containers:
        - name: web
          image: nginx:1.29
          ports: [{ containerPort: 80 }]
          ${container}
`

/** The first pod of a workload, newest first. */
const podOf = (cluster: Cluster, prefix: string) =>
  [...cluster.api.etcd.entries('pods').values()]
    .map(({ object }) => object.metadata)
    .filter(({ name }) => name.startsWith(prefix))
    .at(-1)!.name

const asked = (resource: string, name: string) => ({ resource, namespace: 'default', name })
const nodeAsked = (name: string) => ({ resource: 'nodes', name })

interface Case {
  readonly cluster: () => Cluster
  readonly ask: (cluster: Cluster) => { resource: string; namespace?: string; name: string }
  readonly verdict: string
  /** Each as `code: outcome`; all of them. */
  readonly fixes: readonly string[]
}

const pod = (cluster: Cluster) => asked('pods', podOf(cluster, 'web'))
const deployment = () => asked('deployments.apps', 'web')
const service = (spec: string) => `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec: ${spec}
`
const unplugged = (cluster: Cluster, ...names: string[]) => {
  for (const name of names) act(cluster, { type: 'machine', name, change: 'unplug' })
  return cluster
}

describe('what an object suffers from, and what helps', () => {
  test.each<[string, Case]>([
    [
      'a pod that is ready',
      { cluster: () => applied(testCluster(1), web()), ask: pod, verdict: 'podReady', fixes: [] },
    ],
    [
      'a pod that asks for more CPU than any node has',
      {
        cluster: () => applied(testCluster(1), web('resources: { requests: { cpu: 5 } }')),
        ask: pod,
        verdict: 'podUnschedulable',
        fixes: ['lowerRequest: fitsOn', 'addNode: fitsOn'],
      },
    ],
    [
      'a pod whose room is on an unplugged node',
      {
        cluster: () => {
          const cluster = unplugged(applied(testCluster(2), web('resources: { requests: { cpu: 3 } }')), 'node-2')
          cluster.runFor(400_000)
          return cluster
        },
        ask: pod,
        verdict: 'podUnschedulable',
        fixes: ['lowerRequest: fitsOn', 'plug: fitsOn', 'addNode: fitsOn'],
      },
    ],
    [
      'a pod behind a gate',
      {
        cluster: () => applied(testCluster(1), web('', 'schedulingGates: [{ name: example.com/wait }]')),
        ask: pod,
        verdict: 'podGated',
        fixes: ['removeGates: fitsOn'],
      },
    ],
    [
      'a pod that needs a ConfigMap that has almost that name',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web-config, namespace: default }\ndata: { a: b }\n---${web('envFrom: [{ configMapRef: { name: web-confg } }]')}`,
          ),
        ask: pod,
        verdict: 'podNeeds',
        fixes: ['renameReference: runs', 'createMissing: runs'],
      },
    ],
    [
      'a pod whose volume is a ConfigMap that is missing',
      {
        cluster: () => applied(testCluster(1), web('', 'volumes: [{ name: c, configMap: { name: conf } }]')),
        ask: pod,
        verdict: 'podVolumeNeeds',
        fixes: ['createMissing: runs'],
      },
    ],
    [
      'a pod whose image does not come',
      {
        cluster: () => {
          const cluster = applied(testCluster(1), web())
          applied(cluster, web().replace('nginx:1.29', 'registry.invalid/nginx:1.29'))
          return cluster
        },
        ask: pod,
        verdict: 'podImage',
        fixes: ['rollBack: rolledOut'],
      },
    ],
    [
      'a container that holds more than its limit',
      {
        cluster: () =>
          applied(
            testCluster(1),
            web('resources: { limits: { memory: 64Mi } }', 'annotations: { kubecosm.dev/memory: 300Mi }'),
          ),
        ask: pod,
        verdict: 'podOom',
        fixes: ['raiseMemory: runs'],
      },
    ],
    [
      'a readiness probe on a port where nobody listens',
      {
        cluster: () =>
          applied(testCluster(1), web('readinessProbe: { httpGet: { path: /, port: 8081 }, periodSeconds: 2 }')),
        ask: pod,
        verdict: 'podReadinessProbe',
        fixes: ['setPort: runs'],
      },
    ],
    [
      'a liveness probe on a port where nobody listens',
      {
        cluster: () =>
          applied(
            testCluster(1),
            web('livenessProbe: { httpGet: { path: /, port: 8081 }, periodSeconds: 2 }'),
            120_000,
          ),
        ask: pod,
        verdict: 'podKilledByProbe',
        fixes: ['setPort: runs'],
      },
    ],
    [
      'a container that ends at once',
      {
        cluster: () =>
          applied(
            testCluster(1),
            web('command: [sh, -c, "echo no database; exit 3"]').replace('nginx:1.29', 'busybox:1.36'),
            60_000,
          ),
        ask: pod,
        verdict: 'podCrashes',
        fixes: [],
      },
    ],
    [
      'a pod of a node that was unplugged',
      {
        cluster: () => {
          const cluster = unplugged(applied(testCluster(1), web()), 'node-1')
          cluster.runFor(100_000)
          return cluster
        },
        ask: pod,
        verdict: 'podOnLostNode',
        fixes: ['plug: runs'],
      },
    ],
    [
      'a Service whose selector misses by one letter',
      {
        cluster: () =>
          applied(testCluster(1), `${web()}---${service('{ selector: { app: wev }, ports: [{ port: 80 }] }')}`),
        ask: () => asked('services', 'web'),
        verdict: 'serviceSelectsNothing',
        fixes: ['setSelector: endpoints'],
      },
    ],
    [
      'a Service that names a port that no container has',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `${web()}---${service('{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }')}`,
          ),
        ask: () => asked('services', 'web'),
        verdict: 'servicePortName',
        fixes: ['setTargetPort: endpoints'],
      },
    ],
    [
      'a Service whose pods are not ready',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `${web('readinessProbe: { httpGet: { path: /, port: 8081 }, periodSeconds: 2 }')}---${service('{ selector: { app: web }, ports: [{ port: 80 }] }')}`,
          ),
        ask: () => asked('services', 'web'),
        verdict: 'serviceNoneReady',
        fixes: [],
      },
    ],
    [
      'a Service with ready endpoints',
      {
        cluster: () =>
          applied(testCluster(1), `${web()}---${service('{ selector: { app: web }, ports: [{ port: 80 }] }')}`),
        ask: () => asked('services', 'web'),
        verdict: 'serviceFine',
        fixes: [],
      },
    ],
    [
      'an Ingress to a Service with almost that name',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `${web()}---${service('{ selector: { app: web }, ports: [{ port: 80 }] }')}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: edge, namespace: default }
spec: { defaultBackend: { service: { name: webb, port: { number: 80 } } } }
`,
          ),
        ask: () => asked('ingresses.networking.k8s.io', 'edge'),
        verdict: 'routeServiceMissing',
        fixes: ['setBackend: endpoints'],
      },
    ],
    [
      'a claim of a class that is not there',
      {
        cluster: () => applied(testCluster(1), claim('standrd')),
        ask: () => asked('persistentvolumeclaims', 'data'),
        verdict: 'claimClassMissing',
        fixes: ['setClass: waitsForConsumer', 'createClass: waitsForConsumer'],
      },
    ],
    [
      'a pod whose claim is of a class that is not there',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `${claim('quick')}---${web('', 'volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }]')}`,
          ),
        ask: pod,
        verdict: 'podClaimUnbound',
        fixes: ['setClass: bound', 'setClass: bound', 'createClass: bound'],
      },
    ],
    [
      'a claim that waits for its first consumer',
      {
        cluster: () => applied(testCluster(1), claim('standard')),
        ask: () => asked('persistentvolumeclaims', 'data'),
        verdict: 'claimWaitsForConsumer',
        fixes: [],
      },
    ],
    [
      'a rollout past its deadline',
      {
        cluster: () => {
          const cluster = applied(testCluster(1), web('', '', 'progressDeadlineSeconds: 30'))
          const broken = web(
            'readinessProbe: { httpGet: { path: /, port: 8081 }, periodSeconds: 2 }',
            '',
            'progressDeadlineSeconds: 30',
          )
          return applied(cluster, broken, 60_000)
        },
        ask: deployment,
        verdict: 'rolloutStuck',
        fixes: ['setPort: runs', 'rollBack: rolledOut'],
      },
    ],
    [
      'a Deployment whose pods a quota refuses',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: few, namespace: default }\nspec: { hard: { pods: 1 } }\n---${web()}`,
          ),
        ask: deployment,
        verdict: 'quotaRefuses',
        fixes: ['raiseQuota: ready'],
      },
    ],
    [
      'a budget that allows nothing ever',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `${web()}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
`,
          ),
        ask: () => asked('poddisruptionbudgets.policy', 'web'),
        verdict: 'budgetNever',
        fixes: ['setBudget: allows', 'scaleUp: allows'],
      },
    ],
    [
      'an autoscaler whose target asks for no CPU',
      {
        cluster: () =>
          applied(
            testCluster(1, 1, { metrics: true }),
            `${web()}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: default }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
`,
            90_000,
          ),
        ask: () => asked('horizontalpodautoscalers.autoscaling', 'web'),
        verdict: 'scalerNoRequest',
        fixes: ['addRequest: metricsKnown'],
      },
    ],
    [
      'a Job that has failed too often',
      {
        cluster: () => applied(testCluster(1), job('exit 4', 'backoffLimit: 1'), 120_000),
        ask: () => asked('jobs.batch', 'once'),
        verdict: 'jobBackoffLimit',
        fixes: [],
      },
    ],
    [
      'a CronJob that is suspended',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: default }
spec:
  schedule: "0 3 * * *"
  suspend: true
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "busybox:1.36" }] } } } }
`,
          ),
        ask: () => asked('cronjobs.batch', 'nightly'),
        verdict: 'cronSuspended',
        fixes: ['unsuspend: nextRun'],
      },
    ],
    [
      'a node that was unplugged',
      {
        cluster: () => {
          const cluster = unplugged(testCluster(2), 'node-2')
          cluster.runFor(60_000)
          return cluster
        },
        ask: () => nodeAsked('node-2'),
        verdict: 'nodeUnplugged',
        fixes: ['plug: nodeReady'],
      },
    ],
    [
      'a pod that a finalizer holds',
      {
        cluster: () => {
          const text =
            'apiVersion: v1\nkind: Pod\nmetadata: { name: web-0, namespace: default, finalizers: [example.com/hold] }\nspec: { terminationGracePeriodSeconds: 1, containers: [{ name: a, image: "nginx:1.29" }] }\n'
          const cluster = applied(testCluster(1), text)
          act(cluster, { type: 'delete', resource: 'pods', namespace: 'default', name: 'web-0' })
          cluster.runFor(30_000)
          return cluster
        },
        ask: pod,
        verdict: 'finalizers',
        fixes: ['dropFinalizers: gone'],
      },
    ],
    [
      'a namespace that a finalizer of something in it holds',
      {
        cluster: () => {
          const text =
            'apiVersion: v1\nkind: Namespace\nmetadata: { name: old }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: held, namespace: old, finalizers: [example.com/hold] }\n'
          const cluster = applied(testCluster(1), text)
          act(cluster, { type: 'delete', resource: 'namespaces', name: 'old' })
          cluster.runFor(30_000)
          return cluster
        },
        ask: () => ({ resource: 'namespaces', name: 'old' }),
        verdict: 'namespaceHeld',
        fixes: ['dropFinalizers: gone'],
      },
    ],
    [
      'a node that is cordoned',
      {
        cluster: () => {
          const cluster = testCluster(1)
          act(cluster, { type: 'cordon', name: 'node-1', cordon: true })
          cluster.runFor(5000)
          return cluster
        },
        ask: () => nodeAsked('node-1'),
        verdict: 'nodeCordoned',
        fixes: ['uncordon: takesPods'],
      },
    ],
    [
      'a StatefulSet whose first pod is not ready',
      {
        cluster: () =>
          applied(
            testCluster(1),
            `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: default }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: nginx:1.29
          ports: [{ containerPort: 80 }]
          readinessProbe: { tcpSocket: { port: 81 }, periodSeconds: 2 }
`,
          ),
        ask: () => asked('statefulsets.apps', 'db'),
        verdict: 'ordinalBlocks',
        // The edit alone would help nothing: the pod has to go as well.
        fixes: ['setPort: runs'],
      },
    ],
    [
      'a Deployment whose rollout is paused',
      {
        cluster: () => applied(testCluster(1), web('', '', 'paused: true')),
        ask: deployment,
        verdict: 'paused',
        fixes: ['resume: rolledOut'],
      },
    ],
    [
      'a Job that is suspended',
      {
        cluster: () => applied(testCluster(1), job('exit 0', 'suspend: true')),
        ask: () => asked('jobs.batch', 'once'),
        verdict: 'jobSuspended',
        fixes: ['unsuspend: jobRuns'],
      },
    ],
    [
      'a pod that is being deleted, with a long grace',
      {
        cluster: () => {
          const cluster = applied(
            testCluster(1),
            `${web('command: [sh, -c, "trap : TERM; while true; do sleep 1; done"]', 'terminationGracePeriodSeconds: 600').replace('nginx:1.29', 'busybox:1.36')}`,
          )
          act(cluster, { type: 'delete', resource: 'pods', namespace: 'default', name: podOf(cluster, 'web') })
          return cluster
        },
        ask: (cluster) => {
          const ending = [...cluster.api.etcd.entries('pods').values()].find(
            ({ object }) => object.metadata.deletionTimestamp,
          )
          return asked('pods', ending!.object.metadata.name)
        },
        verdict: 'podEnding',
        fixes: ['forceDelete: gone'],
      },
    ],
  ])('%s', async (_name, { cluster: make, ask, verdict, fixes }) => {
    const cluster = make()
    const before = cluster.api.etcd.revision
    const found = explain(cluster, ask(cluster))
    expect(found?.verdict.code).toBe(verdict)
    const offered = await fixesFor(cluster, ask(cluster), turns)
    expect(offered.map(({ code, outcome }) => `${code}: ${outcome.code}`)).toEqual(fixes)
    expect(cluster.api.etcd.revision).toBe(before)
  })
})

function claim(className: string): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { storageClassName: ${className}, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`
}

function job(script: string, spec: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: default }
spec:
  ${spec}
  template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "busybox:1.36", command: [sh, -c, "${script}"] }] } }
`
}
