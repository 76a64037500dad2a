import { describe, expect, test } from 'vitest'
import { createCluster, Cluster } from '../cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../snapshot.ts'
import { testMachine } from '../testing/scenario.ts'
import { podOf, podWith } from '../testing/scheduling.ts'
import { readSchedulerConfiguration } from './configuration/read.ts'
import { patchFor } from './what-would-fit/edit.ts'

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'

function configured(body: string, machines = ['a', 'b'].map((name) => testMachine(name))) {
  const read = readSchedulerConfiguration(head + body)
  if ('errors' in read) throw new Error(read.errors.join('\n'))
  const cluster = createCluster({ machines, scheduler: read.configuration })
  cluster.runFor(3000)
  return cluster
}

const nodeOfPod = (cluster: Cluster, name: string) => cluster.api.get('pods', `default/${name}`)!.spec.nodeName
const waiting = (cluster: Cluster, name: string) => {
  const { conditions } = cluster.api.get('pods', `default/${name}`)!.status
  return conditions.find(({ type }: any) => type === 'PodScheduled')?.message
}

/** Creates pods one after the other and tells where they are. */
function place(cluster: Cluster, ...pods: any[]): (string | undefined)[] {
  for (const pod of pods) {
    cluster.api.create('pods', pod)
    cluster.runFor(1000)
  }
  return pods.map(({ metadata }) => nodeOfPod(cluster, metadata.name))
}

const packing = `
profiles:
- schedulerName: default-scheduler
- schedulerName: packing
  pluginConfig:
  - name: NodeResourcesFit
    args: {scoringStrategy: {type: MostAllocated}}
  plugins:
    score: {disabled: [{name: NodeResourcesBalancedAllocation}, {name: PodTopologySpread}]}
`
const packed = (name: string) => podWith(name, { cpu: '500m', memory: '500Mi' }, { schedulerName: 'packing' })

describe('profiles', () => {
  test('one packs where the other spreads', () => {
    const [first, second, third] = place(configured(packing), packed('p1'), packed('p2'), packed('p3'))
    expect([second, third]).toEqual([first, first])
    const plain = (name: string) => podWith(name, { cpu: '500m', memory: '500Mi' })
    expect(new Set(place(configured(packing), plain('q1'), plain('q2'))).size).toBe(2)
  })

  test('a pod of a scheduler that is not there is left alone', () => {
    const cluster = configured('profiles: [{schedulerName: only}]')
    expect(place(cluster, podOf('p'), podOf('q', { schedulerName: 'only' }))).toEqual([undefined, expect.any(String)])
    expect(cluster.scheduler.queued()).toEqual([])
  })

  test('a ratio of use decides', () => {
    const args =
      'scoringStrategy: {type: RequestedToCapacityRatio, resources: [{name: cpu, weight: 3}], requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]}}'
    const cluster = configured(packing.replace('scoringStrategy: {type: MostAllocated}', args))
    const [first, second] = place(cluster, packed('p1'), packed('p2'))
    expect(second).toBe(first)
  })

  test('a filter that is disabled refuses nobody', () => {
    const machines = [testMachine('a', { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] })]
    const body = 'profiles: [{plugins: {filter: {disabled: [{name: TaintToleration}]}}}]'
    expect(place(configured(body, machines), podOf('p'))).toEqual(['a'])
    expect(place(configured('', machines), podOf('p'))).toEqual([undefined])
  })

  test('resources that are ignored are not counted', () => {
    const body = 'profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {ignoredResourceGroups: [example.com]}}]}]'
    const resources = { requests: { 'example.com/a': '1' }, limits: { 'example.com/a': '1' } }
    const pod = podOf('p', { containers: [{ name: 'main', image: 'app:1', resources }] })
    const cluster = configured(body)
    cluster.api.create('pods', pod)
    cluster.runFor(100)
    expect(nodeOfPod(cluster, 'p')).toEqual(expect.any(String))
  })

  test('an affinity of the profile holds for its pods', () => {
    const terms =
      '{nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [b]}]}]}'
    const args = `{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: ${terms}}}`
    const body = `profiles: [{pluginConfig: [{name: NodeAffinity, args: ${args}}]}]`
    expect(place(configured(body), podOf('p'), podOf('q'))).toEqual(['b', 'b'])
    const cluster = configured(body, [testMachine('a')])
    place(cluster, podOf('p'))
    expect(waiting(cluster, 'p')).toContain("1 node(s) didn't match scheduler-enforced node affinity")
  })

  test("constraints of the profile spread a Service's pods", () => {
    const list = '[{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}]'
    const args = `{defaultingType: List, defaultConstraints: ${list}}`
    const body = `profiles: [{pluginConfig: [{name: PodTopologySpread, args: ${args}}]}]`
    const machines = [testMachine('a'), testMachine('b', { zone: 'zone-b', maxPods: 1 })]
    const cluster = configured(body, machines)
    const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] }
    cluster.api.create('services', { metadata: { name: 'web', namespace: 'default' }, spec })
    const placed = place(cluster, ...['p', 'q', 'r', 's'].map((name) => podOf(name, {}, { app: 'web' })))
    expect(placed.filter(Boolean).sort()).toEqual(['a', 'a', 'b'])
    expect(
      cluster.api
        .list('pods')
        .map(({ metadata }) => waiting(cluster, metadata.name))
        .join(),
    ).toContain("1 node(s) didn't match pod topology spread constraints")
  })
})

test('the configuration is part of the snapshot', () => {
  const cluster = configured(packing)
  cluster.api.create('pods', packed('p1'))
  cluster.runFor(1)
  const copy = Cluster.restore(parseSnapshot(serialiseSnapshot(cluster.snapshot())))
  for (const one of [cluster, copy]) place(one, packed('p2'), packed('p3'))
  expect(serialiseSnapshot(copy.snapshot())).toBe(serialiseSnapshot(cluster.snapshot()))
})

test('asking what would fit leaves no trace', () => {
  const cluster = configured('')
  place(cluster, podWith('p', { cpu: '9' }))
  const before = serialiseSnapshot(cluster.snapshot())
  const [first] = cluster.scheduler.whatWouldFit('default/p')
  expect(first!.edits.map(({ kind, path }) => [kind, path])).toEqual([
    ['lowerRequest', 'spec.containers[0].resources.requests.cpu'],
  ])
  expect(serialiseSnapshot(cluster.snapshot())).toBe(before)
  const wanted = podWith('q', { cpu: '9' })
  const spec = { ...wanted.spec, ...patchFor(wanted.spec, first!.edits).spec }
  expect(place(cluster, { ...wanted, spec })).toEqual([expect.any(String)])
})

describe('preemption', () => {
  test.each([
    ['', 2],
    ['args: {minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 1}', 1],
  ])('looks at as many nodes as its arguments say: %s', (args, candidates) => {
    const config = `profiles: [{pluginConfig: [{name: DefaultPreemption, ${args || 'args: {}'}}]}]`
    const cluster = configured(config)
    const requests = { cpu: '3' }
    const deaf = { name: 'main', image: 'busybox:1.36', command: ['sleep', '3600'], resources: { requests } }
    cluster.api.create('priorityclasses.scheduling.k8s.io', { metadata: { name: 'high' }, value: 1000 })
    place(cluster, podOf('a', { containers: [deaf] }), podOf('b', { containers: [deaf] }))
    cluster.runFor(10_000)
    place(cluster, podWith('vip', requests, { priorityClassName: 'high' }))
    expect(cluster.scheduler.records.of('default/vip')?.preemption?.candidates).toHaveLength(candidates)
  })
})
