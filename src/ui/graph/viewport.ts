import type { Layout, Rect } from './layout.ts'

export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

const margin = 12
/** Room around the frame where nothing stands beside it. */
const beside = 24
/** Room below the frame for a node that is pulled out. */
const below = 44

/** All that has to be seen. */
export function bounds(places: Layout): Rect {
  let left = places.frame.x - beside
  let top = places.frame.y - 6
  let right = places.frame.x + places.frame.width + beside
  let bottom = places.frame.y + places.frame.height + below
  for (const map of [places.nodes, places.zones, places.traffic, places.storage]) {
    for (const rect of map.values()) {
      left = Math.min(left, rect.x - margin)
      top = Math.min(top, rect.y - margin)
      right = Math.max(right, rect.x + rect.width + margin)
      bottom = Math.max(bottom, rect.y + rect.height + margin)
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The bar above the graph, which lies over the canvas. */
const toolbar = 42

/** Shows all of it below the toolbar, as large as it gets but never above 100 %. */
export function fitting(
  { x, y, width, height }: Rect,
  canvas: { readonly width: number; readonly height: number },
): Viewport {
  const high = Math.max(1, canvas.height - toolbar)
  const zoom = Math.min(1, canvas.width / width, high / height)
  return {
    x: (canvas.width - width * zoom) / 2 - x * zoom,
    y: toolbar + Math.max(0, (high - height * zoom) / 2) - y * zoom,
    zoom,
  }
}
