import { expect, test } from 'vitest'
import { Cluster } from '../sim/cluster.ts'
import { act, clusterOf } from './actions.ts'
import { trafficOf } from './traffic.ts'

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: caller}
spec: {containers: [{name: c, image: busybox, command: [sh, -c, 'while sleep 1; do wget -qO- -T 2 http://web; done']}]}
`

test('routes are counted by who calls whom, probes left out; failures say why', () => {
  const cluster = clusterOf({ name: 'c', seed: 1, machines: [{ name: 'a', zone: 'z', cpu: '4', memory: '8Gi' }] })
  cluster.runFor(20_000)
  const undisturbed = Cluster.restore(cluster.snapshot())
  const traffic = trafficOf(cluster)
  for (const one of [cluster, undisturbed]) {
    expect(act(one, { type: 'apply', file: 'f', text: manifests }).ok).toBe(true)
    one.runFor(60_000)
  }
  const [route, ...others] = traffic.told()
  expect(others).toEqual([])
  expect(route).toMatchObject({
    from: 'default/caller',
    to: { resource: 'services', key: 'default/web' },
    port: 80,
    last: '200',
  })
  expect(route!.perSecond).toBeGreaterThan(0.5)
  expect(route!.perSecond).toBeLessThan(1.2)
  expect(route!.failedPerSecond).toBe(0)
  expect(route!.p50).toBeGreaterThan(0)
  expect(route!.counts).toHaveLength(12)

  for (const one of [cluster, undisturbed]) {
    act(one, { type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 0 })
    one.runFor(30_000)
  }
  expect(traffic.told()[0]).toMatchObject({ last: 'connection refused' })
  expect(traffic.told()[0]!.failedPerSecond).toBeGreaterThan(0.5)
  // Looking on changes nothing.
  expect(cluster.api.etcd.revision).toBe(undisturbed.api.etcd.revision)
  cluster.api.delete('pods', 'default/caller', { user: { name: 'kubernetes-admin', groups: ['system:masters'] } })
  cluster.runFor(120_000)
  expect(traffic.told()).toEqual([])
})
