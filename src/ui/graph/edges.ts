import type { Layout, Point, Rect } from './layout.ts'
import { roundedPath, route } from './routing.ts'

/** One relation to draw. Keys are those of the layout: of an ingress or service, a node, a claim. */
export interface Edge {
  readonly type: 'route' | 'mount' | 'near'
  readonly from: string
  readonly to: string
  /** Still declared, but cannot be reached. */
  readonly cut: boolean
}

export interface DrawnEdge extends Edge {
  readonly id: string
  readonly points: readonly Point[]
  readonly path: string
  /** Where it meets the node's card; none for an edge between traffic cards. */
  readonly port: Point | undefined
}

const lanes = 4
const laneWidth = 5

/** Gives each edge a way through the gutters and a port at its node. */
export function drawEdges(edges: readonly Edge[], places: Layout): DrawnEdge[] {
  const cards = [...places.nodes.values(), ...places.traffic.values(), ...places.storage.values(), places.controlPlane]
  const ports = new Map<string, Map<string, number>>()
  const drawn: DrawnEdge[] = []
  for (const edge of edges) {
    const node = edge.type === 'mount' ? edge.from : edge.to
    const outer = edge.type === 'mount' ? edge.to : edge.from
    const points = places.nodes.has(node)
      ? nodeEdge(edge, places, cards, portIndex(ports, `${edge.type} ${node}`, outer))
      : busEdge(edge, places, cards)
    if (!points) continue
    const port = places.nodes.has(node) ? (edge.type === 'mount' ? points[0] : points.at(-1)) : undefined
    drawn.push({ ...edge, id: `${edge.from}>${edge.to}`, points, path: roundedPath(points), port })
  }
  return drawn
}

function portIndex(ports: Map<string, Map<string, number>>, side: string, outer: string): number {
  let known = ports.get(side)
  if (!known) ports.set(side, (known = new Map()))
  let index = known.get(outer)
  if (index === undefined) known.set(outer, (index = known.size))
  return index
}

function nodeEdge(edge: Edge, places: Layout, cards: readonly Rect[], port: number): readonly Point[] | undefined {
  if (edge.type === 'mount') {
    const node = places.nodes.get(edge.from)
    const disc = places.storage.get(edge.to)
    if (!node || !disc) return undefined
    const lane = ((places.slots.storage.get(edge.to) ?? 0) % 3) * 4
    const from = { x: node.x + node.width, y: node.y + 84 + (port % 5) * 11 }
    // The ring stands in the middle of the upper part of its card.
    const to = { x: disc.x + disc.width / 2 - 20, y: disc.y + 23 }
    return route(from, from.x + 7, to, disc.x - 7 - lane, cards)
  }
  const service = places.traffic.get(edge.from)
  const node = places.nodes.get(edge.to)
  if (!service || !node) return undefined
  const lane = ((places.slots.traffic.get(edge.from) ?? 0) % lanes) * laneWidth
  const from = { x: service.x + service.width, y: service.y + service.height / 2 }
  const to = { x: node.x, y: node.y + 48 + (port % 8) * 8 }
  // A card in the frame's first column is reached from the trunk itself.
  const trunk = from.x + 6 + lane
  const beside = node.x - trunk < 56 && node.x > trunk
  return route(from, trunk, to, beside ? trunk : node.x - 7 + (lane % 3), cards)
}

/** From an ingress to a service in the same side of the page: along the outer edge of the column. */
function busEdge(edge: Edge, places: Layout, cards: readonly Rect[]): readonly Point[] | undefined {
  const from = places.traffic.get(edge.from)
  const to = places.traffic.get(edge.to)
  if (!from || !to) return undefined
  if (from.x === to.x && to.y > from.y && to.y - from.y - from.height < 24) {
    const x = from.x + from.width / 2
    return [
      { x, y: from.y + from.height },
      { x, y: to.y },
    ]
  }
  const start = { x: from.x, y: from.y + from.height / 2 }
  return route(start, from.x - 7, { x: to.x, y: to.y + to.height / 2 }, to.x - 7, cards)
}
