import type { Lane } from '../../bridge/protocol.ts'

/** One line of the timeline: a lane, or what many have in common. */
export interface Row {
  readonly id: string
  /** Undefined for a line that stands for several. */
  readonly lane?: Lane
  readonly count: number
  readonly stretches: Lane['stretches']
  readonly until?: number
}

const news = new Set(['warn', 'fail', 'wait'])

/** When something worth telling last began in a lane; undefined where nothing did. */
function lastNews({ stretches, until }: Lane): number | undefined {
  return stretches.findLast(({ tone }) => news.has(tone))?.from ?? until
}

/** At most so many lines: those with news have one each, the newest first to stay; the rest share one. */
export function rowsOf(lanes: readonly Lane[], atMost: number): Row[] {
  const row = (lane: Lane): Row => ({ id: `${lane.resource} ${lane.key}`, count: 1, ...laneOf(lane) })
  if (lanes.length <= atMost) return lanes.map(row)
  const told = lanes
    .filter((lane) => lastNews(lane) !== undefined)
    .sort((a, b) => lastNews(b)! - lastNews(a)!)
    .slice(0, atMost - 1)
  const own = new Set(told)
  const rest = lanes.filter((lane) => !own.has(lane))
  const from = Math.min(...rest.map((lane) => lane.stretches[0]?.from ?? 0))
  return [
    ...lanes.filter((lane) => own.has(lane)).map(row),
    { id: `${lanes[0]!.resource} rest`, count: rest.length, stretches: [{ from, tone: 'ok' }] },
  ]
}

function laneOf(lane: Lane): Pick<Row, 'lane' | 'stretches' | 'until'> {
  return { lane, stretches: lane.stretches, ...(lane.until !== undefined && { until: lane.until }) }
}

/** Does its name have to be there, also where there is little room? */
export function hasNews({ stretches }: Row): boolean {
  return stretches.some(({ tone }) => news.has(tone))
}

/** An object's name in so little room: the hash of a pod stays, the middle goes. */
export function shortName(key: string): string {
  const name = key.slice(key.indexOf('/') + 1)
  return name.length > 15 ? `${name.slice(0, 8)}…${name.slice(-6)}` : name
}
