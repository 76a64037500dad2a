import type { Rect } from './layout.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

const middle = ({ x, y, width, height }: Rect) => ({ x: x + width / 2, y: y + height / 2 })
/** Going astray costs more than going far. */
const astray = 2.5

/** The nearest of some boxes in a direction from one; what lies straight ahead is nearer than what lies aside. */
export function nearestInDirection<T>(
  from: Rect,
  direction: Direction,
  boxes: Iterable<readonly [item: T, rect: Rect]>,
): T | undefined {
  const isFlat = direction === 'left' || direction === 'right'
  const sign = direction === 'right' || direction === 'down' ? 1 : -1
  const start = middle(from)
  let best: T | undefined
  let bestCost = Infinity
  for (const [item, rect] of boxes) {
    const to = middle(rect)
    const ahead = sign * (isFlat ? to.x - start.x : to.y - start.y)
    if (ahead <= 1) continue
    const overlaps = isFlat
      ? rect.y < from.y + from.height && from.y < rect.y + rect.height
      : rect.x < from.x + from.width && from.x < rect.x + rect.width
    const aside = Math.abs(isFlat ? to.y - start.y : to.x - start.x)
    // From where no part of it is straight ahead, only what is more ahead than aside counts as in that direction.
    if (!overlaps && aside > 2 * ahead) continue
    const cost = ahead + astray * (overlaps ? aside * 0.2 : aside)
    if (cost >= bestCost) continue
    bestCost = cost
    best = item
  }
  return best
}
