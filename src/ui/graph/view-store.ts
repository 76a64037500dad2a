import { create } from 'zustand'
import { sizes, type Point } from './layout.ts'
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

export function zoomedTo(zoom: number): void {
  const { tier, textScale: scale } = useGraphView.getState()
  const next = { tier: zoomTier(tileWidth * zoom, tier), textScale: textScale(zoom) }
  if (next.tier !== tier || next.textScale !== scale) useGraphView.setState(next)
}
