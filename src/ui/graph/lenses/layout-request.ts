import type { Point } from '../layout.ts'

/** What a layout is asked for: boxes and who leads to whom. */
export interface LayoutRequest {
  readonly boxes: readonly { readonly id: string; readonly width: number; readonly height: number }[]
  readonly links: readonly { readonly from: string; readonly to: string }[]
}

/** Top left corners. */
export type LayoutAnswer = Readonly<Record<string, Point>>

/** Between columns: these gutters carry the edges. */
export const rankGap = 52
