import { readFileSync } from 'node:fs'
import { createCluster, type Cluster } from '../src/sim/cluster.ts'
import type { Bench, BenchResult } from './benches.ts'
import { cpuSeconds } from './measure.ts'

const round = (value: number): number => Number(value.toPrecision(3))
const zones = ['a', 'b', 'c']

/** Bare nodes of the size that the real scheduler was measured with, and nobody but the scheduler at work. */
function openCluster(nodes: number): Cluster {
  const cluster = createCluster({ controllerManager: false })
  const { api } = cluster
  for (let i = 0; i < nodes; i++) {
    const name = `node-${i}`
    const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zones[i % zones.length]! }
    api.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } })
    // The taint of every new node is the node controller's to take away, which does not run.
    const node = api.get('nodes', name)
    const { taints: _taints, ...spec } = node.spec ?? {}
    const bare = api.update('nodes', { ...node, spec } as never)
    const capacity = { cpu: '32', memory: '64Gi', pods: '110' }
    const conditions = [{ type: 'Ready', status: 'True' }]
    const status = { ...bare.status, capacity, allocatable: capacity, conditions }
    api.update('nodes', { ...bare, status } as never, { subresource: 'status' })
  }
  api.create('serviceaccounts', { metadata: { name: 'default', namespace: 'default' } })
  cluster.runFor(1000)
  return cluster
}

function createPods(cluster: Cluster, prefix: string, count: number, spec: object): void {
  for (let i = 0; i < count; i++)
    cluster.api.create('pods', {
      metadata: { name: `${prefix}-${i}`, namespace: 'default', labels: { app: prefix } },
      spec,
    })
}

const plain = {
  automountServiceAccountToken: false,
  containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
}

const selector = { matchLabels: { app: 'spread' } }
/** Spread over zones and nodes by rule, apart from each other by wish. */
const spread = {
  ...plain,
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: selector,
    },
    { maxSkew: 5, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector },
  ],
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: selector } },
      ],
    },
  },
}

/** CPU seconds until no pod is without a node. */
function bindAll(cluster: Cluster): number {
  const waiting = () => cluster.api.list('pods').filter(({ spec }) => !spec.nodeName).length
  let seconds = 0
  for (let rounds = 0; waiting() > 0; rounds++) {
    if (rounds > 600) throw new Error(`${waiting()} pods were not bound`)
    seconds += cpuSeconds(() => cluster.runFor(1000))
  }
  return seconds
}

/** Pods per CPU second of the real scheduler's own process, on so many nodes. */
function upstreamRate(nodes: number): number {
  const { runs } = JSON.parse(readFileSync('facts/scheduler-throughput.json', 'utf8'))
  const same = runs.filter((run: any) => run.nodes === nodes && run.cpuSeconds?.sched > 0)
  const rates = same.map((run: any) => run.pods / run.cpuSeconds.sched)
  return rates.reduce((sum: number, rate: number) => sum + rate, 0) / rates.length
}

/** The scheduler by itself: from pods that are there to pods that have a node. */
export const schedulerBench: Bench = {
  name: 'scheduler',
  run: () => [...throughput(), ...constrained(), ...growth()],
}

function throughput(): BenchResult[] {
  const warm = openCluster(100)
  createPods(warm, 'warm', 1000, plain)
  bindAll(warm)
  const cluster = openCluster(1000)
  createPods(cluster, 'pod', 10_000, plain)
  const rate = 10_000 / bindAll(cluster)
  const real = upstreamRate(1000)
  const note = `the real scheduler: ${round(real)} on its machine, ${round(rate / real)} times fewer`
  return [{ name: 'schedule-10000-pods-1000-nodes', unit: 'pods/CPU s', value: round(rate), note }]
}

function constrained(): BenchResult[] {
  const cluster = openCluster(500)
  createPods(cluster, 'spread', 5000, spread)
  const value = round(5000 / bindAll(cluster))
  const note = 'zone spread by rule, host spread and anti-affinity by wish'
  return [{ name: 'schedule-5000-spread-pods-500-nodes', unit: 'pods/CPU s', value, note }]
}

function growth(): BenchResult[] {
  const cluster = openCluster(1000)
  let present = 0
  return [1000, 5000, 10_000, 30_000].map((wanted) => {
    createPods(cluster, `fill-${wanted}`, wanted - present, plain)
    bindAll(cluster)
    createPods(cluster, `timed-${wanted}`, 1000, plain)
    const seconds = bindAll(cluster)
    present = wanted + 1000
    return {
      name: `schedule-1000-pods-beside-${wanted}`,
      unit: 'CPU ms/pod',
      value: round(seconds),
      note: '1000 nodes',
    }
  })
}
