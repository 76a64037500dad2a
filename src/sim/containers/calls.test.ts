import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../snapshot.ts'
import { testCluster } from '../testing/scenario.ts'

/** A shop as annotations describe it: who asks whom, how slowly, how reliably. */
function shop(): Cluster {
  const cluster = testCluster(2, 7)
  const { api } = cluster
  cluster.runFor(10_000)
  const serve = (name: string, annotations: Record<string, string>) => {
    const labels = { app: name }
    const metadata = { name, namespace: 'default' }
    api.create('pods', {
      metadata: { ...metadata, labels, annotations },
      spec: { containers: [{ name: 'main', image: `shop/${name}`, ports: [{ containerPort: 8080 }] }] },
    })
    api.create('services', { metadata, spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } })
  }
  serve('front', { 'kubecosm.dev/calls': 'cart/items, http://users:80/me', 'kubecosm.dev/latency': '5ms-30ms' })
  serve('cart', { 'kubecosm.dev/calls': 'stock', 'kubecosm.dev/latency': '40ms' })
  serve('users', { 'kubecosm.dev/errorRate': '30%' })
  serve('stock', { 'kubecosm.dev/latency': '10ms-90ms' })
  const command = ['sh', '-c', 'while sleep 0.2; do wget -q -O- http://front/ || echo failed; done']
  api.create('pods', {
    metadata: { name: 'load', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'busybox', command }] },
  })
  cluster.runFor(30_000)
  return cluster
}

const lines = (cluster: Cluster, name: string) => {
  const logs = cluster.api.podLogs!(cluster.api.get('pods', `default/${name}`), 'main', false)
  return typeof logs === 'object' ? logs.map(({ text }) => text) : []
}

test('a request goes through all whom it concerns, and fails when one of them does', () => {
  const cluster = shop()
  const answered = lines(cluster, 'front').map((line) => / (\d{3}) /.exec(line)?.[1])
  const failed = answered.filter((status) => status === '502').length
  expect(answered.filter((status) => status === '200').length).toBeGreaterThan(20)
  expect(failed).toBeGreaterThan(5)
  expect(lines(cluster, 'stock').length).toBeGreaterThan(30)
  expect(lines(cluster, 'load')).toContain('failed')
})

test('a cluster that is saved while requests are under way goes on as it would have', () => {
  const straight = shop()
  let restored = shop()
  for (let step = 0; step < 25; step++) {
    // Some prime, so that every moment of a request's life is hit.
    straight.runFor(37)
    restored.runFor(37)
    restored = Cluster.restore(parseSnapshot(serialiseSnapshot(restored.snapshot())))
  }
  expect(serialiseSnapshot(restored.snapshot())).toBe(serialiseSnapshot(straight.snapshot()))
})
