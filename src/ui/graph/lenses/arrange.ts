import { Graph, layout } from '@dagrejs/dagre'
import { rankGap, type LayoutAnswer, type LayoutRequest } from './layout-request.ts'

/** Columns by who leads to whom, with few crossings. The same request is always answered alike. */
export function arrange({ boxes, links }: LayoutRequest): LayoutAnswer {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: rankGap, edgesep: 8 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height })
  for (const { from, to } of links) graph.setEdge(from, to)
  layout(graph)
  return Object.fromEntries(
    boxes.map(({ id, width, height }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number }
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }]
    }),
  )
}
