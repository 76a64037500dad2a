import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawEdges } from './edges.ts'
import { layout } from './layout.ts'
import { isClear, roundedPath, route } from './routing.ts'

test('around a card that stands in the way', () => {
  const card = { x: 50, y: 0, width: 100, height: 40 }
  const points = route({ x: 0, y: 25 }, 10, { x: 200, y: 25 }, 190, [card])
  expect(points).toEqual([
    { x: 0, y: 25 },
    { x: 10, y: 25 },
    { x: 10, y: 47 },
    { x: 190, y: 47 },
    { x: 190, y: 25 },
    { x: 200, y: 25 },
  ])
})

test('corners are round, and never rounder than their sides are long', () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 20, y: 0 },
      { x: 20, y: 4 },
    ]),
  ).toBe('M0,0L18,0Q20,0 20,2L20,4')
})

test('no edge of a laid out cluster crosses a card', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 9 }), (zones, services, claims) => {
      const nodes = zones.flatMap((count, z) =>
        Array.from({ length: count }, (_, i) => ({ key: `n${z}-${i}`, zone: `z${z}` })),
      )
      const traffic = Array.from({ length: services }, (_, i) => `s${i}`)
      const storage = Array.from({ length: claims }, (_, i) => `c${i}`)
      const places = layout({ nodes, traffic, storage, placements: {} })
      const routes = traffic.flatMap((from) =>
        nodes.map((node) => ({ type: 'route' as const, from, to: node.key, cut: false })),
      )
      const mounts = storage.flatMap((to) =>
        nodes.map((node) => ({ type: 'mount' as const, from: node.key, to, cut: false })),
      )
      const cards = [...places.nodes.values(), ...places.traffic.values(), ...places.storage.values()]
      // A clear line may touch the card it begins or ends at, so only the parts between the gutters are looked at.
      for (const edge of drawEdges([...routes, ...mounts], places)) {
        const inner = edge.points.slice(1, -1)
        for (const [i, point] of inner.entries()) if (i > 0) expect(isClear(inner[i - 1]!, point, cards)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})
