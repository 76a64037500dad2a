import { create } from 'zustand'
import type { FlowNode } from './flow-nodes.ts'
import type { Lens } from './graph-filter.ts'
import type { Rect } from './layout.ts'

/** What a lens other than Nodes shows. It is made by a part of the page that is loaded when it is first wanted. */
interface ShownScene {
  readonly lens: Lens | undefined
  readonly nodes: readonly FlowNode[]
  readonly bounds: Rect
  /** There is nothing to show through this lens. */
  readonly isEmpty: boolean
}

export const useShownScene = create<ShownScene>()(() => ({
  lens: undefined,
  nodes: [],
  bounds: { x: 0, y: 0, width: 1, height: 1 },
  isEmpty: true,
}))
