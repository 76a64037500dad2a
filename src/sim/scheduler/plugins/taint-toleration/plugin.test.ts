import { describe, expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { taintToleration } from './plugin.ts'

const taint = (effect: string, key = 'team', value = 'a') => ({ key, value, effect })
const refused = 'unresolvable: node(s) had untolerated taint(s)'

describe('filter', () => {
  test.each([
    ['NoSchedule keeps a pod away', 'NoSchedule', [], refused],
    ['NoExecute keeps a pod away', 'NoExecute', [], refused],
    [
      'an equal toleration lets it in',
      'NoSchedule',
      [{ key: 'team', operator: 'Equal', value: 'a', effect: 'NoSchedule' }],
      'fits',
    ],
    ['Equal is the operator when none is named', 'NoSchedule', [{ key: 'team', value: 'a' }], 'fits'],
    ['another value does not', 'NoSchedule', [{ key: 'team', value: 'b' }], refused],
    ['another effect does not', 'NoSchedule', [{ key: 'team', value: 'a', effect: 'NoExecute' }], refused],
    ['Exists asks for no value', 'NoSchedule', [{ key: 'team', operator: 'Exists' }], 'fits'],
    ['Exists without a key tolerates everything', 'NoExecute', [{ operator: 'Exists' }], 'fits'],
  ])('%s', (_name, effect, tolerations, expected) => {
    const nodes = [nodeOf('a', { spec: { taints: [taint(effect)] } })]
    expect(verdicts(taintToleration, podOf('p', { tolerations }), { nodes })).toEqual({ a: expected })
  })

  test('PreferNoSchedule does not: where nodes have no other taints, there is nothing to filter', () => {
    const soft = [nodeOf('a', { spec: { taints: [taint('PreferNoSchedule')] } })]
    expect(verdicts(taintToleration, podOf('p', {}), { nodes: soft })).toBe('skip')
    const mixed = [...soft, nodeOf('b', { spec: { taints: [taint('NoSchedule')] } })]
    expect(verdicts(taintToleration, podOf('p', {}), { nodes: mixed })).toEqual({ a: 'fits', b: refused })
  })

  test('every taint has to be tolerated', () => {
    const nodes = [nodeOf('a', { spec: { taints: [taint('NoSchedule'), taint('NoSchedule', 'gpu')] } })]
    const pod = podOf('p', { tolerations: [{ key: 'team', operator: 'Exists' }] })
    expect(verdicts(taintToleration, pod, { nodes })).toEqual({ a: refused })
  })
})

test('fewer soft taints that are not tolerated score higher', () => {
  const soft = (...keys: string[]) => ({ spec: { taints: keys.map((key) => taint('PreferNoSchedule', key)) } })
  const nodes = [
    nodeOf('none'),
    nodeOf('one', soft('x')),
    nodeOf('two', soft('x', 'y')),
    nodeOf('tolerated', soft('z')),
  ]
  const pod = podOf('p', { tolerations: [{ key: 'z', operator: 'Exists' }] })
  expect(scoresOf(taintToleration, pod, { nodes })).toEqual([100, 50, 0, 100])
})
