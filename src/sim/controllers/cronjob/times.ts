import { parseTime, rfc3339 } from '../../../lib/time.ts'
import { zoneOffsetMs } from '../../../lib/time-zones.ts'
import { parseSchedule, type Schedule } from '../../../kinds/cronjob/schedule.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { nextAfter } from '../../../kinds/cronjob/next.ts'

/** A little late on purpose, so that the time has surely come. Upstream: nextScheduleDelta. */
const paddingMs = 100
const manyMissed = 100

interface Missed {
  readonly since: number
  /** The last time that has come and was not dealt with. */
  readonly latest?: number
  readonly missed: 'none' | 'few' | 'many'
}

export function scheduleOf({ spec }: KubeObject): Schedule | string {
  return parseSchedule(spec.schedule)
}

export function zoneOf({ spec }: KubeObject): string {
  return spec.timeZone ?? 'UTC'
}

/** What has come since the last time that was dealt with. Upstream: mostRecentScheduleTime. */
export function latestUnmet(
  cronJob: KubeObject,
  schedule: Schedule,
  wallMs: number,
  withinDeadline: boolean,
): Missed | string {
  const { metadata, spec, status } = cronJob
  const zone = zoneOf(cronJob)
  let since = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp)
  if (withinDeadline && spec.startingDeadlineSeconds !== undefined)
    since = Math.max(since, wallMs - spec.startingDeadlineSeconds * 1000)
  const first = nextAfter(schedule, zone, since)
  const second = first === undefined ? undefined : nextAfter(schedule, zone, first)
  if (first === undefined || second === undefined) return 'time difference between two schedules is less than 1 second'
  if (wallMs < first) return { since, missed: 'none' }
  if (wallMs < second) return { since, latest: first, missed: 'none' }
  const interval = second - first
  const count = Math.floor((wallMs - first) / interval) + 1
  let latest: number | undefined
  // Back by one more than there should be: schedules are not always as regular as their first two times.
  let time = nextAfter(schedule, zone, first + (count - 2) * interval)
  for (; time !== undefined && time <= wallMs; time = nextAfter(schedule, zone, time)) latest = time
  return { since, ...(latest !== undefined && { latest }), missed: count > manyMissed ? 'many' : 'few' }
}

/** How long until the schedule has to be looked at again. Upstream: nextScheduleTimeDuration. */
export function untilNextMs(cronJob: KubeObject, schedule: Schedule, wallMs: number): number | undefined {
  const unmet = latestUnmet(cronJob, schedule, wallMs, false)
  let from = wallMs
  if (typeof unmet !== 'string') from = unmet.latest ?? (unmet.missed === 'none' ? unmet.since : wallMs)
  const next = nextAfter(schedule, zoneOf(cronJob), from)
  return next === undefined ? undefined : next + paddingMs - wallMs
}

/** A time as a zone's clocks show it, with their distance from UTC. Go's RFC3339. */
export function rfc3339In(zone: string, epochMs: number): string {
  const offset = zoneOffsetMs(zone, epochMs)
  if (offset === 0) return rfc3339(epochMs)
  return rfc3339(epochMs + offset).slice(0, -1) + zoneText(offset, ':')
}

function zoneText(offsetMs: number, separator: string): string {
  const minutes = Math.floor(Math.abs(offsetMs) / 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Mon, 02 Jan 2006 15:04:05 +0000`: Go's RFC1123Z in UTC. */
export function rfc1123(epochMs: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T(.*)Z$/.exec(rfc3339(epochMs))!
  const weekday = weekdays[Math.floor(epochMs / 86_400_000) % 7]
  return `${weekday}, ${day} ${months[Number(month) - 1]} ${year} ${time} +0000`
}
