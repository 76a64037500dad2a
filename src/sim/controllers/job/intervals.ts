/** Completion indexes as a job's status writes them: `0,2-4,9,10`. Upstream: pkg/controller/job/indexed_job_utils.go. */
export interface Interval {
  readonly first: number
  readonly last: number
}

/** In order, without overlap, and never two that touch. */
export type Intervals = readonly Interval[]

/** Reads a text; what lies beyond the number of completions is left out, and so is what is no number. */
export function parseIntervals(text: string | undefined, completions: number): Intervals {
  if (!text) return []
  const found: Interval[] = []
  for (const part of text.split(',')) {
    const [from = '', to] = part.split('-')
    if (!/^\d+$/.test(from) || (to !== undefined && !/^\d+$/.test(to))) continue
    const first = Number(from)
    if (first >= completions) break
    found.push({ first, last: to === undefined ? first : Math.min(Number(to), completions - 1) })
  }
  return merged(found, [])
}

/** Two neighbours are written one by one, three or more as a range. */
export function formatIntervals(intervals: Intervals): string {
  return intervals
    .map(({ first, last }) => (last === first ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',')
}

export function totalOf(intervals: Intervals): number {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

export function hasIndex(intervals: Intervals, index: number): boolean {
  return intervals.some(({ first, last }) => first <= index && index <= last)
}

/** All indexes of both. */
export function merged(a: Intervals, b: Intervals): Intervals {
  const result: { first: number; last: number }[] = []
  for (const { first, last } of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const before = result.at(-1)
    if (!before || first > before.last + 1) result.push({ first, last })
    else if (before.last < last) before.last = last
  }
  return result
}

/** All indexes of the intervals, and these. */
export function withIndexes(intervals: Intervals, indexes: Iterable<number>): Intervals {
  const added = [...indexes].map((index) => ({ first: index, last: index }))
  return added.length === 0 ? intervals : merged(intervals, added)
}

/** How many indexes both have. */
export function overlapOf(a: Intervals, b: Intervals): number {
  let sum = 0
  for (const one of a)
    for (const other of b) sum += Math.max(0, Math.min(one.last, other.last) - Math.max(one.first, other.first) + 1)
  return sum
}

/** The first so many indexes below `completions` that the intervals leave out. */
export function firstMissing(intervals: Intervals, count: number, completions: number): number[] {
  const result: number[] = []
  let candidate = 0
  for (const { first, last } of [...intervals, { first: completions, last: completions }]) {
    while (candidate < Math.min(first, completions) && result.length < count) result.push(candidate++)
    candidate = Math.max(candidate, last + 1)
  }
  return result
}
