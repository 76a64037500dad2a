import { describe, expect, test } from 'vitest'
import { handleRequest } from '../../apiserver/http.ts'
import { createCluster, type Cluster } from '../../cluster.ts'
import { deploymentOf, testMachine } from '../../testing/scenario.ts'
import { administrator } from '../../apiserver/authentication.ts'

const autoscalers = 'horizontalpodautoscalers.autoscaling'
const requests = { resources: { requests: { cpu: '200m', memory: '64Mi' } } }

function metricsCluster(): Cluster {
  const cluster = createCluster({ metrics: true, machines: [testMachine('node-1'), testMachine('node-2')] })
  cluster.runFor(15_000)
  return cluster
}

function autoscale(cluster: Cluster, spec: Record<string, unknown> = {}): void {
  cluster.api.create(autoscalers, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [cpuAt(50)],
      ...spec,
    },
  })
}

const cpuAt = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})

/** Says what every pod of the Deployment uses from now on. */
function load(cluster: Cluster, cpu: string): void {
  for (const pod of cluster.api.list('pods'))
    cluster.api.patch('pods', `default/${pod.metadata.name}`, {
      type: 'merge',
      patch: { metadata: { annotations: { 'kubecosm.dev/cpu': cpu } } },
    })
}

const sizeOf = (cluster: Cluster) => cluster.api.get('deployments.apps', 'default/web').spec.replicas
const statusOf = (cluster: Cluster) => cluster.api.get(autoscalers, 'default/web').status
const condition = (cluster: Cluster, type: string) => statusOf(cluster).conditions.find((one: any) => one.type === type)
const rescales = (cluster: Cluster) =>
  cluster.api
    .list('events')
    .filter((event: any) => event.reason === 'SuccessfulRescale')
    .map((event: any) => event.message)

describe('a HorizontalPodAutoscaler', () => {
  test('grows by what pods use of their requests, and shrinks five minutes after the load is gone', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 2, requests))
    autoscale(cluster)
    cluster.runFor(60_000)
    load(cluster, '200m')
    cluster.runFor(45_000)
    expect(sizeOf(cluster)).toBe(4)
    expect(rescales(cluster)).toContain(
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    )
    expect(condition(cluster, 'ScalingActive')).toMatchObject({ status: 'True', reason: 'ValidMetricFound' })
    cluster.runFor(60_000)
    load(cluster, '10m')
    cluster.runFor(60_000)
    expect(sizeOf(cluster)).toBe(4)
    expect(condition(cluster, 'AbleToScale')).toMatchObject({ status: 'True', reason: 'ScaleDownStabilized' })
    cluster.runFor(300_000)
    expect(sizeOf(cluster)).toBe(1)
    expect(rescales(cluster)).toContain('New size: 1; reason: All metrics below target')
    expect(statusOf(cluster).currentMetrics).toMatchObject([
      { type: 'Resource', resource: { name: 'cpu', current: { averageValue: '10m', averageUtilization: 5 } } },
    ])
  })

  test('leaves a size alone that is within a tenth of the target', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 3, requests))
    autoscale(cluster)
    cluster.runFor(16_000)
    load(cluster, '108m')
    cluster.runFor(900_000)
    expect(sizeOf(cluster)).toBe(3)
    expect(condition(cluster, 'AbleToScale')).toMatchObject({ reason: 'ReadyForNewScale' })
    expect(condition(cluster, 'ScalingLimited')).toMatchObject({ status: 'False', reason: 'DesiredWithinRange' })
  })

  test('grows no further than its maximum, and says so', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 2, requests))
    autoscale(cluster, { maxReplicas: 3 })
    cluster.runFor(60_000)
    load(cluster, '1')
    cluster.runFor(60_000)
    expect(sizeOf(cluster)).toBe(3)
    expect(condition(cluster, 'ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
      message: 'the desired replica count is more than the maximum replica count',
    })
  })

  test('takes the most that any of several metrics asks for', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 2, requests))
    const memory = {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '2Mi' } },
    }
    autoscale(cluster, { metrics: [cpuAt(50), memory] })
    cluster.runFor(90_000)
    expect(sizeOf(cluster)).toBeGreaterThan(2)
    expect(rescales(cluster)).toContain('New size: 4; reason: memory resource above target')
  })

  test('a missing request is an error, in upstream’s words', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 1))
    autoscale(cluster)
    cluster.runFor(60_000)
    expect(condition(cluster, 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: expect.stringMatching(
        /^the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod web-\w+-\w+$/,
      ),
    })
  })

  test.each([
    [
      { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1' } } },
      'FailedGetPodsMetric',
      'unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      { type: 'External', external: { metric: { name: 'jobs' }, target: { type: 'Value', value: '1' } } },
      'FailedGetExternalMetric',
      'unable to get external metric default/jobs/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get jobs.external.metrics.k8s.io)',
    ],
  ])('metrics without an adapter cannot be had: %#', (metric, reason, message) => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 1, requests))
    autoscale(cluster, { metrics: [metric] })
    cluster.runFor(20_000)
    const told = `the HPA was unable to compute the replica count: ${message}`
    expect(condition(cluster, 'ScalingActive')).toMatchObject({ status: 'False', reason, message: told })
  })

  test('two that look at the same pods scale neither way', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 2, requests))
    autoscale(cluster)
    const second = cluster.api.get(autoscalers, 'default/web')
    cluster.api.create(autoscalers, { metadata: { name: 'other', namespace: 'default' }, spec: second.spec })
    cluster.runFor(60_000)
    expect(condition(cluster, 'ScalingActive')).toMatchObject({
      reason: 'AmbiguousSelector',
      message: 'pods by selector app=web are controlled by multiple HPAs: [default/other default/web]',
    })
  })

  test('an hour under a steady load writes nothing', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 2, requests))
    autoscale(cluster)
    cluster.runFor(3_600_000)
    const before = cluster.api.get(autoscalers, 'default/web').metadata.resourceVersion
    cluster.runFor(3_600_000)
    expect(cluster.api.get(autoscalers, 'default/web').metadata.resourceVersion).toBe(before)
  })
})

describe('metrics.k8s.io', () => {
  const get = (cluster: Cluster, path: string) => {
    const answer = handleRequest(cluster.api, { method: 'GET', path, headers: {}, identity: administrator } as any)
    return { status: answer.status, body: answer.status === 200 ? JSON.parse(String(answer.body)) : answer.body }
  }

  test('is in discovery only where something feeds it', () => {
    const names = (cluster: Cluster) => get(cluster, '/apis').body.groups.map((one: any) => one.name)
    expect(names(metricsCluster())).toContain('metrics.k8s.io')
    expect(names(createCluster({}))).not.toContain('metrics.k8s.io')
    expect(get(createCluster({}), '/apis/metrics.k8s.io/v1beta1/nodes').status).toBe(404)
  })

  test('tells what pods and nodes use, once they were measured twice', () => {
    const cluster = metricsCluster()
    cluster.api.create('deployments.apps', deploymentOf('web', 1, requests))
    cluster.runFor(5_000)
    expect(get(cluster, '/apis/metrics.k8s.io/v1beta1/pods').body.items).toEqual([])
    load(cluster, '123m')
    cluster.runFor(40_000)
    const { body } = get(cluster, '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods?labelSelector=app%3Dweb')
    expect(body).toMatchObject({
      kind: 'PodMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      items: [
        {
          window: '15s',
          containers: [{ name: 'main', usage: { cpu: '123000000n', memory: expect.stringMatching(/^8\d{3}Ki$/) } }],
        },
      ],
    })
    expect(get(cluster, '/apis/metrics.k8s.io/v1beta1/pods?labelSelector=app%3Dother').body.items).toEqual([])
    expect(get(cluster, '/apis/metrics.k8s.io/v1beta1/nodes/node-1').body).toMatchObject({ kind: 'NodeMetrics' })
    expect(get(cluster, '/apis/metrics.k8s.io/v1beta1/nodes/nobody').status).toBe(404)
  })
})
