import type { Point, Rect } from './layout.ts'

const clearance = 3
const corridorGap = 7

/**
 * A way from one card's side to another's through the gutters: out to a gutter, along a corridor between cards, into
 * the gutter before the target. Only right angles, and never across a card when there is a way around.
 */
export function route(
  from: Point,
  fromGutter: number,
  to: Point,
  toGutter: number,
  cards: readonly Rect[],
): readonly Point[] {
  if (fromGutter === toGutter) return tidy([from, { x: fromGutter, y: from.y }, { x: fromGutter, y: to.y }, to])
  const near = cards.filter((card) => spans(card, Math.min(fromGutter, toGutter), Math.max(fromGutter, toGutter)))
  const corridors = [from.y, to.y]
  for (const card of near) corridors.push(card.y - corridorGap, card.y + card.height + corridorGap)
  const detour = (y: number) => Math.abs(y - from.y) + Math.abs(y - to.y)
  corridors.sort((a, b) => detour(a) - detour(b))
  const free = corridors.find(
    (y) =>
      isClear({ x: fromGutter, y }, { x: toGutter, y }, near) &&
      isClear({ x: toGutter, y }, { x: toGutter, y: to.y }, near) &&
      isClear({ x: fromGutter, y: from.y }, { x: fromGutter, y }, near),
  )
  const y = free ?? corridors[0]!
  return tidy([
    from,
    { x: fromGutter, y: from.y },
    { x: fromGutter, y },
    { x: toGutter, y },
    { x: toGutter, y: to.y },
    to,
  ])
}

function spans(card: Rect, left: number, right: number): boolean {
  return card.x - clearance < right && card.x + card.width + clearance > left
}

/** Does this horizontal or vertical line keep off all cards? */
export function isClear(a: Point, b: Point, cards: readonly Rect[]): boolean {
  const left = Math.min(a.x, b.x)
  const right = Math.max(a.x, b.x)
  const top = Math.min(a.y, b.y)
  const bottom = Math.max(a.y, b.y)
  return !cards.some(
    (card) =>
      left < card.x + card.width + clearance &&
      right > card.x - clearance &&
      top < card.y + card.height + clearance &&
      bottom > card.y - clearance,
  )
}

/** Without points that are no corners. */
function tidy(points: readonly Point[]): readonly Point[] {
  const result: Point[] = []
  for (const point of points) {
    const [a, b] = result.slice(-2)
    if (b && b.x === point.x && b.y === point.y) continue
    if (a && b && ((a.x === b.x && b.x === point.x) || (a.y === b.y && b.y === point.y))) result.pop()
    result.push(point)
  }
  return result
}

/** The path of a line through these points, with rounded corners. */
export function roundedPath(points: readonly Point[], radius = 7): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${xy(first)}`
  for (const [index, corner] of rest.entries()) {
    const next = rest[index + 1]
    if (!next) return `${path}L${xy(corner)}`
    const previous = points[index]!
    const r = Math.min(radius, distance(previous, corner) / 2, distance(corner, next) / 2)
    path += `L${xy(towards(corner, previous, r))}Q${xy(corner)} ${xy(towards(corner, next, r))}`
  }
  return path
}

function xy({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) / whole) * length, y: from.y + ((to.y - from.y) / whole) * length }
}
