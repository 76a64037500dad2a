import { expect, test } from 'vitest'
import { examples } from '../playground/examples/examples.ts'
import type { Cluster } from '../sim/cluster.ts'
import { act, clusterOf } from './actions.ts'

/** An example as the gallery opens it, some minutes later. */
function opened(id: string, more: readonly string[] = []): Cluster {
  const example = examples.find((each) => each.id === id)!
  const cluster = clusterOf(example.shape)
  cluster.runFor(5_000)
  for (const name of [...example.applied, ...more]) {
    const text = example.files.find((file) => file.name === name)!.text
    const result = act(cluster, { type: 'apply', file: name, text })
    if (!result.ok) throw new Error(JSON.stringify(result.results ?? result.message))
    cluster.runFor(20_000)
  }
  cluster.runFor(180_000)
  return cluster
}

/** Names without what is made up: `web 3` for three running and ready pods, `web Pending 1` for what is not so. */
function states(cluster: Cluster): string[] {
  const counts = new Map<string, number>()
  for (const { metadata, status, spec } of cluster.api.list('pods')) {
    const name = metadata.labels?.app ?? metadata.labels?.['job-name']?.replace(/-\d+$/, '') ?? metadata.name
    const ready = status.conditions?.some((each: any) => each.type === 'Ready' && each.status === 'True')
    const waiting = status.containerStatuses?.map((each: any) => each.state?.waiting?.reason).find(Boolean)
    const state = ready ? '' : ` ${waiting ?? (spec.nodeName ? status.phase : 'Pending')}`
    const key = `${name}${state}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort()
}

const healthy = [
  'web-shop',
  'node-failure',
  'stuck-rollout',
  'silent-service',
  'two-backends',
  'stateful-store',
  'calling-services',
  'canary',
  'held-drain',
]

test.each(healthy)('%s comes up healthy', (id) => {
  expect(states(opened(id)).filter((each) => /[A-Z]/.test(each.replace(/ Succeeded \d+$/, '')))).toEqual([])
})

test.each([
  ['slow-start', ['impatient', 'patient 2']],
  ['out-of-memory', ['mailer', 'report CreateContainerConfigError 1', 'search']],
  ['taints-and-zones', ['embed Pending 1', 'ranker 2', 'web 6']],
  ['quota', ['api 2', 'web 3']],
  ['no-room', ['giant Pending 1', 'picky Pending 1', 'spread 3', 'spread Pending 1', 'web 3']],
])('%s fails as its lesson says', (id, expected) => {
  const found = states(opened(id))
  // What restarts is ready now and then: only its name is certain.
  expect(found.map((each) => expected.find((one) => !one.includes(' ') && each.startsWith(one)) ?? each)).toEqual(
    expected,
  )
})

const pods = (cluster: Cluster, app: string) =>
  cluster.api.list('pods').filter(({ metadata }) => metadata.labels?.app === app)

test('the impatient probe kills what the patient one lets start; memory and crashes leave their marks', () => {
  const probes = opened('slow-start')
  const restarts = (cluster: Cluster, app: string) =>
    pods(cluster, app).map(({ status }) => status.containerStatuses[0].restartCount)
  expect(Math.min(...restarts(probes, 'impatient'))).toBeGreaterThan(1)
  expect(Math.max(...restarts(probes, 'patient'))).toBe(0)
  const crashes = opened('out-of-memory')
  const last = (app: string) => pods(crashes, app)[0]!.status.containerStatuses[0].lastState.terminated
  expect(last('search')).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
  expect(last('mailer')).toMatchObject({ exitCode: 1 })
})

test('the zones of web differ by one at most, and the GPU node has only what tolerates it', () => {
  const cluster = opened('taints-and-zones')
  const zoneOf = (node: string) => cluster.api.get('nodes', node).metadata.labels!['topology.kubernetes.io/zone']!
  const zones = pods(cluster, 'web').map(({ spec }) => zoneOf(spec.nodeName))
  expect(zones.sort()).toEqual(['zone-a', 'zone-a', 'zone-b', 'zone-b', 'zone-c', 'zone-c'])
  expect(pods(cluster, 'ranker').map(({ spec }) => spec.nodeName)).toEqual(['gpu-1', 'gpu-1'])
})

test('a drain is held up by the budget, and web moves all the same', () => {
  const cluster = opened('held-drain')
  const node = pods(cluster, 'pg')[0]!.spec.nodeName
  const result = act(cluster, { type: 'drain', name: node })
  cluster.runFor(60_000)
  expect(result.message).toContain('disruption budget')
  expect(pods(cluster, 'pg').some(({ spec }) => spec.nodeName === node)).toBe(true)
  expect(pods(cluster, 'web').some(({ spec }) => spec.nodeName === node)).toBe(false)
})

test('the canary joins the Service and fails now and then', () => {
  const cluster = opened('canary', ['canary.yaml'])
  const [slice] = cluster.api
    .list('endpointslices.discovery.k8s.io')
    .filter(({ metadata }) => metadata.name.startsWith('web-'))
  expect((slice as any).endpoints).toHaveLength(5)
})
