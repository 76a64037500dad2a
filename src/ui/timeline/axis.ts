/** The stretch of virtual time that is drawn, in milliseconds. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Pixels left of the axis, for names. */
export const labelWidth = 124

const stepsS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800]
const ticksAtMost = 9
const shortestMs = 2_000

/** All there is, with a little room for what comes. */
export function wholeRange(end: number): Range {
  return { from: 0, to: Math.max(60_000, end * 1.08) }
}

/** Round moments of a range. */
export function ticksOf({ from, to }: Range): number[] {
  const step = (stepsS.find((each) => (to - from) / (each * 1000) <= ticksAtMost) ?? 604_800) * 1000
  const first = Math.ceil(from / step) * step
  // One too close to the edge would be cut off.
  const last = to - (to - from) * 0.03
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => first + index * step)
}

/** A range scaled about a moment, within what there is. */
export function zoomed(range: Range, about: number, factor: number, whole: Range): Range | null {
  const length = Math.max(shortestMs, (range.to - range.from) * factor)
  if (length >= whole.to - whole.from) return null
  const share = (about - range.from) / (range.to - range.from)
  return within({ from: about - share * length, to: about + (1 - share) * length }, whole)
}

/** A range moved, within what there is. */
export function moved(range: Range, by: number, whole: Range): Range {
  return within({ from: range.from + by, to: range.to + by }, whole)
}

function within({ from, to }: Range, whole: Range): Range {
  const shift = from < whole.from ? whole.from - from : to > whole.to ? whole.to - to : 0
  return { from: from + shift, to: to + shift }
}
