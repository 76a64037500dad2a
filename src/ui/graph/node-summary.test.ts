import { describe, expect, test } from 'vitest'
import type { MachineState } from '../../bridge/protocol.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { formatBytes, formatCores, nodeSummary } from './node-summary.ts'
import { podView } from './pod-view.ts'

const metadata = { name: 'node-1', uid: 'u', resourceVersion: '1', creationTimestamp: '' }

function node(ready: string, more: { spec?: object; conditions?: object[] } = {}): KubeObject {
  const conditions = [
    { type: 'Ready', status: ready, lastHeartbeatTime: '2026-01-01T00:00:00Z' },
    ...(more.conditions ?? []),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata,
    spec: more.spec,
    status: { allocatable: { cpu: '2', memory: '8Gi' }, conditions },
  }
}

function machine(change: Partial<MachineState> = {}): MachineState {
  return {
    name: 'node-1',
    zone: 'a',
    milliCPU: 2000,
    memoryBytes: 2 ** 33,
    diskBytes: 0,
    maxPods: 110,
    plugged: true,
    powered: true,
    usedMilliCPU: 940,
    usedMemoryBytes: 2 ** 32,
    images: [],
    faults: [],
    ...change,
  }
}

function pod(requests: object, limits: object, extra: object = {}): KubeObject {
  const spec = { nodeName: 'node-1', containers: [{ name: 'a', resources: { requests, limits } }], ...extra }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'p', namespace: 'd' },
    spec,
    status: { phase: 'Running' },
  }
}

test('the bars: requests and limits of its pods, use of its machine', () => {
  const pods = [
    podView(pod({ cpu: '500m', memory: '1Gi' }, { cpu: '2' }), false),
    podView(
      pod({ cpu: '1' }, { cpu: '1' }, { initContainers: [{ name: 'i', resources: { requests: { cpu: '1500m' } } }] }),
      false,
    ),
  ]
  const { cpu, memory } = nodeSummary(node('True'), machine(), pods)
  expect(cpu).toEqual({ allocatable: 2000, requested: 2000, used: 940, limits: 3000 })
  expect(memory).toEqual({ allocatable: 2 ** 33, requested: 2 ** 30, used: 2 ** 32, limits: 0 })
})

describe('the badge speaks only when there is something to say', () => {
  test.each([
    ['healthy', node('True'), machine(), undefined],
    ['just unplugged', node('True'), machine({ plugged: false }), 'Unplugged'],
    ['unplugged, and the cluster knows', node('Unknown'), machine({ plugged: false }), 'NotReady'],
    ['powered off', node('Unknown'), machine({ powered: false, plugged: false }), 'Off'],
    ['its kubelet says no', node('False'), machine(), 'NotReady'],
    [
      'short of memory',
      node('True', { conditions: [{ type: 'MemoryPressure', status: 'True' }] }),
      machine(),
      'MemoryPressure',
    ],
    ['cordoned', node('True', { spec: { unschedulable: true } }), machine(), 'Cordoned'],
  ] as const)('%s', (_name, object, host, word) => {
    expect(nodeSummary(object, host, []).badge?.word).toBe(word)
  })
})

test('its own taints are shown, those of the node lifecycle are not', () => {
  const taints = [
    { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  ]
  expect(nodeSummary(node('True', { spec: { taints } }), machine(), []).taints).toEqual(['dedicated=gpu'])
})

test('numbers as people read them', () => {
  expect([1650, 2000, 84, 0].map(formatCores)).toEqual(['1.65', '2', '0.08', '0'])
  expect([8 * 2 ** 30, 4.64 * 2 ** 30, 61 * 2 ** 20, 900].map(formatBytes)).toEqual(['8Gi', '4.6Gi', '61Mi', '900'])
})
