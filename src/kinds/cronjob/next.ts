import { nextMatch } from '../../lib/cron.ts'
import { offsetChange, zoneOffsetMs } from '../../lib/time-zones.ts'
import type { Schedule } from './schedule.ts'

/** Upstream gives up on what does not come within five years: the 31st of February. */
const longestMs = 5 * 366 * 86_400_000

/**
 * When a schedule is due next after an instant. Times that clocks leave out when they go forward are left out, and
 * those that they show twice come twice. Upstream: robfig/cron, SpecSchedule.Next and ConstantDelaySchedule.Next.
 */
export function nextAfter(schedule: Schedule, zone: string, epochMs: number): number | undefined {
  if ('everyMs' in schedule) return Math.floor(epochMs / 1000) * 1000 + schedule.everyMs
  let offset = zoneOffsetMs(zone, epochMs)
  let since = epochMs
  let after = epochMs + offset
  for (;;) {
    const local = nextMatch(schedule, after)
    if (local === undefined || local - offset > epochMs + longestMs) return undefined
    const change = offsetChange(zone, since, local - offset)
    if (change === undefined) return local - offset
    // Clocks are set on the way there: from then on they show other times, that instant's included.
    offset = zoneOffsetMs(zone, change)
    since = change
    after = change + offset - 1
  }
}
