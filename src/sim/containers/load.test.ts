import { expect, test } from 'vitest'
import { testCluster } from '../testing/scenario.ts'

/** The walkthrough of the documentation: a server that burns CPU, an autoscaler, and somebody who asks again and again. */
test('an autoscaler sees the load that requests make, and that it is over', () => {
  const cluster = testCluster(2, 3, { metrics: true })
  const { api } = cluster
  cluster.runFor(10_000)
  const labels = { run: 'php-apache' }
  const container = {
    name: 'php-apache',
    image: 'registry.k8s.io/hpa-example',
    ports: [{ containerPort: 80 }],
    resources: { requests: { cpu: '200m' } },
  }
  const metadata = { name: 'php-apache', namespace: 'default' }
  api.create('deployments.apps', {
    metadata,
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  })
  api.create('services', { metadata, spec: { selector: labels, ports: [{ port: 80 }] } })
  api.create('horizontalpodautoscalers.autoscaling', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  })
  const replicas = () => api.get('deployments.apps', 'default/php-apache').status.readyReplicas
  cluster.runFor(60_000)
  expect(replicas()).toBe(1)
  const command = ['/bin/sh', '-c', 'while sleep 0.1; do wget -q -O- http://php-apache; done']
  api.create('pods', {
    metadata: { name: 'load', namespace: 'default' },
    spec: { containers: [{ name: 'load', image: 'busybox:1.28', command }], terminationGracePeriodSeconds: 0 },
  })
  cluster.runFor(180_000)
  expect(replicas()).toBeGreaterThan(1)
  api.delete('pods', 'default/load')
  cluster.runFor(180_000)
  expect(replicas()).toBe(1)
})
