import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { simpleRuntime } from './simple-runtime.ts'
import { usageOf } from './usage.ts'

const mebibyte = 1024 * 1024

function used(
  image: string,
  resources: object = {},
  annotations: Record<string, string> = {},
  { sharers = 1, command = [] as string[] } = {},
) {
  const pod = { metadata: { annotations }, spec: { containers: [{ name: 'main', image, resources }] } }
  const behaviour = simpleRuntime.behaviour({ image, command, args: [], env: {}, ports: [] })
  return usageOf(pod as unknown as KubeObject, 'main', behaviour, sharers)
}

describe('what a container uses', () => {
  test.each<[string, ReturnType<typeof used>, object]>([
    [
      'a well-known image, the same always',
      used('nginx:1.27', { requests: { cpu: '2' } }),
      { milliCPU: 5, memoryBytes: 8 * mebibyte },
    ],
    [
      'an unknown one, a fifth of its requests',
      used('shop:1', { requests: { cpu: '500m', memory: '1Gi' } }),
      { milliCPU: 100 },
    ],
    ['an unknown one without requests', used('shop:1'), { milliCPU: 10, memoryBytes: 48 * mebibyte }],
    [
      'one that sleeps, next to nothing',
      used('shop:1', { requests: { cpu: '2' } }, {}, { command: ['sleep', '9'] }),
      { milliCPU: 1 },
    ],
    [
      'what annotations say',
      used('nginx', {}, { 'kubecosm.dev/cpu': '1500m', 'kubecosm.dev/memory': '20Mi' }),
      { milliCPU: 1500, memoryBytes: 20 * mebibyte },
    ],
    ['its part of what they say', used('nginx', {}, { 'kubecosm.dev/cpu': '1' }, { sharers: 4 }), { milliCPU: 250 }],
    [
      'never more than its limit',
      used('nginx', { limits: { cpu: '100m' } }, { 'kubecosm.dev/cpu': '1' }),
      { milliCPU: 100 },
    ],
    ['nothing less than nothing', used('nginx', {}, { 'kubecosm.dev/cpu': '-1' }), { milliCPU: 0 }],
    ['what cannot be read is not read', used('nginx', {}, { 'kubecosm.dev/cpu': 'lots' }), { milliCPU: 5 }],
  ])('%s', (_name, usage, expected) => expect(usage).toMatchObject(expected))
})
