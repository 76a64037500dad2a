import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignSlots, isOutside, layout, type LayoutInput, type Rect, zoneKey } from './layout.ts'

function input(zones: Record<string, number>, more: Partial<LayoutInput> = {}): LayoutInput {
  const nodes = Object.entries(zones).flatMap(([zone, count]) =>
    Array.from({ length: count }, (_, i) => ({ key: `${zone}-${i}`, zone })),
  )
  return { nodes, traffic: ['svc-a', 'svc-b'], storage: ['pvc-a'], placements: {}, ...more }
}

function overlap(a: Rect, b: Rect, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
  )
}

describe('slots', () => {
  test('those who stay keep theirs, newcomers take what is free', () => {
    const first = assignSlots(['a', 'b', 'c'])
    expect([...assignSlots(['a', 'c', 'd', 'e'], first)]).toEqual([
      ['a', 0],
      ['c', 2],
      ['d', 1],
      ['e', 3],
    ])
  })
})

test('two zones of two nodes fit the page at full size', () => {
  const { frame } = layout(input({ east: 2, west: 2 }))
  expect(frame).toEqual({ x: 164, y: 48, width: 504, height: 459 })
})

test('cards never overlap and keep at least 12 px for the edges between them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }), (counts) => {
      const result = layout(input(Object.fromEntries(counts.map((count, i) => [`z${i}`, count]))))
      const cards = [...result.nodes.values(), ...result.traffic.values(), ...result.storage.values()]
      for (const [i, a] of cards.entries()) for (const b of cards.slice(i + 1)) expect(overlap(a, b, 12)).toBe(false)
      for (const card of result.nodes.values()) expect(isOutside(result.frame, card)).toBe(false)
      for (const zone of result.zones.values()) expect(overlap(zone, result.controlPlane)).toBe(false)
    }),
  )
})

test('nothing moves when a service, a claim or a node goes', () => {
  const before = layout(input({ east: 2, west: 2 }, { traffic: ['a', 'b', 'c'], storage: ['p', 'q'] }))
  const after = layout(input({ east: 2, west: 1 }, { traffic: ['b', 'c'], storage: ['q'] }), before)
  for (const [key, rect] of after.nodes) expect(rect).toEqual(before.nodes.get(key))
  for (const [key, rect] of after.traffic) expect(rect).toEqual(before.traffic.get(key))
  for (const [key, rect] of after.storage) expect(rect).toEqual(before.storage.get(key))
})

test('what the user moved stays where it was put', () => {
  const placements = { 'east-0': { x: 700, y: 600 } }
  const before = layout(input({ east: 2 }, { placements }))
  const after = layout(input({ east: 3 }, { placements }), before)
  expect(after.nodes.get('east-0')).toMatchObject({ x: 700, y: 600 })
  expect(isOutside(after.frame, after.nodes.get('east-0')!)).toBe(true)
})

test('the eleventh service opens a second column, away from the frame', () => {
  const traffic = Array.from({ length: 11 }, (_, i) => `svc-${i}`)
  const result = layout(input({ east: 1 }, { traffic }))
  expect(result.traffic.get('svc-10')!.x).toBeLessThan(result.traffic.get('svc-0')!.x)
})

test('a zone that was put elsewhere takes its nodes along, but not one that has a place of its own', () => {
  const nodes = ['a', 'b', 'c'].map((key) => ({ key, zone: key === 'c' ? 'west' : 'east' }))
  const input = { nodes, traffic: [], storage: [], placements: {} }
  const before = layout(input)
  const home = before.zones.get('east')!
  const placements = { [zoneKey('east')]: { x: home.x + 500, y: home.y + 900 }, b: { x: 7, y: 8 } }
  const after = layout({ ...input, placements }, before)
  expect(after.nodes.get('a')).toMatchObject({ x: before.nodes.get('a')!.x + 500, y: before.nodes.get('a')!.y + 900 })
  expect(after.nodes.get('b')).toMatchObject({ x: 7, y: 8 })
  expect(after.nodes.get('c')).toEqual(before.nodes.get('c'))
  expect(after.frame).toEqual(before.frame)
})
