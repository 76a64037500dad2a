import { createCluster } from '../src/sim/cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../src/sim/snapshot.ts'
import { deployed, machines, runOurs } from './peer-ours.ts'

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

/** CPU seconds of this process for `run`. */
export function cpuSeconds(run: () => void): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
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
  {
    name: 'create',
    run: () => {
      const cluster = createCluster({ machines: machines(1) })
      cluster.runFor(5000)
      const spec = {
        schedulerName: 'nobody',
        containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }],
      }
      const create = (count: number, prefix: string) => {
        for (let i = 0; i < count; i++)
          cluster.api.create('pods', {
            metadata: { name: `${prefix}-${i}`, namespace: 'default', labels: { app: 'web' } },
            spec,
          })
      }
      create(2000, 'warm')
      const count = 10_000
      const seconds = cpuSeconds(() => create(count, 'pod'))
      return [{ name: 'create-pods-with-managed-fields', unit: 'pods/CPU s', value: round(count / seconds) }]
    },
  },
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
