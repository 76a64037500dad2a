import { describe, expect, test } from 'vitest'
import { mergeMatchLabelKeys } from './match-label-keys.ts'

const labels = { app: 'web', tier: 'front' }
const selector = { matchLabels: { app: 'web' } }

const merged = (term: object): any => {
  const pod = { metadata: { labels }, spec: { topologySpreadConstraints: [{ ...term }] } }
  mergeMatchLabelKeys(pod)
  return (pod.spec.topologySpreadConstraints[0] as any).labelSelector
}

describe('matchLabelKeys and mismatchLabelKeys become part of the selector', () => {
  const frontOnly = { key: 'tier', operator: 'In', values: ['front'] }
  test.each([
    [
      'a key of the pod',
      { labelSelector: selector, matchLabelKeys: ['tier'] },
      { ...selector, matchExpressions: [frontOnly] },
    ],
    [
      'a key that must differ',
      { labelSelector: {}, mismatchLabelKeys: ['tier'] },
      { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] },
    ],
    ['a key that the pod lacks means nothing', { labelSelector: selector, matchLabelKeys: ['track'] }, selector],
    ['a key of the prototype means nothing', { labelSelector: selector, matchLabelKeys: ['constructor'] }, selector],
    ['no selector stays none', { matchLabelKeys: ['tier'] }, undefined],
    [
      'behind the expressions that are there',
      { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, matchLabelKeys: ['tier'] },
      { matchExpressions: [{ key: 'a', operator: 'Exists' }, frontOnly] },
    ],
  ])('%s', (_name, term, expected) => expect(merged(term)).toEqual(expected))

  test('in required and preferred terms of both kinds of affinity', () => {
    const term = () => ({ topologyKey: 'zone', labelSelector: selector, matchLabelKeys: ['tier'] })
    const side = () => ({
      requiredDuringSchedulingIgnoredDuringExecution: [term()],
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term() }],
    })
    const pod = { metadata: { labels }, spec: { affinity: { podAffinity: side(), podAntiAffinity: side() } } }
    mergeMatchLabelKeys(pod)
    expect(JSON.stringify(pod).match(/"operator":"In"/g)).toHaveLength(4)
  })
})
