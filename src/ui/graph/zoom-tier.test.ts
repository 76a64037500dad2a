import { expect, test } from 'vitest'
import { textScale, zoomTier } from './zoom-tier.ts'

test.each([
  [2, 'bar'],
  [3, 'cell'],
  [14, 'glyph'],
  [56, 'label'],
  [120, 'card'],
] as const)('a tile of %d px is a %s', (width, tier) => {
  expect(zoomTier(width)).toBe(tier)
})

test('a tier is kept until ten percent past its end, so that nothing flickers', () => {
  expect(zoomTier(52, 'label')).toBe('label')
  expect(zoomTier(50, 'label')).toBe('glyph')
  expect(zoomTier(60, 'glyph')).toBe('glyph')
  expect(zoomTier(62, 'glyph')).toBe('label')
})

test('text on screen keeps at least 85 % of its size, and grows no more than by a fifth', () => {
  for (const zoom of [1, 0.9, 0.71, 0.5, 0.33, 0.21, 0.1]) {
    expect(textScale(zoom) * zoom).toBeGreaterThanOrEqual(0.849)
    expect(textScale(zoom) * zoom).toBeLessThan(1.21)
  }
})
