import { expect, test } from 'vitest'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { nodePorts } from './plugin.ts'

const withPort = (name: string, port: object, spec = {}) =>
  podOf(name, { containers: [{ name: 'main', image: 'app:1', ports: [{ containerPort: 80, ...port }] }], ...spec })
const refused = "unschedulable: node(s) didn't have free ports for the requested pod ports"

test.each([
  ['the same port twice does not go', { hostPort: 80 }, { hostPort: 80 }, refused],
  ['another port does', { hostPort: 80 }, { hostPort: 81 }, 'fits'],
  ['another protocol does', { hostPort: 80 }, { hostPort: 80, protocol: 'UDP' }, 'fits'],
  ['another address does', { hostPort: 80, hostIP: '10.0.0.1' }, { hostPort: 80, hostIP: '10.0.0.2' }, 'fits'],
  [
    'all addresses take every address',
    { hostPort: 80, hostIP: '0.0.0.0' },
    { hostPort: 80, hostIP: '10.0.0.2' },
    refused,
  ],
  ['and the other way round', { hostPort: 80, hostIP: '10.0.0.1' }, { hostPort: 80 }, refused],
  ['a port of the pod alone is nobody else’s', {}, { hostPort: 80 }, 'fits'],
])('%s', (_name, taken, wanted, expected) => {
  const world = { nodes: [nodeOf('a'), nodeOf('b')], pods: [withPort('there', taken, { nodeName: 'a' })] }
  expect(verdicts(nodePorts, withPort('p', wanted), world)).toEqual({ a: expected, b: 'fits' })
})

test('a pod without host ports is not looked at', () => {
  expect(verdicts(nodePorts, withPort('p', {}), { nodes: [nodeOf('a')] })).toBe('skip')
})

test('a sidecar’s host port counts, too', () => {
  const sidecar = { name: 's', image: 'app:1', restartPolicy: 'Always', ports: [{ containerPort: 80, hostPort: 80 }] }
  const world = { nodes: [nodeOf('a')], pods: [podOf('there', { initContainers: [sidecar], nodeName: 'a' })] }
  expect(verdicts(nodePorts, withPort('p', { hostPort: 80 }), world)).toEqual({ a: refused })
})
