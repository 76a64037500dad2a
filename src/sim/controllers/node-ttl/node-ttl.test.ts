import { expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'
import { ttlSeconds } from './controller.ts'

test.each([
  [1, 0, 0],
  [101, 0, 15],
  [95, 15, 15],
  [95, 0, 0],
  [89, 15, 0],
  [5000, 0, 300],
  [20_000, 0, 600],
  [3, 600, 0],
])('%i nodes, %i s before: %i s', (nodes, present, seconds) => expect(ttlSeconds(nodes, present)).toBe(seconds))

test('each node carries it', () => {
  const annotations = testCluster(2)
    .api.list('nodes')
    .map(({ metadata }) => metadata.annotations!['node.alpha.kubernetes.io/ttl'])
  expect(annotations).toEqual(['0', '0'])
})
