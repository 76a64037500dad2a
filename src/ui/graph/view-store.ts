import { create } from 'zustand'
import type { Lens } from './graph-filter.ts'
import { sizes, type Point } from './layout.ts'
import { useLens } from './lens-store.ts'
import { textScale, zoomTier, type ZoomTier } from './zoom-tier.ts'

export interface Held {
  readonly key: string
  readonly at: Point
  readonly cable: 'unplug' | 'plug' | undefined
  /** Where all held cards are; with a zone go its nodes. */
  readonly all: ReadonlyMap<string, Point>
}

interface GraphViewState {
  readonly tier: ZoomTier
  /** Factor that keeps text readable when zoomed out; changes in few steps. */
  readonly textScale: number
  /** Layout key of the card under the pointer: its edges light up. */
  readonly hovered: string | undefined
  /** The card held at this moment, and whether letting go would change its cable. */
  readonly held: Held | undefined
}

/** How the graph is looked at. */
export const useGraphView = create<GraphViewState>()(() => ({
  tier: 'label',
  textScale: 1,
  hovered: undefined,
  held: undefined,
}))

/** Labelled tiles stand three in a row. */
const tileWidth = (sizes.node.width - 16 - 2 - 6) / 3

/** How near each lens was last looked at. */
const zooms = new Map<Lens, number>()

// A lens is drawn at once in the detail it was left in, not first in that of the one before.
useLens.subscribe(({ lens }, before) => {
  const zoom = lens === before.lens ? undefined : zooms.get(lens)
  if (zoom !== undefined) setDetail(zoom)
})

/** The camera has moved nearer or farther. */
export function zoomedTo(zoom: number, lens: Lens): void {
  zooms.set(lens, zoom)
  setDetail(zoom)
}

function setDetail(zoom: number): void {
  const { tier, textScale: scale } = useGraphView.getState()
  const next = { tier: zoomTier(tileWidth * zoom, tier), textScale: textScale(zoom) }
  if (next.tier !== tier || next.textScale !== scale) useGraphView.setState(next)
}
