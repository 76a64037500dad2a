import { describe, expect, test } from 'vitest'
import { nodeOf } from '../../testing/scheduling.ts'
import { enoughNodes } from './cycle.ts'
import { NodeInfo } from './node-info.ts'
import { zonesInTurn } from './node-order.ts'

// Upstream: TestNumFeasibleNodesToFind.
test.each([
  [99, 0, 99],
  [100, 0, 100],
  [1000, 0, 420],
  [6000, 0, 300],
  [6000, 40, 2400],
  [99, 40, 99],
  [1000, 5, 100],
  [1000, 100, 1000],
])('of %i nodes, with %i percent, %i are enough', (count, percentage, expected) => {
  expect(enoughNodes(count, percentage)).toBe(expected)
})

describe('the order of nodes', () => {
  const nodes = (...zones: string[]) =>
    zones.map((zone, index) => new NodeInfo(nodeOf(`n${index}`, { labels: { 'topology.kubernetes.io/zone': zone } })))
  const names = (list: readonly NodeInfo[]) => list.map(({ name }) => name)

  test('zones have their turns', () => {
    const all = nodes(...Array(60).fill('a'), ...Array(30).fill('b'), ...Array(20).fill('c'))
    const inTurn = names(zonesInTurn(all))
    expect(inTurn.slice(0, 7)).toEqual(['n0', 'n60', 'n90', 'n1', 'n61', 'n91', 'n2'])
    expect(inTurn.slice(-2)).toEqual(['n58', 'n59'])
    expect([...inTurn].sort()).toEqual(names(all).sort())
  })

  test('few stay as they are', () => {
    const few = nodes('a', 'a', 'b')
    expect(zonesInTurn(few)).toBe(few)
  })
})
