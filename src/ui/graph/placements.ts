import { create } from 'zustand'
import type { Point } from './layout.ts'

/** Top left corners that the user chose, by layout key; a playground saves them. */
export type Placements = Readonly<Record<string, Point>>

export const usePlacements = create<{ readonly placements: Placements }>()(() => ({ placements: {} }))

/** Puts a card where the user let go of it; without a point it goes back to its own place. */
export function place(key: string, point: Point | undefined): void {
  usePlacements.setState(({ placements }) => {
    const next = { ...placements }
    if (point) next[key] = point
    else delete next[key]
    return { placements: next }
  })
}

/** All of them, when a playground is opened. */
export function setPlacements(placements: Placements): void {
  usePlacements.setState({ placements })
}
