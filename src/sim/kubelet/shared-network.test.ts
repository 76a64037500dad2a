import { expect, test } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { testCluster } from '../testing/scenario.ts'
import { podOf } from '../testing/scheduling.ts'

function running(pods: Record<string, unknown[]>, more: Record<string, unknown> = {}, ms = 10_000): Cluster {
  const cluster = testCluster(1)
  for (const [name, containers] of Object.entries(pods)) {
    cluster.api.create('pods', podOf(name, { containers, ...more }))
    cluster.runFor(ms)
  }
  return cluster
}
const logOf = (cluster: Cluster, pod: string, container: string): string[] => {
  const lines = cluster.api.podLogs!(cluster.api.get('pods', `default/${pod}`), container, false)
  return typeof lines === 'string' ? [lines] : lines.map(({ text }) => text.replace(/^[\d/]+ [\d:]+ /, ''))
}
const shell = (name: string, script: string) => ({ name, image: 'busybox:1.36', command: ['sh', '-c', script] })
const nginx = (name: string, image = 'nginx:1.29') => ({ name, image })
const bind = (what: string) => `bind() to 0.0.0.0:80 failed (98: ${what})`

test.each([
  ['nginx:1.29', 'Address already in use'],
  ['nginxdemos/hello', 'Address in use'],
])('a second %s of a pod finds the port taken, and ends', (image, what) => {
  const cluster = running({ web: [nginx('one'), nginx('two', image)] }, { restartPolicy: 'Never' })
  expect(cluster.api.get('pods', 'default/web').status.containerStatuses[1].state.terminated).toMatchObject({
    exitCode: 1,
    reason: 'Error',
  })
  const once = [
    `[emerg] 1#1: ${bind(what)}`,
    `nginx: [emerg] ${bind(what)}`,
    '[notice] 1#1: try again to bind() after 500ms',
  ]
  const last = ['[emerg] 1#1: still could not bind()', 'nginx: [emerg] still could not bind()']
  expect(logOf(cluster, 'web', 'two').filter((line) => !line.startsWith('/docker'))).toEqual([
    ...Array.from({ length: 5 }, () => once).flat(),
    ...last,
  ])
})

test('so does a pod in the node’s network, whose port another has', () => {
  const cluster = running({ one: [nginx('main')], two: [nginx('main')] }, { hostNetwork: true, restartPolicy: 'Never' })
  const phases = ['one', 'two'].map((name) => cluster.api.get('pods', `default/${name}`).status.phase)
  expect(phases).toEqual(['Running', 'Failed'])
})

test('pods with networks of their own do not meet', () => {
  const cluster = running({ one: [nginx('main')], two: [nginx('main')] })
  expect(cluster.api.list('pods').map(({ status }: any) => status.phase)).toEqual(['Running', 'Running'])
})

test('a port that its holder has given up can be had', () => {
  const first = shell('one', 'timeout 4 nc -l -p 80; sleep 3600')
  const cluster = running({ web: [first, nginx('two')] })
  expect(logOf(cluster, 'web', 'two').join('\n')).toMatch(/try again to bind\(\) after 500ms[^]*start worker processes/)
})

test('localhost is the other container, too', () => {
  const client = shell(
    'client',
    'sleep 2; wget -qO- http://localhost/ | grep "<title>"; nc -z 127.0.0.1 81 || echo closed',
  )
  const cluster = running({ web: [nginx('server'), client] })
  expect(logOf(cluster, 'web', 'client')).toEqual(['<title>Welcome to nginx!</title>', 'closed'])
})
