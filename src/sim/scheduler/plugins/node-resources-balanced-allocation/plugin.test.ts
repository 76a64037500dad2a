import { expect, test } from 'vitest'
import { nodeOf, podOf, podWith, scoresOf } from '../../../testing/scheduling.ts'
import { nodeResourcesBalancedAllocation } from './plugin.ts'

test.each<[string, Record<string, string>, number]>([
  ['both used alike', { cpu: '2', memory: '4Gi' }, 75],
  ['CPU used up, memory not at all', { cpu: '4' }, 50],
  ['a quarter apart', { cpu: '1', memory: '4Gi' }, 68],
  ['more than there is counts as all', { cpu: '8', memory: '8Gi' }, 75],
])('%s', (_name, requests, expected) => {
  expect(scoresOf(nodeResourcesBalancedAllocation, podWith('p', requests), { nodes: [nodeOf('a')] })).toEqual([
    expected,
  ])
})

test('what is on the node counts', () => {
  const pods = [podWith('there', { cpu: '4' }, { nodeName: 'a' })]
  const world = { nodes: [nodeOf('a'), nodeOf('b')], pods }
  expect(scoresOf(nodeResourcesBalancedAllocation, podWith('p', { memory: '8Gi' }), world)).toEqual([100, 50])
})

test('a pod that asks for nothing is not looked at', () => {
  expect(scoresOf(nodeResourcesBalancedAllocation, podOf('p'), { nodes: [nodeOf('a')] })).toBe('skip')
})
