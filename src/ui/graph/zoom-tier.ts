/** How much a pod shows: card ≥ 120 px wide on screen, label ≥ 56, glyph ≥ 14, cell ≥ 3, else only its node's bar. */
export type ZoomTier = 'card' | 'label' | 'glyph' | 'cell' | 'bar'

const tiers: readonly ZoomTier[] = ['bar', 'cell', 'glyph', 'label', 'card']
/** Tile widths on screen where the next tier begins, in px. */
const thresholds = [3, 14, 56, 120]
const hysteresis = 0.1

/** The tier for a tile this wide on screen; one that is already shown is kept until 10 % past its end. */
export function zoomTier(tileWidth: number, shown?: ZoomTier): ZoomTier {
  if (shown) {
    const index = tiers.indexOf(shown)
    const from = index === 0 ? 0 : thresholds[index - 1]! * (1 - hysteresis)
    const to = index === thresholds.length ? Infinity : thresholds[index]! * (1 + hysteresis)
    if (tileWidth >= from && tileWidth < to) return shown
  }
  return tiers[thresholds.filter((threshold) => tileWidth >= threshold).length]!
}

/** The smallest part of its size to which text may shrink before it is enlarged. */
const smallestText = 0.85

/**
 * By how much text inside the graph is enlarged so that it does not shrink below its size with the zoom.
 * Steps of √2, so that the page's styles change a few times in a whole zoom, not with every frame of it.
 */
export function textScale(zoom: number): number {
  if (zoom >= smallestText) return 1
  return 2 ** (Math.ceil(Math.log2(smallestText / zoom) * 2) / 2)
}
