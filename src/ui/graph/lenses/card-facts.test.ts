import { expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import { cardFacts } from './card-facts.ts'

const object = (kind: string, spec: object, status: object = {}, more: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'x', generation: 1 }, spec, status, ...more }) as unknown as KubeObject

const settled = { observedGeneration: 1, replicas: 3, updatedReplicas: 3 }

test.each([
  ['all ready', { replicas: 3 }, { ...settled, readyReplicas: 3 }, 'lenses.card.ready', undefined],
  ['some not ready', { replicas: 3 }, { ...settled, readyReplicas: 1 }, 'lenses.card.notReady', 'warn'],
  ['rolling', { replicas: 3 }, { ...settled, updatedReplicas: 1, readyReplicas: 3 }, 'lenses.card.rolling', 'progress'],
  ['paused', { replicas: 3, paused: true }, { ...settled, readyReplicas: 3 }, 'lenses.card.paused', 'mute'],
  [
    'stuck',
    { replicas: 3 },
    { ...settled, conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] },
    'lenses.card.stuck',
    'fail',
  ],
])('a Deployment: %s', (_, spec, status, word, tone) => {
  const facts = cardFacts(object('Deployment', spec, status))
  expect(facts.left?.[0]).toBe(word)
  expect(facts.tone).toBe(tone)
})

test.each([
  ['HorizontalPodAutoscaler', { minReplicas: 3, maxReplicas: 8 }, {}, undefined, '3…8'],
  ['CronJob', { schedule: '*/15 * * * *' }, {}, '*/15 * * * *', ['lenses.card.active', { count: 0 }]],
  ['Ingress', { rules: [{ host: 'a.example' }] }, {}, 'a.example', undefined],
  [
    'PodDisruptionBudget',
    { minAvailable: 2 },
    {},
    ['lenses.card.mayGo', { count: 0 }],
    ['lenses.card.min', { value: 2 }],
  ],
  ['Database', {}, { phase: 'Ready' }, 'Database', 'Ready'],
])('%s', (kind, spec, status, left, right) => {
  const facts = cardFacts(object(kind, spec, status))
  expect([facts.left, facts.right]).toEqual([left, right])
})

test('whatever is still being typed, every kind says something or nothing, and never throws', () => {
  for (const kind of ['Deployment', 'StatefulSet', 'Job', 'CronJob', 'Service', 'Secret', 'StorageClass', 'Gateway'])
    expect(() => cardFacts({ apiVersion: 'v1', kind, metadata: { name: 'x' } } as KubeObject)).not.toThrow()
})
