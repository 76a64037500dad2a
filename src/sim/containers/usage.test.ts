import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Usage } from './kernel/types.ts'
import { usageOf } from './usage.ts'

const mebibyte = 1024 * 1024
const nginx: Usage = { memoryBytes: 0, spareBytes: 8 * mebibyte, milliCPU: 5 }
const unknown: Usage = { memoryBytes: 0, spareBytes: 48 * mebibyte, milliCPU: 10, shareOfRequest: 0.2 }
const grows: Usage = { memoryBytes: 300 * mebibyte, milliCPU: 0 }

function used(usage: Usage, resources: object = {}, annotations: Record<string, string> = {}, sharers = 1) {
  const pod = { metadata: {}, spec: { containers: [{ name: 'main', resources }] } }
  return usageOf(pod as unknown as KubeObject, 'main', usage, sharers, (name) => annotations[`kubecosm.dev/${name}`])
}

describe('what a container uses', () => {
  test.each<[string, ReturnType<typeof used>, object]>([
    [
      'what its programs say, whatever is requested',
      used(nginx, { requests: { cpu: '2' } }),
      { milliCPU: 5, memoryBytes: 8 * mebibyte, heldBytes: 0 },
    ],
    [
      'a fifth of its requests, where nobody knows what it needs',
      used(unknown, { requests: { cpu: '500m', memory: '1Gi' } }),
      { milliCPU: 100 },
    ],
    ['a constant, where nothing is requested', used(unknown), { milliCPU: 10, memoryBytes: 48 * mebibyte }],
    [
      'what annotations say',
      used(nginx, {}, { 'kubecosm.dev/cpu': '1500m', 'kubecosm.dev/memory': '20Mi' }),
      { milliCPU: 1500, memoryBytes: 20 * mebibyte, heldBytes: 20 * mebibyte },
    ],
    ['its part of what they say', used(nginx, {}, { 'kubecosm.dev/cpu': '1' }, 4), { milliCPU: 250 }],
    [
      'never more CPU than its limit',
      used(nginx, { limits: { cpu: '100m' } }, { 'kubecosm.dev/cpu': '1' }),
      { milliCPU: 100 },
    ],
    [
      'less memory than it would like, where it may not have more',
      used(nginx, { limits: { memory: '4Mi' } }),
      { memoryBytes: 4 * mebibyte, heldBytes: 0 },
    ],
    [
      'held memory beyond the limit, for which it will be killed',
      used(grows, { limits: { memory: '100Mi' } }),
      { heldBytes: 300 * mebibyte },
    ],
    ['nothing less than nothing', used(nginx, {}, { 'kubecosm.dev/cpu': '-1' }), { milliCPU: 0 }],
    ['what can be read only', used(nginx, {}, { 'kubecosm.dev/cpu': 'lots' }), { milliCPU: 5 }],
  ])('%s', (_name, usage, expected) => expect(usage).toMatchObject(expected))
})
