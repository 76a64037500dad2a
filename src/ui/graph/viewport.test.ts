import { expect, test } from 'vitest'
import { layout, type LayoutInput } from './layout.ts'
import { bounds, fitting } from './viewport.ts'

const nodes = ['a', 'b', 'c', 'd'].map((key, i) => ({ key, zone: i < 2 ? 'east' : 'west' }))
const places = (more: Partial<LayoutInput> = {}) => layout({ nodes, traffic: [], storage: [], placements: {}, ...more })

const canvas = { width: 782, height: 626 }

test('a small cluster is shown at full size, in the middle', () => {
  const { x, zoom } = fitting(bounds(places()), canvas)
  const { frame } = places()
  expect(zoom).toBe(1)
  expect(x + frame.x + frame.width / 2).toBeCloseTo(canvas.width / 2)
})

test('whatever is there is in view', () => {
  const crowded = places({
    traffic: Array.from({ length: 13 }, (_, i) => `services s${i}`),
    storage: ['claim'],
    placements: { d: { x: 900, y: 700 } },
  })
  const { x, y, zoom } = fitting(bounds(crowded), canvas)
  for (const map of [crowded.nodes, crowded.traffic, crowded.storage]) {
    for (const rect of map.values()) {
      expect(rect.x * zoom + x).toBeGreaterThanOrEqual(0)
      expect(rect.y * zoom + y).toBeGreaterThanOrEqual(0)
      expect((rect.x + rect.width) * zoom + x).toBeLessThanOrEqual(canvas.width)
      expect((rect.y + rect.height) * zoom + y).toBeLessThanOrEqual(canvas.height)
    }
  }
})
