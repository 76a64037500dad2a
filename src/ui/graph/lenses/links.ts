import type { Point, Rect } from '../layout.ts'
import { roundedPath, route } from '../routing.ts'
import type { SceneCard, SceneLink } from './scene.ts'

export interface DrawnLink extends SceneLink {
  readonly id: string
  /** What it was drawn from. */
  readonly source: SceneLink
  readonly path: string
  readonly points: readonly Point[]
  /** Where it meets what it leads to. */
  readonly end: Point
}

type Side = 'left' | 'right' | 'top' | 'bottom'

const lanes = 5
const laneWidth = 4
const nearestLane = 7
/** Cards as near as this share one gutter. */
const gutterWidth = 60

/** Gives each link a way through the gutters between cards, and ports in the order in which the others stand. */
export function drawLinks(links: readonly SceneLink[], cards: readonly SceneCard[]): DrawnLink[] {
  const rects = new Map(cards.map((card) => [card.id, card.rect]))
  const obstacles = cards.filter((card) => card.type !== 'GroupFrame').map((card) => card.rect)
  const discs = new Set(cards.filter((card) => card.type === 'storage').map((card) => card.id))
  const ports = portsOf(links, rects, discs)
  const drawn: DrawnLink[] = []
  for (const link of links) {
    const from = rects.get(link.from)
    const to = rects.get(link.to)
    if (!from || !to) continue
    const [out, into] = sidesOf(from, to)
    const start = ports(link.from, out, link)
    const end = ports(link.to, into, link)
    const points = [...way(start, out, end, into, obstacles, laneOf(link.from, rects))]
    if (discs.has(link.from)) points.unshift(atDisc(start, from))
    if (discs.has(link.to)) points.push(atDisc(end, to))
    drawn.push({
      ...link,
      source: link,
      id: `${link.type} ${link.from}>${link.to}`,
      points,
      path: roundedPath(points),
      end: points.at(-1)!,
    })
  }
  return drawn
}

/** A claim's ring and a volume's disc are narrower than the card with their names. */
const disc = { radius: 20.5, middle: 23 }

function atDisc({ x, y }: Point, rect: Rect): Point {
  const centre = rect.x + rect.width / 2
  return { x: x > centre ? centre + disc.radius : centre - disc.radius, y }
}

/** To the right when there is room, else up or down when one stands over the other, else back. */
function sidesOf(from: Rect, to: Rect): [Side, Side] {
  if (to.x >= from.x + from.width + 2 * nearestLane) return ['right', 'left']
  if (from.x >= to.x + to.width + 2 * nearestLane) return ['left', 'right']
  return to.y > from.y ? ['bottom', 'top'] : ['top', 'bottom']
}

/** The same lane for all that leaves a card, so that they look like one trunk that parts. */
function laneOf(id: string, rects: ReadonlyMap<string, Rect>): number {
  let hash = 0
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) % 9973
  return rects.size > 1 ? hash % lanes : 0
}

function way(from: Point, out: Side, to: Point, into: Side, cards: readonly Rect[], lane: number): readonly Point[] {
  if (out === 'top' || out === 'bottom') {
    if (Math.abs(from.x - to.x) < 1) return [from, to]
    const y = (from.y + to.y) / 2
    return [from, { x: from.x, y }, { x: to.x, y }, to]
  }
  if (Math.abs(from.y - to.y) < 1 && Math.abs(to.x - from.x) < gutterWidth) return [from, to]
  const sign = out === 'right' ? 1 : -1
  const room = Math.abs(to.x - from.x)
  const offset = Math.min(nearestLane + lane * laneWidth, room / 2)
  const near = from.x + sign * offset
  if (room < gutterWidth && into !== out) return route(from, near, to, near, cards)
  return route(from, near, to, to.x - sign * (nearestLane + (lane % 3) * 3), cards)
}

/** Where on a card's side a link meets it: spread out, in the order of what is at the other ends. */
function portsOf(links: readonly SceneLink[], rects: ReadonlyMap<string, Rect>, discs: ReadonlySet<string>) {
  const sides = new Map<string, { link: SceneLink; other: Rect }[]>()
  const add = (key: string, link: SceneLink, other: Rect) => {
    const list = sides.get(key)
    if (list) list.push({ link, other })
    else sides.set(key, [{ link, other }])
  }
  for (const link of links) {
    const from = rects.get(link.from)
    const to = rects.get(link.to)
    if (!from || !to) continue
    const [out, into] = sidesOf(from, to)
    add(`${link.from}|${out}`, link, to)
    add(`${link.to}|${into}`, link, from)
  }
  const middle = (rect: Rect) => rect.y + rect.height / 2
  const portY = (id: string, rect: Rect) => (discs.has(id) ? rect.y + disc.middle : middle(rect))
  for (const list of sides.values()) list.sort((a, b) => middle(a.other) - middle(b.other) || a.other.x - b.other.x)
  return (id: string, side: Side, link: SceneLink): Point => {
    const rect = rects.get(id)!
    const list = sides.get(`${id}|${side}`)!
    const index = list.findIndex((each) => each.link === link)
    if (side === 'top' || side === 'bottom')
      return {
        x: rect.x + (rect.width * (index + 1)) / (list.length + 1),
        y: side === 'top' ? rect.y : rect.y + rect.height,
      }
    const step = Math.min(10, (rect.height - 10) / list.length)
    const y = portY(id, rect) + (discs.has(id) ? 0 : (index - (list.length - 1) / 2) * step)
    return { x: side === 'left' ? rect.x : rect.x + rect.width, y: Math.round(y * 2) / 2 }
  }
}
