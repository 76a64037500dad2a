import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { nearMissOf, nearName } from './near-miss.ts'

const object = (kind: string, name: string, spec: object, labels?: Record<string, string>, namespace = 'shop') =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, uid: name, resourceVersion: '1', creationTimestamp: '', labels },
    spec,
  }) as KubeObject

const service = (selector: Record<string, string>) => object('Service', 'mail', { selector })
const pod = (labels: Record<string, string>, namespace?: string) =>
  object('Pod', Object.values(labels).join('-'), {}, labels, namespace)

test.each([
  ['a letter is missing', { app: 'chekout' }, { app: 'checkout' }, 'app=checkout'],
  ['letters are swapped', { app: 'wbe' }, { app: 'web' }, 'app=web'],
  ['a longer form', { app: 'mail' }, { app: 'mailer' }, 'app=mailer'],
  ['another case', { app: 'Web' }, { app: 'web' }, 'app=web'],
  ['the key is meant otherwise', { app: 'web' }, { 'app.kubernetes.io/name': 'web' }, 'app.kubernetes.io/name=web'],
  ['the rest fits', { app: 'web', version: 'v2' }, { app: 'web', version: 'blue' }, 'version=blue'],
  ['the rest fits, the label is not there', { app: 'web', tier: 'front' }, { app: 'web' }, ''],
])('%s', (_, selector, labels, has) => {
  expect(nearMissOf(service(selector), [pod(labels)])?.has).toBe(has)
})

test.each([
  ['it selects a pod', { app: 'web' }, { app: 'web' }],
  ['it has nothing in common', { app: 'mail' }, { app: 'checkout' }],
  ['two labels away', { app: 'web', tier: 'front' }, { app: 'wob', tier: 'back' }],
  ['it selects nothing on purpose', {}, { app: 'web' }],
])('none: %s', (_, selector, labels) => {
  expect(nearMissOf(service(selector), [pod(labels)])).toBeUndefined()
})

test('one pod that fits is enough for there to be no miss, and pods elsewhere do not count', () => {
  expect(nearMissOf(service({ app: 'web' }), [pod({ app: 'webs' }), pod({ app: 'web' })])).toBeUndefined()
  expect(nearMissOf(service({ app: 'web' }), [pod({ app: 'webs' }, 'other')])).toBeUndefined()
})

test('of several slips the one with the most pods, with all of them', () => {
  const pods = [pod({ app: 'wab' }), pod({ app: 'webs', n: '1' }), pod({ app: 'webs', n: '2' })]
  expect(nearMissOf(service({ app: 'web' }), pods)).toEqual({
    selects: 'app=web',
    has: 'app=webs',
    label: 'app',
    pods: ['shop/webs-1', 'shop/webs-2'],
  })
})

test('budgets and policies have label selectors', () => {
  const budget = object('PodDisruptionBudget', 'web', {
    selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'wep'] }] },
  })
  expect(nearMissOf(budget, [pod({ app: 'weg' })])?.selects).toBe('app in (web, wep)')
  const policy = object('NetworkPolicy', 'web', { podSelector: { matchLabels: { app: 'web' } } })
  expect(nearMissOf(policy, [pod({ app: 'wep' })])?.has).toBe('app=wep')
})

test('a name that was probably meant', () => {
  expect(nearName('chekout', ['web', 'checkout'])).toBe('checkout')
  expect(nearName('checkout', ['web', 'orders'])).toBeUndefined()
})
