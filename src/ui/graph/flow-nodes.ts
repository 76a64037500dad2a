import type { Node } from '@xyflow/react'
import type { Layout, Rect } from './layout.ts'

/** What React Flow carries of a card: which object it shows. */
export interface CardData extends Record<string, unknown> {
  readonly resource: string
  readonly key: string
  readonly width: number
  readonly scale: number
}

export type FlowNode = Node<CardData>

/** The cards as React Flow wants them. One that neither moved nor changed its size keeps its identity. */
export function flowNodes(places: Layout, before: readonly FlowNode[]): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const nodes: FlowNode[] = []
  const add = (id: string, type: string, rect: Rect, resource: string, key: string, more: Partial<FlowNode>) => {
    const old = known.get(id)
    const stays =
      old &&
      old.position.x === rect.x &&
      old.position.y === rect.y &&
      old.width === rect.width &&
      old.height === rect.height
    nodes.push(
      stays
        ? old
        : {
            ...old,
            id,
            type,
            position: { x: rect.x, y: rect.y },
            width: rect.width,
            height: rect.height,
            // The size is ours, so nothing needs to be measured; React Flow wants to read it here.
            measured: { width: rect.width, height: rect.height },
            data: { resource, key, width: rect.width, scale: places.headScale },
            ...more,
          },
    )
  }
  const ground = { draggable: false, selectable: false, focusable: false, style: { pointerEvents: 'none' } } as const
  add('frame', 'frame', places.frame, '', '', { ...ground, zIndex: -2 })
  for (const [name, rect] of places.zones) add(`zone ${name}`, 'zone', rect, '', name, { ...ground, zIndex: -1 })
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
