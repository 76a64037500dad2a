import type { Node } from '@xyflow/react'
import { zoneKey, type Layout, type Rect } from './layout.ts'

/** What React Flow carries of a card: which object it shows. */
export interface CardData extends Record<string, unknown> {
  readonly resource: string
  readonly key: string
  readonly width: number
  readonly height: number
  readonly scale: number
  /** Groups of pods that it shows. */
  readonly pods?: readonly string[]
  readonly title?: string
  readonly near?: { readonly selects: string; readonly has: string; readonly pods: readonly string[] }
}

export type FlowNode = Node<CardData>

/** What a card shows, apart from its place. */
type Shown = Pick<CardData, 'resource' | 'key' | 'pods' | 'title' | 'near'> & { readonly scale?: number }

/** A card as React Flow wants it. One that neither moved nor changed keeps its identity. */
export function flowNode(
  old: FlowNode | undefined,
  id: string,
  type: string,
  rect: Rect,
  { resource, key, scale = 1, pods, title, near }: Shown,
  more: Partial<FlowNode>,
): FlowNode {
  const stays =
    old &&
    old.type === type &&
    old.position.x === rect.x &&
    old.position.y === rect.y &&
    old.width === rect.width &&
    old.height === rect.height &&
    old.data.scale === scale &&
    String(old.data.pods) === String(pods) &&
    JSON.stringify(old.data.near) === JSON.stringify(near)
  if (stays) return old
  return {
    ...old,
    id,
    type,
    position: { x: rect.x, y: rect.y },
    width: rect.width,
    height: rect.height,
    // The size is ours, so nothing needs to be measured; React Flow wants to read it here.
    measured: { width: rect.width, height: rect.height },
    data: {
      resource,
      key,
      width: rect.width,
      height: rect.height,
      scale,
      ...(pods && { pods }),
      ...(title && { title }),
      ...(near && { near }),
    },
    ...more,
  }
}

/** The cards of the Nodes lens. */
export function flowNodes(places: Layout, before: readonly FlowNode[]): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const nodes: FlowNode[] = []
  const add = (id: string, type: string, rect: Rect, resource: string, key: string, more: Partial<FlowNode>) =>
    nodes.push(flowNode(known.get(id), id, type, rect, { resource, key, scale: places.headScale }, more))
  const ground = { draggable: false, selectable: false, focusable: false, style: { pointerEvents: 'none' } } as const
  add('frame', 'frame', places.frame, '', '', { ...ground, zIndex: -2 })
  for (const [name, rect] of places.zones) {
    // Its head is its handle; the rest of it lets everything through.
    const isDraggable = name !== ''
    add(zoneKey(name), 'zone', rect, '', name, { ...ground, draggable: isDraggable, dragHandle: '.zt', zIndex: -1 })
  }
  add('control plane', 'controlPlane', places.controlPlane, '', '', {
    ...ground,
    style: { pointerEvents: 'all' },
    zIndex: 2,
  })
  for (const [key, rect] of places.nodes) add(key, 'node', rect, 'nodes', key, { zIndex: 2 })
  for (const [type, rects] of [
    ['traffic', places.traffic],
    ['storage', places.storage],
  ] as const) {
    for (const [id, rect] of rects) {
      const space = id.indexOf(' ')
      add(id, type, rect, id.slice(0, space), id.slice(space + 1), { zIndex: 2 })
    }
  }
  return nodes
}
