import type { Point, Rect } from '../layout.ts'
import { rankGap, type LayoutAnswer, type LayoutRequest } from './layout-request.ts'
import { networkModel, type NetworkCardModel } from './network-model.ts'
import { boundsOf, type Memory, type Scene, type SceneCard, type SceneInput, type SceneLink } from './scene.ts'

const sizes = {
  ObjectCard: { width: 132, height: 46 },
  NetworkCard: { width: 158, height: 74 },
  NearCard: { width: 172, height: 86 },
} as const
const gap = 24
const framePad = { x: 22, top: 34, bottom: 18 }

/** The request for a scene, in an order that is the same for the same objects. Entries come before it in any case. */
export function networkRequest(input: SceneInput): LayoutRequest {
  const { cards, links } = networkModel(input)
  const placed = cards.filter((card) => card.zone === 'inside' || card.zone === 'outside')
  const ids = new Set(placed.map((card) => card.id))
  return {
    boxes: placed.map(({ id, type }) => ({ id, ...sizes[type] })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    links: links
      .filter((link) => ids.has(link.from) && ids.has(link.to))
      .map(({ from, to }) => ({ from, to }))
      .sort((a, b) => (`${a.from}>${a.to}` < `${b.from}>${b.to}` ? -1 : 1)),
  }
}

/** Is what is known of so little use that the whole picture is laid out anew? */
export function needsLayout(request: LayoutRequest, memory: Memory): boolean {
  const known = request.boxes.filter(({ id }) => memory.points[id]).length
  return known * 2 < request.boxes.length
}

/**
 * Left to right by who routes to whom. `fresh` is a layout of all of it; without one, what is known stays where it is
 * and what is new comes beside what leads to it.
 */
export function networkScene(input: SceneInput, memory: Memory, fresh: LayoutAnswer | undefined): Scene {
  const { cards: models, links } = networkModel(input)
  const points: Record<string, Point> = {}
  const rects: Rect[] = []
  const put = ({ id, type }: NetworkCardModel, point: Point) => {
    points[id] = point
    rects.push({ ...point, ...sizes[type] })
  }
  const sorted = [...models].sort((a, b) => (a.id < b.id ? -1 : 1))
  const inside = sorted.filter((model) => model.zone === 'inside' || model.zone === 'outside')
  const known = fresh ?? memory.points
  for (const model of inside) if (known[model.id]) put(model, known[model.id]!)
  for (const model of inside) if (!known[model.id]) put(model, freePlace(model, links, points, rects))
  const frameLeft = Math.min(0, ...rects.map((rect) => rect.x)) - framePad.x
  const below = Math.max(0, ...rects.map((rect) => rect.y + rect.height)) + gap
  const entries = sorted.filter((model) => model.zone === 'entry')
  const depths = depthsOf(entries, links)
  const sideways = (fresh ? [] : entries).filter((model) => memory.points[model.id])
  for (const model of sideways) put(model, memory.points[model.id]!)
  for (const model of entries.filter((model) => !sideways.includes(model))) {
    const x = frameLeft - rankGap + 8 - depths.get(model.id)! * (sizes.ObjectCard.width + gap)
    put(model, {
      x: x - sizes.ObjectCard.width,
      y: freeHeight(x - sizes.ObjectCard.width, middleOf(model.id, links, models, points), sizes.ObjectCard, rects),
    })
  }
  let x = frameLeft + framePad.x
  for (const model of sorted.filter((each) => each.zone === 'policy')) {
    const point = (!fresh && memory.points[model.id]) || { x, y: below }
    x = Math.max(x, point.x + sizes.ObjectCard.width + gap)
    put(model, point)
  }
  const cards: SceneCard[] = models.map((model) => {
    const space = model.id.indexOf(' ')
    const rect = { ...points[model.id]!, ...sizes[model.type], ...input.placements[model.id] }
    const { id, type, pods, near } = model
    return { id, type, rect, resource: id.slice(0, space), key: id.slice(space + 1), pods, ...(near && { near }) }
  })
  const framed = models.filter((model) => model.zone === 'inside' || model.zone === 'policy').map((model) => model.id)
  const frame = frameAround(cards.filter((card) => framed.includes(card.id)))
  return { cards: frame ? [frame, ...cards] : cards, links, memory: { ...memory, slots: {}, sizes: {}, points } }
}

/** What belongs to the cluster, as against what stands before and behind it. */
function frameAround(cards: readonly SceneCard[]): SceneCard | undefined {
  if (!cards.length) return undefined
  const { x, y, width, height } = boundsOf(cards, 0)
  const rect = {
    x: x - framePad.x,
    y: y - framePad.top,
    width: width + 2 * framePad.x,
    height: height + framePad.top + framePad.bottom,
  }
  return { id: 'group network', type: 'GroupFrame', rect, resource: '', key: 'network' }
}

/** Right of what leads to it, else left of what it leads to, else in the first column; the nearest place that is free. */
function freePlace(
  { id, type }: NetworkCardModel,
  links: readonly SceneLink[],
  points: Readonly<Record<string, Point>>,
  rects: readonly Rect[],
): Point {
  const { width, height } = sizes[type]
  const before = links.filter((link) => link.to === id && points[link.from]).map((link) => points[link.from]!)
  const after = links.filter((link) => link.from === id && points[link.to]).map((link) => points[link.to]!)
  const left = Math.min(0, ...rects.map((rect) => rect.x))
  const x = before.length
    ? Math.max(...before.map((point) => point.x)) + sizes.NetworkCard.width + rankGap
    : after.length
      ? Math.min(...after.map((point) => point.x)) - width - rankGap
      : left
  return { x, y: freeHeight(x, (before[0] ?? after[0])?.y ?? 0, { width, height }, rects) }
}

/** The nearest free place above or below, in a column. */
function freeHeight(
  x: number,
  y: number,
  { width, height }: { width: number; height: number },
  rects: readonly Rect[],
): number {
  const isFree = (top: number) =>
    !rects.some(
      (rect) =>
        x < rect.x + rect.width + gap &&
        rect.x < x + width + gap &&
        top < rect.y + rect.height + gap &&
        rect.y < top + height + gap,
    )
  for (let step = 0; step < 400; step++) {
    if (isFree(y + step * 14)) return y + step * 14
    if (isFree(y - step * 14)) return y - step * 14
  }
  return y
}

/** How many entries stand between one and the cluster: a Gateway's routes come after it. */
function depthsOf(entries: readonly NetworkCardModel[], links: readonly SceneLink[]): Map<string, number> {
  const ids = new Set(entries.map((model) => model.id))
  const depths = new Map<string, number>()
  for (const { id } of entries) depths.set(id, links.some((link) => link.from === id && ids.has(link.to)) ? 1 : 0)
  return depths
}

/** Beside what it leads to, so that its first edge is straight where that can be. */
function middleOf(
  id: string,
  links: readonly SceneLink[],
  models: readonly NetworkCardModel[],
  points: Readonly<Record<string, Point>>,
): number {
  const targets = links.filter((link) => link.from === id && points[link.to])
  if (!targets.length) return 0
  const heights = targets.map((link) => {
    const type = models.find((model) => model.id === link.to)?.type ?? 'NetworkCard'
    return points[link.to]!.y + sizes[type].height / 2
  })
  return heights.reduce((sum, y) => sum + y, 0) / heights.length - sizes.ObjectCard.height / 2
}
