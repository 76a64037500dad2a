import { cellGrid, drawCell, inCellOrder } from './cells.ts'
import type { Rect } from './layout.ts'
import type { NodeSummary } from './node-summary.ts'
import { podLooks, podStateOrder } from './pod-states.ts'
import type { PodView } from './pod-view.ts'

/** What is painted of one node. */
export interface FarNodeLook {
  readonly name: string
  readonly summary: NodeSummary
  readonly pods: readonly PodView[]
  readonly isSelected: boolean
  /** None of what is wanted. */
  readonly isFaded: boolean
  readonly fits: (pod: PodView) => boolean
}

/** Below this width a name has no room. */
const namedFrom = 50
/** Below this height of a tile there is a bar split by state instead of cells. */
const cellsFrom = 3
const pad = 4

/** Paints a node's card into a box on screen: its state by border and dashes, its name where it fits, a bar, its pods. */
export function paintNode(
  context: CanvasRenderingContext2D,
  { name, summary, pods, isSelected, isFaded, fits }: FarNodeLook,
  box: Rect,
  tileWidth: number,
  colour: (token: string) => string,
): void {
  const { x, y, width, height } = box
  const radius = Math.min(8, width * 0.05)
  context.beginPath()
  context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, radius)
  context.fillStyle = colour(isFaded || summary.off ? 'canvas' : 'card')
  context.fill()
  const badge = summary.badge
  context.strokeStyle = isSelected ? colour('accent') : badge ? colour(`${badge.tone}-fill`) : colour('line-2')
  context.lineWidth = isSelected ? 2 : badge ? 1.5 : 1
  context.setLineDash(summary.off ? [4, 3] : summary.cordoned ? [1.5, 2.5] : [])
  context.stroke()
  context.setLineDash([])

  const inner = Math.min(pad, width * 0.06)
  const [left, wide] = [x + inner, width - 2 * inner]
  let top = y + inner
  if (width >= namedFrom) {
    const size = Math.round(Math.max(10, Math.min(14, height * 0.17)))
    context.font = `620 ${size}px Inter, system-ui, sans-serif`
    context.textBaseline = 'top'
    context.fillStyle = colour(isFaded ? 'text-3' : 'text')
    const text = cut(context, name, wide)
    if (text) context.fillText(text, left, top)
    top += size + 2
  }
  if (tileWidth < cellsFrom)
    return paintStates(context, pods, { x: left, y: top, width: wide, height: y + height - inner - top }, colour)
  const bars = tileWidth >= 14 ? [summary.cpu, summary.memory] : [summary.cpu]
  for (const { allocatable, requested, used } of bars) {
    const part = (amount: number) => (allocatable ? Math.min(1, amount / allocatable) : 0) * wide
    const isHot = used > allocatable * 0.9
    const high = Math.max(1.5, Math.min(4, height * 0.035))
    context.fillStyle = colour('inset')
    context.fillRect(left, top, wide, high)
    context.fillStyle = colour('bar-req')
    context.fillRect(left, top, part(requested), high)
    context.fillStyle = colour(isHot ? 'warn-fill' : 'bar-used')
    context.fillRect(left, top + high / 4, part(used), high / 2)
    top += high + 2
  }
  paintCells(context, pods, { x: left, y: top + 1, width: wide, height: y + height - inner - top - 1 }, fits, colour)
}

function paintCells(
  context: CanvasRenderingContext2D,
  pods: readonly PodView[],
  area: Rect,
  fits: (pod: PodView) => boolean,
  colour: (token: string) => string,
): void {
  if (area.height < 2 || !pods.length) return
  const { pitch, columns, size } = cellGrid(pods.length, area.width, area.height, Math.max(6, area.width / 8))
  for (const [index, pod] of inCellOrder(pods).entries()) {
    const look = podLooks[pod.state]
    const row = Math.floor(index / columns)
    if ((row + 1) * pitch > area.height + 1) break
    const alpha = fits(pod) ? (look.quiet ? 0.5 : 1) : 0.15
    drawCell(
      context,
      look,
      colour(`${look.tone}-fill`),
      area.x + (index % columns) * pitch,
      area.y + row * pitch,
      size,
      alpha,
    )
  }
}

function paintStates(
  context: CanvasRenderingContext2D,
  pods: readonly PodView[],
  area: Rect,
  colour: (token: string) => string,
): void {
  let x = area.x
  for (const state of podStateOrder) {
    const count = pods.filter((pod) => pod.state === state).length
    if (!count) continue
    const { tone, quiet } = podLooks[state]
    const width = (count / pods.length) * area.width
    context.globalAlpha = quiet ? 0.5 : 1
    context.fillStyle = colour(`${tone}-fill`)
    context.fillRect(x, area.y, Math.max(1, width - 0.5), area.height)
    x += width
  }
  context.globalAlpha = 1
}

/** As much of a name as fits, cut in its middle; nothing when hardly any of it does. */
function cut(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name
  for (let keep = name.length - 1; keep >= 5; keep--) {
    const tail = Math.floor(keep / 2)
    const text = `${name.slice(0, keep - tail)}…${name.slice(name.length - tail)}`
    if (context.measureText(text).width <= width) return text
  }
  return ''
}
