import { createCluster, type Cluster } from '../src/sim/cluster.ts'
import type { Bench, BenchResult } from './benches.ts'
import { cpuSeconds } from './measure.ts'
import { machines } from './peer-ours.ts'
import { handleRequest } from '../src/sim/apiserver/http.ts'

const round = (value: number): number => Number(value.toPrecision(3))
const token = 'admin'
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'user-agent': 'bench/1' }
const pods = '/api/v1/namespaces/default/pods'
/** Pods that nobody schedules: what is measured is the API server alone. */
const spec = {
  schedulerName: 'nobody',
  containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }],
}

function openCluster(): Cluster {
  const cluster = createCluster({
    machines: machines(1),
    tokens: [{ token, user: { name: 'admin', groups: ['system:masters'] } }],
  })
  cluster.runFor(5000)
  return cluster
}

const podOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: 'web' } },
  spec,
})

function send(cluster: Cluster, method: string, path: string, body?: string): string {
  const answer = handleRequest(cluster.api, { method, path, headers, ...(body !== undefined && { body }) })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 200)}`)
  return answer.body
}

function createMany(cluster: Cluster, prefix: string, count: number): void {
  for (let i = 0; i < count; i++) cluster.api.create('pods', podOf(`${prefix}-${i}`))
}

/** Updates of one pod's label, which every watcher of pods hears of. */
function updateMany(cluster: Cluster, count: number, round: string, between: () => void): void {
  for (let i = 0; i < count; i++) {
    const patch = JSON.stringify({ metadata: { labels: { round: `${round}-${i}` } } })
    const answer = handleRequest(cluster.api, {
      method: 'PATCH',
      path: `${pods}/w-0`,
      headers: { ...headers, 'content-type': 'application/merge-patch+json' },
      body: patch,
    })
    if (answer.status !== 200) throw new Error(answer.body)
    between()
  }
}

/** The API server by itself, directly and through HTTP. */
export const apiBench: Bench = {
  name: 'api',
  run: () => [...writes(), ...reads(), ...watchers()],
}

function writes(): BenchResult[] {
  const cluster = openCluster()
  createMany(cluster, 'warm', 2000)
  const count = 10_000
  const direct = cpuSeconds(() => createMany(cluster, 'pod', count))
  const bodies = Array.from({ length: count }, (_, index) => JSON.stringify(podOf(`http-${index}`)))
  for (let i = 0; i < 1000; i++) send(cluster, 'POST', pods, JSON.stringify(podOf(`warm-http-${i}`)))
  const http = cpuSeconds(() => {
    for (const body of bodies) send(cluster, 'POST', pods, body)
  })
  return [
    { name: 'create-pods-with-managed-fields', unit: 'pods/CPU s', value: round(count / direct) },
    { name: 'create-pods-over-http', unit: 'pods/CPU s', value: round(count / http), note: 'JSON in and out' },
  ]
}

function reads(): BenchResult[] {
  const cluster = openCluster()
  const count = 10_000
  createMany(cluster, 'pod', count)
  const gets = 200_000
  for (let i = 0; i < count; i++) cluster.api.get('pods', `default/pod-${i}`)
  const direct = cpuSeconds(() => {
    for (let i = 0; i < gets; i++) cluster.api.get('pods', `default/pod-${i % count}`)
  })
  for (let i = 0; i < count; i++) send(cluster, 'GET', `${pods}/pod-${i}`)
  const http = cpuSeconds(() => {
    for (let i = 0; i < gets; i++) send(cluster, 'GET', `${pods}/pod-${i % count}`)
  })
  cluster.api.list('pods')
  const lists = 20
  const list = cpuSeconds(() => {
    for (let i = 0; i < lists; i++) cluster.api.list('pods')
  })
  let size = 0
  // The first reader has every object written out; those after it are given what was written.
  const fresh = openCluster()
  createMany(fresh, 'pod', count)
  const first = cpuSeconds(() => void (size = send(fresh, 'GET', '/api/v1/pods').length))
  for (let i = 0; i < 3; i++) send(cluster, 'GET', '/api/v1/pods')
  const page = cpuSeconds(() => {
    for (let i = 0; i < lists; i++) send(cluster, 'GET', '/api/v1/pods')
  })
  return [
    { name: 'get-pods', unit: 'gets/CPU s', value: round(gets / direct) },
    { name: 'get-pods-over-http', unit: 'gets/CPU s', value: round(gets / http), note: 'JSON out' },
    { name: 'list-10000-pods', unit: 'CPU ms', value: round((list * 1000) / lists) },
    { name: 'list-10000-pods-over-http-first', unit: 'CPU ms', value: round(first * 1000) },
    {
      name: 'list-10000-pods-over-http',
      unit: 'CPU ms',
      value: round((page * 1000) / lists),
      note: `${(size / 2 ** 20).toFixed(1)} MB of JSON`,
    },
  ]
}

function watchers(): BenchResult[] {
  const cluster = openCluster()
  createMany(cluster, 'w', 1)
  const count = 2000
  updateMany(cluster, count, 'warm', () => {})
  const alone = cpuSeconds(() => updateMany(cluster, count, 'alone', () => {}))
  const path = `/api/v1/pods?watch=true&resourceVersion=${cluster.api.etcd.revision}`
  const streams = Array.from(
    { length: 1000 },
    () => handleRequest(cluster.api, { method: 'GET', path, headers }).stream!,
  )
  let heard = 0
  const readAll = () => {
    for (const stream of streams) heard += stream.read().length
  }
  // Readers of a busy kind read what has gathered since they last did, as a connection's buffer is flushed.
  let written = 0
  const beside = cpuSeconds(() =>
    updateMany(cluster, count, 'beside', () => {
      if (++written % 100 === 0) readAll()
    }),
  )
  if (heard === 0) throw new Error('nobody heard of the writes')
  const eachWrite = cpuSeconds(() => updateMany(cluster, 200, 'each', readAll))
  return [
    {
      name: 'writes-beside-1000-watchers',
      unit: 'times slower',
      value: round(beside / alone),
      note: `every watcher reads after each 100 writes; ${round(count / alone)} writes/CPU s alone`,
    },
    {
      name: 'writes-beside-1000-watchers-reading-each',
      unit: 'times slower',
      value: round(eachWrite / 200 / (alone / count)),
      note: 'every watcher reads after each write',
    },
  ]
}
