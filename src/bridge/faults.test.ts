import { describe, expect, test } from 'vitest'
import { Cluster } from '../sim/cluster.ts'
import { act, clusterOf } from './actions.ts'
import type { Action } from './protocol.ts'
import { machinesOf } from './views.ts'

const machine = (name: string, memory = '4Gi') => ({ name, zone: 'z', cpu: '4', memory })

/** A cluster of two nodes, a minute old. */
function running(text = ''): Cluster {
  const cluster = clusterOf({ name: 'c', seed: 1, machines: [machine('a'), machine('b')] })
  cluster.runFor(20_000)
  if (text) did(cluster, { type: 'apply', file: 'f', text })
  cluster.runFor(40_000)
  return cluster
}

function did(cluster: Cluster, action: Action): void {
  const result = act(cluster, action)
  if (!result.ok) throw new Error(result.message ?? JSON.stringify(result.results))
}

const deployment = (replicas: number, container = '', pod = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx${container}}]${pod}}
`
const pods = ({ api }: Cluster) => api.list('pods')
const ready = (cluster: Cluster) =>
  pods(cluster).filter(({ status }) =>
    status.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True'),
  )
const condition = ({ api }: Cluster, node: string, type: string) =>
  api.get('nodes', node).status.conditions.find((one: any) => one.type === type).status

describe('a node', () => {
  test('whose kernel crashes is gone, and starts again by itself', () => {
    const cluster = running()
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'a', what: 'crash' } })
    expect(machinesOf(cluster)[0]).toMatchObject({ powered: false, faults: ['crash'] })
    const restored = Cluster.restore(cluster.snapshot())
    for (const one of [cluster, restored]) {
      one.runFor(32_000)
      expect(machinesOf(one)[0]).toMatchObject({ powered: true, faults: [] })
      one.runFor(5_000)
      expect(condition(one, 'a', 'Ready')).toBe('True')
    }
  })

  test('that is switched off after its crash stays off', () => {
    const cluster = running()
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'a', what: 'crash' } })
    did(cluster, { type: 'machine', name: 'a', change: 'powerOff' })
    cluster.runFor(60_000)
    expect(machinesOf(cluster)[0]!.powered).toBe(false)
  })

  test.each([
    ['fillMemory', 'MemoryPressure'],
    ['fillDisk', 'DiskPressure'],
  ] as const)('is under pressure after %s, until a while after it is over', (what, type) => {
    const cluster = running()
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'a', what } })
    cluster.runFor(60_000)
    expect([condition(cluster, 'a', type), condition(cluster, 'b', type)]).toEqual(['True', 'False'])
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'a', what, isOver: true } })
    expect(machinesOf(cluster)[0]!.faults).toEqual([])
    cluster.runFor(400_000)
    expect(condition(cluster, 'a', type)).toBe('False')
  })

  test('with a slow network answers too late', () => {
    const caller = (url: string) => `
apiVersion: v1
kind: Pod
metadata: {name: caller}
spec:
  nodeName: a
  containers: [{name: c, image: busybox, command: [sh, -c, 'while sleep 5; do wget -qO- -T 1 http://${url} >/dev/null && echo fine || echo late; done']}]
`
    const cluster = running(deployment(1, '', ', nodeName: b'))
    const [{ status }] = pods(cluster) as [any]
    did(cluster, { type: 'apply', file: 'caller', text: caller(status.podIP) })
    cluster.runFor(30_000)
    const last = () =>
      (cluster.api.podLogs!(cluster.api.get('pods', 'default/caller'), 'c', false) as any[]).at(-1).text
    expect(last()).toContain('fine')
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'b', what: 'slowNetwork' } })
    cluster.runFor(30_000)
    expect(last()).toContain('late')
    did(cluster, { type: 'fault', fault: { on: 'node', name: 'b', what: 'slowNetwork', isOver: true } })
    cluster.runFor(30_000)
    expect(last()).toContain('fine')
  })

  test('that becomes larger says so', () => {
    const cluster = running()
    did(cluster, { type: 'resizeMachine', name: 'a', cpu: '8', memory: '16Gi' })
    expect(cluster.api.get('nodes', 'a').status.capacity).toMatchObject({ cpu: '8', memory: '16Gi' })
    expect(act(cluster, { type: 'resizeMachine', name: 'a', cpu: '0', memory: '1Gi' })).toEqual({
      ok: false,
      message: 'Node a needs CPU and memory above zero.',
    })
  })

  test('is drained, but for what a budget holds', () => {
    const cluster = running(deployment(4))
    const on = (node: string) =>
      pods(cluster).filter(({ spec, metadata }) => spec.nodeName === node && !metadata.deletionTimestamp)
    did(cluster, { type: 'drain', name: 'a' })
    cluster.runFor(60_000)
    expect([on('a').length, on('b').length]).toEqual([0, 4])
    const budget =
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 4, selector: {matchLabels: {app: web}}}'
    did(cluster, { type: 'apply', file: 'b', text: budget })
    cluster.runFor(5_000)
    const result = act(cluster, { type: 'drain', name: 'b' })
    expect(result).toMatchObject({ ok: false })
    expect(result.message).toContain("Cannot evict pod as it would violate the pod's disruption budget.")
    expect(on('b')).toHaveLength(4)
  })

  test('with a pod that nobody would make again is not drained', () => {
    const cluster = running(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec: {nodeName: a, containers: [{name: c, image: nginx}]}',
    )
    expect(act(cluster, { type: 'drain', name: 'a' }).message).toBe(
      'cannot delete Pods that declare no controller (use --force to override): default/alone',
    )
  })
})

describe('a container', () => {
  test.each([
    ['crash', 139, 'Error'],
    ['kill', 137, 'Error'],
    ['oom', 137, 'OOMKilled'],
  ] as const)('that is made to %s is started again', (what, exitCode, reason) => {
    const cluster = running(deployment(1))
    const [{ metadata }] = pods(cluster) as [any]
    did(cluster, { type: 'fault', fault: { on: 'pod', namespace: 'default', name: metadata.name, what } })
    cluster.runFor(20_000)
    const [{ restartCount, lastState }] = pods(cluster)[0]!.status.containerStatuses
    expect([restartCount, lastState.terminated]).toMatchObject([1, { exitCode, reason }])
  })

  test('that hangs fails its probe, until it is let go on or started again', () => {
    const cluster = running(deployment(1, ', readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2}'))
    expect(ready(cluster)).toHaveLength(1)
    const [{ metadata }] = pods(cluster) as [any]
    const fault = (what: 'hang' | 'resume') =>
      did(cluster, { type: 'fault', fault: { on: 'pod', namespace: 'default', name: metadata.name, what } })
    fault('hang')
    cluster.runFor(20_000)
    expect(ready(cluster)).toHaveLength(0)
    fault('resume')
    cluster.runFor(20_000)
    expect(ready(cluster)).toHaveLength(1)
  })

  test('that does not run has no faults', () => {
    const cluster = running(deployment(1))
    const fault = {
      on: 'pod' as const,
      namespace: 'default',
      name: pods(cluster)[0]!.metadata.name,
      container: 'x',
      what: 'kill' as const,
    }
    expect(act(cluster, { type: 'fault', fault }).message).toBe('No container x of this pod is running.')
  })
})

describe('the control plane', () => {
  test('without a scheduler leaves pods waiting, and goes on when it is back', () => {
    const cluster = running()
    did(cluster, { type: 'fault', fault: { on: 'controlPlane', part: 'scheduler' } })
    did(cluster, { type: 'apply', file: 'f', text: deployment(2) })
    cluster.runFor(60_000)
    expect(pods(cluster).map(({ spec }) => spec.nodeName)).toEqual([undefined, undefined])
    const restored = Cluster.restore(cluster.snapshot())
    expect(restored.stoppedParts()).toEqual(['scheduler'])
    for (const one of [cluster, restored]) {
      did(one, { type: 'fault', fault: { on: 'controlPlane', part: 'scheduler', isOver: true } })
      one.runFor(30_000)
      expect(ready(one)).toHaveLength(2)
    }
  })

  test('without a controller manager makes and heals nothing, and goes on when it is back', () => {
    const cluster = running(deployment(2))
    did(cluster, { type: 'fault', fault: { on: 'controlPlane', part: 'controllerManager' } })
    did(cluster, { type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 4 })
    did(cluster, { type: 'delete', resource: 'pods', namespace: 'default', name: pods(cluster)[0]!.metadata.name })
    cluster.runFor(60_000)
    expect(pods(cluster)).toHaveLength(1)
    const restored = Cluster.restore(cluster.snapshot())
    for (const one of [cluster, restored]) {
      did(one, { type: 'fault', fault: { on: 'controlPlane', part: 'controllerManager', isOver: true } })
      one.runFor(30_000)
      expect(ready(one)).toHaveLength(4)
    }
  })
})
