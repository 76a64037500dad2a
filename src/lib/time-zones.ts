/** Time zones by the host's tables: what a clock on the wall shows at an instant. The only place that asks Intl. */

const formats = new Map<string, Intl.DateTimeFormat | undefined>()

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) {
    let format: Intl.DateTimeFormat | undefined
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    } catch {
      // Not a zone.
    }
    formats.set(zone, format)
  }
  return formats.get(zone)
}

/** Does the host know a zone of this name? */
export function isTimeZone(zone: string): boolean {
  return formatOf(zone) !== undefined
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds; none where it is not known. */
export function zoneOffsetMs(zone: string, epochMs: number): number {
  if (zone === 'UTC') return 0
  // `1/1/2026, GMT+05:30`, and no figures where it is UTC's own time.
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(formatOf(zone)?.format(epochMs) ?? '')
  if (!match) return 0
  const [, sign, hours, minutes, seconds = 0] = match
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
}

const weekMs = 604_800_000

/** The first instant in (`from`, `to`] at which clocks stand another way than at `from`; undefined when there is none. */
export function offsetChange(zone: string, from: number, to: number): number | undefined {
  if (zone === 'UTC') return undefined
  const offset = zoneOffsetMs(zone, from)
  // No zone changes its clocks twice within a week.
  for (let low = from; low < to; low += weekMs) {
    let high = Math.min(low + weekMs, to)
    if (zoneOffsetMs(zone, high) === offset) continue
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (zoneOffsetMs(zone, middle) === offset) low = middle
      else high = middle
    }
    return high
  }
  return undefined
}
