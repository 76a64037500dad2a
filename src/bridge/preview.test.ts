import { expect, test } from 'vitest'
import { act, clusterOf } from './actions.ts'
import { PreviewRun } from './preview.ts'
import type { Action, Preview } from './protocol.ts'

const machine = (name: string, cpu = '4') => ({ name, zone: 'z', cpu, memory: '8Gi' })

function cluster(text: string, machines = [machine('a'), machine('b')]) {
  const made = clusterOf({ name: 'c', seed: 1, machines })
  made.runFor(20_000)
  expect(act(made, { type: 'apply', file: 'f', text }).ok).toBe(true)
  made.runFor(30_000)
  return made
}

function previewed(of: ReturnType<typeof cluster>, action: Action): Preview {
  const revision = of.api.etcd.revision
  const run = new PreviewRun(of, [action], undefined)
  let pieces = 1
  while (!run.step(() => true)) pieces++
  expect(pieces).toBeGreaterThan(3)
  expect(of.api.etcd.revision).toBe(revision)
  return run.result()
}

const workload = (kind: string, name: string, replicas: number, cpu = '100m') => `---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  ${kind === 'DaemonSet' ? '' : `replicas: ${replicas}`}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: ${cpu}}}}]}
`
const service = (name: string) => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`
const unplug: Action = { type: 'machine', name: 'a', change: 'unplug' }

test('a node without its cable: what moves, what stays lost, what nobody looks after', () => {
  const alone =
    '---\napiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec: {nodeName: a, containers: [{name: c, image: nginx}]}\n'
  const made = cluster(
    workload('Deployment', 'web', 4) + workload('StatefulSet', 'db', 2) + workload('DaemonSet', 'agent', 0) + alone,
  )
  const on = (node: string) => made.api.list('pods').filter(({ spec }) => spec.nodeName === node).length
  expect(on('a')).toBeGreaterThan(3)
  const { pods, refused } = previewed(made, unplug)
  expect(refused).toBeUndefined()
  const fates = (name: string) => pods.filter(({ pod }) => pod.startsWith(`default/${name}`))
  expect(fates('web').map(({ fate, to }) => [fate, to])).toEqual(fates('web').map(() => ['moves', 'b']))
  expect(fates('web').every(({ afterMs }) => afterMs! > 300_000 && afterMs! < 400_000)).toBe(true)
  expect(fates('db').map(({ fate }) => fate)).toEqual(['held'])
  expect(fates('agent')).toEqual([])
  expect(fates('alone').map(({ fate }) => fate)).toEqual(['lost'])
})

test('where there is no room, what is made in their place waits, and a Service stands empty', () => {
  const made = cluster(workload('Deployment', 'web', 1, '3') + service('web') + workload('Deployment', 'big', 1, '3'))
  const node = made.api.list('pods').find(({ metadata }) => metadata.name.startsWith('web'))!.spec.nodeName
  const { pods, services } = previewed(made, { ...unplug, name: node } as Action)
  expect(pods).toMatchObject([{ fate: 'waits' }])
  expect(pods[0]!.why).toContain('Insufficient cpu')
  expect(services.map(({ key }) => key)).toEqual(['default/web'])
  expect(services[0]!.emptyMs).toBeGreaterThan(300_000)
})

test('a drain that a budget forbids says so', () => {
  const budget =
    '---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 2, selector: {matchLabels: {app: web}}}\n'
  const made = cluster(workload('Deployment', 'web', 2) + budget)
  expect(previewed(made, { type: 'drain', name: 'a' }).refused).toContain('disruption budget')
})
