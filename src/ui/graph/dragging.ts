import { clusterStore } from '../state/cluster-store.ts'
import { notify } from '../state/notices.ts'
import { act } from '../state/session.ts'
import type { FlowNode } from './flow-nodes.ts'
import { isOutside, type Layout, type Point, type Rect } from './layout.ts'
import { currentPlaces } from './live-places.ts'
import { useLens } from './lens-store.ts'
import { place, usePlacements } from './placements.ts'
import { askPreview, dropPreview } from './preview-store.ts'
import { useGraphView } from './view-store.ts'

/**
 * A card that is put down stays there, in each lens by itself. A node or a zone dragged out of the frame loses its
 * cables, dragged back in it gets them again; inside it a node is only placed.
 */
export const dragging = {
  onNodeDrag: (_event: unknown, node: FlowNode) => {
    const changes = cableChanges(currentPlaces(), node)
    const cable = changes[0]?.change
    useGraphView.setState({ held: { key: node.id, at: node.position, cable, all: heldCards(node) } })
    if (cable) askPreview(`${cable} ${node.id}`, changes)
    else dropPreview()
  },
  onNodeDragStop: (_event: unknown, node: FlowNode) => {
    const places = currentPlaces()
    const { lens } = useLens.getState()
    const changes = cableChanges(places, node)
    if (lens !== 'nodes') place(`${lens}/${node.id}`, node.position)
    else place(node.id, hasRoom(places, node) ? node.position : undefined)
    useGraphView.setState({ held: undefined })
    dropPreview()
    void plugAll(changes)
  },
}

/** The first that is refused says why. */
async function plugAll(changes: readonly CableChange[]): Promise<void> {
  for (const change of changes) {
    const result = await act(change)
    if (!result.ok) return notify('error', result.message ?? '')
  }
}

type CableChange = { readonly type: 'machine'; readonly name: string; readonly change: 'unplug' | 'plug' }

/** A zone takes along those of its nodes that the user has not put elsewhere. */
function heldCards(node: FlowNode): ReadonlyMap<string, Point> {
  const all = new Map([[node.id, node.position]])
  if (node.type !== 'zone') return all
  const places = currentPlaces()
  const { placements } = usePlacements.getState()
  const home = places.zones.get(node.data.key)
  for (const key of places.slots.nodes.get(node.data.key)?.keys() ?? []) {
    const rect = places.nodes.get(key)
    if (!rect || !home || placements[key]) continue
    all.set(key, { x: rect.x + node.position.x - home.x, y: rect.y + node.position.y - home.y })
  }
  return all
}

function rectOf(node: FlowNode): Rect {
  return { ...node.position, width: node.width ?? 0, height: node.height ?? 0 }
}

/** What letting go would do to cables: to a node's own, or to those of all nodes in a zone. */
function cableChanges(places: Layout, node: FlowNode): CableChange[] {
  if (useLens.getState().lens !== 'nodes' || (node.type !== 'node' && node.type !== 'zone')) return []
  const { machines } = clusterStore.getState()
  const outside = isOutside(places.frame, rectOf(node))
  const names = node.type === 'node' ? [node.id] : [...heldCards(node).keys()].slice(1)
  return names.flatMap((name) => {
    const machine = machines.get(name)
    if (!machine || outside !== machine.plugged) return []
    return [{ type: 'machine' as const, name, change: outside ? ('unplug' as const) : ('plug' as const) }]
  })
}

/** Half across the frame's edge, or on top of another card, it would be in the way: then it goes to its own place. */
function hasRoom(places: Layout, node: FlowNode): boolean {
  if (node.type === 'zone') return isOutside(places.frame, rectOf(node))
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
