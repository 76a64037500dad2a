import { describe, expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

const agnhost = (...args: string[]) => ({
  image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
  args: ['grpc-health-checking', ...args],
})
const etcd = { image: 'registry.k8s.io/etcd:3.6.4-0', command: ['etcd'] }

function probed(container: object, grpc: object, more: object = {}, annotations = {}, ms = 20_000): Cluster {
  const cluster = testCluster(1)
  const readinessProbe = { grpc, periodSeconds: 2, ...more }
  const pod: any = podOf('p', { containers: [{ name: 'main', ...container, readinessProbe }] })
  pod.metadata.annotations = annotations
  cluster.api.create('pods', pod)
  cluster.runFor(ms)
  return cluster
}
const isReady = (cluster: Cluster) => cluster.api.get('pods', 'default/p').status.containerStatuses[0].ready
const complaints = (cluster: Cluster): string[] =>
  cluster.api
    .list('events')
    .filter(({ reason }: any) => reason === 'Unhealthy')
    .map(({ message }: any) => message.replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'IP'))

describe('a gRPC probe', () => {
  test.each<[string, object, object]>([
    ['etcd', etcd, { port: 2379 }],
    ['a server that nobody knows', { image: 'example.com/shop/cart:v1' }, { port: 7070 }],
    ['agnhost', agnhost(), { port: 5000, service: '' }],
    ['a service by its name', agnhost('--port=6000', '--service=live'), { port: 6000, service: 'live' }],
    ['one port of several', { image: 'ghcr.io/stefanprodan/podinfo:6.9.2' }, { port: 9999 }],
  ])('finds %s well', (_what, container, grpc) => expect(isReady(probed(container, grpc))).toBe(true))

  const failed = 'Readiness probe failed: '
  const timeout = (port: number, within = '1s') =>
    `${failed}timeout: failed to connect service "IP:${port}" within ${within}: context deadline exceeded`
  test.each<[string, object, object, object, string]>([
    ['a server of HTTP', { image: 'nginx:1.29' }, { port: 80 }, {}, timeout(80)],
    ['one of another protocol', { image: 'redis:8' }, { port: 6379 }, { timeoutSeconds: 2 }, timeout(6379, '2s')],
    ['a port where nobody listens', etcd, { port: 2399 }, {}, timeout(2399)],
    ['a port for something else', agnhost(), { port: 8080 }, {}, timeout(8080)],
    [
      'a service that the server does not know',
      etcd,
      { port: 2379, service: 'cart' },
      {},
      `${failed}error: health rpc probe failed: rpc error: code = NotFound desc = unknown service`,
    ],
    [
      'a server that is not well',
      agnhost('--delay-unhealthy-sec', '0'),
      { port: 5000 },
      {},
      `${failed}service unhealthy (responded with "NOT_SERVING")`,
    ],
  ])('fails for %s', (_what, container, grpc, more, message) => {
    const cluster = probed(container, grpc, more)
    expect(isReady(cluster)).toBe(false)
    expect(complaints(cluster)).toContain(message)
  })

  test('fails for a server that takes too long', () => {
    const cluster = probed({ image: 'example.com/cart' }, { port: 70 }, {}, { 'kubecosm.dev/latency': '3s' })
    expect(complaints(cluster)).toContain(`${failed}timeout: health rpc did not complete within 1s`)
  })

  test('restarts a container that has become unwell', () => {
    const livenessProbe = { grpc: { port: 5000 }, periodSeconds: 1, failureThreshold: 1 }
    const cluster = probed({ ...agnhost('--delay-unhealthy-sec=5'), livenessProbe }, { port: 5000 })
    expect(cluster.api.get('pods', 'default/p').status.containerStatuses[0].restartCount).toBeGreaterThan(0)
  })
})
