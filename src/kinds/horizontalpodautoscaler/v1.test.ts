import { expect, test } from 'vitest'
import { fromV2, toV2 } from './v1.ts'

const stored = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'h', namespace: 'demo', annotations: { a: 'b' } },
  spec: {
    minReplicas: 1,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      { type: 'Pods', pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '10' } } },
      {
        type: 'External',
        external: {
          metric: { name: 'jobs', selector: { matchLabels: { q: 'x' } } },
          target: { type: 'Value', value: '5' },
        },
      },
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ],
    behavior: { scaleDown: { selectPolicy: 'Max' } },
  },
  status: {
    desiredReplicas: 2,
    currentReplicas: 2,
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40 } } }],
    conditions: [{ type: 'AbleToScale', status: 'True' }],
  },
}

test('the older version has one field for CPU, and annotations for the rest', () => {
  const shown = fromV2(stored)
  expect(shown).toMatchObject({
    apiVersion: 'autoscaling/v1',
    spec: { maxReplicas: 5, targetCPUUtilizationPercentage: 80 },
    status: { currentReplicas: 2, desiredReplicas: 2, currentCPUUtilizationPercentage: 40 },
  })
  expect(shown.spec).not.toHaveProperty('metrics')
  expect(JSON.parse(shown.metadata.annotations['autoscaling.alpha.kubernetes.io/metrics'])).toEqual([
    { type: 'Pods', pods: { metricName: 'queue', targetAverageValue: '10' } },
    {
      type: 'External',
      external: { metricName: 'jobs', metricSelector: { matchLabels: { q: 'x' } }, targetValue: '5' },
    },
  ])
})

test('there and back nothing is lost', () => {
  expect(toV2(fromV2(stored))).toEqual(stored)
})

test('an annotation that is no JSON is passed over', () => {
  const sent = {
    metadata: { annotations: { 'autoscaling.alpha.kubernetes.io/metrics': '{' } },
    spec: { targetCPUUtilizationPercentage: 50 },
  }
  expect(toV2(sent).spec.metrics).toHaveLength(1)
})
