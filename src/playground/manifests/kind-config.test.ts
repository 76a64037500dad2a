import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { kindConfig } from './kind-config.ts'

const node = (name: string, more: object = {}) => ({ name, zone: 'zone-a', labels: {}, taints: [], ...more })

test('a worker a node, in its zone, with the labels and taints that somebody gave it', () => {
  const labels = { disk: 'ssd', 'kubernetes.io/hostname': 'node-2', 'topology.kubernetes.io/zone': 'zone-b' }
  const taints = [
    { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  ]
  const config: any = load(kindConfig('My Shop!', [node('node-1'), node('node-2', { labels, taints })]))
  expect(config).toMatchObject({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', name: 'my-shop' })
  expect(config.nodes.map((each: any) => each.role)).toEqual(['control-plane', 'worker', 'worker'])
  expect(config.nodes[1]).toEqual({ role: 'worker', labels: { 'topology.kubernetes.io/zone': 'zone-a' } })
  expect(config.nodes[2].labels).toEqual({ 'topology.kubernetes.io/zone': 'zone-b', disk: 'ssd' })
  expect(load(config.nodes[2].kubeadmConfigPatches[0])).toEqual({
    kind: 'JoinConfiguration',
    nodeRegistration: { taints: [taints[0]] },
  })
})

test.each([
  ['', 'kubecosm'],
  ['实验场', 'kubecosm'],
  ['--a b--', 'a-b'],
])('the name %j becomes %j', (name, expected) => {
  expect((load(kindConfig(name, [])) as any).name).toBe(expected)
})
