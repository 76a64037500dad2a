import { clusterStore } from '../state/cluster-store.ts'
import { notify } from '../state/notices.ts'
import { act } from '../state/session.ts'
import type { FlowNode } from './flow-nodes.ts'
import { isOutside, type Layout, type Rect } from './layout.ts'
import { currentPlaces } from './live-places.ts'
import { useLens } from './lens-store.ts'
import { place } from './placements.ts'
import { askPreview, dropPreview } from './preview-store.ts'
import { useGraphView } from './view-store.ts'

/** A card that is put down stays there, each lens by itself. A node dragged out of the frame loses its cable, dragged back in it gets it again; inside it is only placed. */
export const dragging = {
  onNodeDrag: (_event: unknown, node: FlowNode) => {
    const cable = cableChange(currentPlaces(), node)
    useGraphView.setState({ held: { key: node.id, at: node.position, cable } })
    if (cable) askPreview(`${cable} ${node.id}`, [{ type: 'machine', name: node.id, change: cable }])
    else dropPreview()
  },
  onNodeDragStop: (_event: unknown, node: FlowNode) => {
    const places = currentPlaces()
    const { lens } = useLens.getState()
    const change = cableChange(places, node)
    if (lens !== 'nodes') place(`${lens}/${node.id}`, node.position)
    else place(node.id, hasRoom(places, node) ? node.position : undefined)
    useGraphView.setState({ held: undefined })
    dropPreview()
    if (!change) return
    void act({ type: 'machine', name: node.id, change }).then((result) => {
      if (!result.ok) notify('error', result.message ?? '')
    })
  },
}

function rectOf(node: FlowNode): Rect {
  return { ...node.position, width: node.width ?? 0, height: node.height ?? 0 }
}

function cableChange(places: Layout, node: FlowNode): 'unplug' | 'plug' | undefined {
  const machine = clusterStore.getState().machines.get(node.id)
  if (node.type !== 'node' || !machine) return undefined
  const outside = isOutside(places.frame, rectOf(node))
  if (outside === !machine.plugged) return undefined
  return outside ? 'unplug' : 'plug'
}

/** Half across the frame's edge, or on top of another card, it would be in the way: then it goes to its own place. */
function hasRoom(places: Layout, node: FlowNode): boolean {
  if (node.type !== 'node') return true
  const rect = rectOf(node)
  if (isOutside(places.frame, rect)) return true
  if (!contains(places.frame, rect)) return false
  const others = [...places.nodes].filter(([key]) => key !== node.id).map(([, other]) => other)
  return ![...others, places.controlPlane].some((other) => overlaps(rect, other))
}

function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
