import { parseSnapshot, serialiseSnapshot } from '../src/sim/snapshot.ts'
import { apiBench } from './api.ts'
import { cpuSeconds } from './measure.ts'
import { deployed, runOurs } from './peer-ours.ts'
import { rolloutBench } from './rollout.ts'
import { schedulerBench } from './scheduler.ts'

export interface BenchResult {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly note?: string
}

export interface Bench {
  readonly name: string
  run(): BenchResult[]
}

const round = (value: number): number => Number(value.toPrecision(3))

export const benches: readonly Bench[] = [
  {
    name: 'idle-hour',
    run: () => {
      const cluster = deployed(100, 1000)
      const before = cluster.api.etcd.revision
      const seconds = cpuSeconds(() => cluster.runFor(3_600_000))
      const note = `100 nodes, 1000 pods without probes; ${cluster.api.etcd.revision - before} writes`
      return [{ name: 'idle-hour-100-nodes-1000-pods', unit: 'CPU s', value: round(seconds), note }]
    },
  },
  {
    name: 'deploy',
    run: () => {
      // The first run of a process pays for compiling; the sizes after it show how the cost grows.
      runOurs(10, 100)
      return [
        [100, 1000],
        [300, 3000],
        [1000, 10_000],
      ].map(([nodes, pods]) => {
        const seconds = cpuSeconds(() => void runOurs(nodes!, pods!))
        return {
          name: `deploy-${pods}-pods-${nodes}-nodes`,
          unit: 'CPU ms/pod',
          value: round((seconds * 1000) / pods!),
        }
      })
    },
  },
  apiBench,
  schedulerBench,
  rolloutBench,
  {
    name: 'snapshot',
    run: () => {
      const cluster = deployed(100, 1000)
      let text = ''
      const write = cpuSeconds(() => (text = serialiseSnapshot(cluster.snapshot())))
      const read = cpuSeconds(() => void parseSnapshot(text))
      return [
        {
          name: 'snapshot-write-1000-pods',
          unit: 'CPU ms',
          value: round(write * 1000),
          note: `${text.length} characters`,
        },
        { name: 'snapshot-read-1000-pods', unit: 'CPU ms', value: round(read * 1000) },
      ]
    },
  },
]
