import { expect, test } from 'vitest'
import { machinesOfForm, nextNames, nextZone, type MachineForm } from './machine-shapes.ts'

const form: MachineForm = {
  name: 'node-5',
  count: '1',
  zone: 'zone-a',
  cpu: '4',
  memory: '8Gi',
  taints: '',
  labels: '',
}
const taken = new Set(['node-1', 'node-6'])

test('one machine, with taints and labels', () => {
  const taints = 'dedicated=gpu:NoSchedule, spot:NoExecute'
  expect(machinesOfForm({ ...form, taints, labels: 'disk=ssd gpu=' }, taken)).toEqual({
    machines: [
      {
        name: 'node-5',
        zone: 'zone-a',
        cpu: '4',
        memory: '8Gi',
        taints: [
          { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
          { key: 'spot', effect: 'NoExecute' },
        ],
        labels: { disk: 'ssd', gpu: '' },
      },
    ],
  })
})

test('several count on from the name and leave out those that are there', () => {
  expect(nextNames('node-5', 3, taken)).toEqual(['node-5', 'node-7', 'node-8'])
  expect(nextNames('gpu', 2, taken)).toEqual(['gpu-1', 'gpu-2'])
  expect(nextNames('n08', 3, taken)).toEqual(['n08', 'n09', 'n10'])
})

test.each([
  ['name', { name: 'Node 5' }],
  ['taken', { name: 'node-1' }],
  ['count', { count: '0' }],
  ['count', { count: '1.5' }],
  ['count', { count: '101' }],
  ['zone', { zone: 'a zone' }],
  ['cpu', { cpu: 'four' }],
  ['cpu', { cpu: '0' }],
  ['memory', { memory: '8 GB' }],
  ['taints', { taints: 'dedicated=gpu' }],
  ['taints', { taints: 'dedicated=gpu:Never' }],
  ['labels', { labels: 'disk' }],
  ['labels', { labels: '-bad=x' }],
] as const)('%s: %j', (problem, wrong) => {
  expect(machinesOfForm({ ...form, ...wrong }, taken)).toEqual({ problem })
})

test.each([
  [['zone-a', 'zone-b'], 'zone-c'],
  [['eu-west-1a', 'eu-west-1b'], 'eu-west-1c'],
  [[], 'zone-a'],
  [['rack-7'], 'zone-a'],
])('after %j comes %s', (zones, next) => {
  expect(nextZone(zones)).toBe(next)
})
