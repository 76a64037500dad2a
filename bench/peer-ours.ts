import { createCluster, type Cluster } from '../src/sim/cluster.ts'
import type { NewMachine } from '../src/sim/machines/machines.ts'

const gibibyte = 1024 ** 3

/** Hosts as roomy as the peer's. */
export function machines(count: number, images: Readonly<Record<string, number>> = {}): NewMachine[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index}`,
    zone: '',
    milliCPU: 32_000,
    memoryBytes: 64 * gibibyte,
    diskBytes: 200 * gibibyte,
    maxPods: 110,
    labels: {},
    taints: [],
    images,
  }))
}

/** A cluster with one Deployment of so many replicas, all of them ready. */
export function deployed(nodes: number, pods: number): Cluster {
  const image = 'nginx:1.27'
  const cluster = createCluster({ machines: machines(nodes, { [image]: 70 * 1024 * 1024 }) })
  cluster.runFor(5000)
  const start = cluster.now()
  cluster.api.create('deployments.apps', {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: pods,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            {
              name: 'web',
              image,
              ports: [{ containerPort: 80 }],
              resources: { requests: { cpu: '100m', memory: '64Mi' } },
            },
          ],
        },
      },
    },
  })
  const ready = () => (cluster.api.get('deployments.apps', 'default/web').status?.readyReplicas ?? 0) as number
  while (ready() < pods) {
    cluster.runFor(1000)
    if (cluster.now() - start > 600_000) throw new Error(`only ${ready()} of ${pods} pods are ready after ten minutes`)
  }
  return cluster
}

/** Brings a Deployment up from nothing; returns the virtual seconds since the cluster's start. */
export function runOurs(nodes: number, pods: number): number {
  return deployed(nodes, pods).now() / 1000
}
