/**
 * Times as text, from milliseconds since the Unix epoch. The pure parts may not use the host's clock, and its
 * Date is banned with it, so the calendar arithmetic lives here.
 */

const dayMs = 86_400_000

/** Days since 1970-01-01 of a civil date. Source: Howard Hinnant, chrono-compatible low-level date algorithms. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The civil date of a count of days since 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

const pad2 = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

// Objects made in the same second share their timestamp, so the last one is worth keeping.
let lastSecond = Number.NaN
let lastText = ''

/** `2026-01-01T00:00:07`, without fraction or zone. */
function seconds(epochMs: number): string {
  const second = Math.floor(epochMs / 1000)
  if (second === lastSecond) return lastText
  const days = Math.floor(second / 86_400)
  const { year, month, day } = civilFromDays(days)
  const rest = second - days * 86_400
  const hours = Math.floor(rest / 3600)
  const minutes = Math.floor((rest % 3600) / 60)
  lastText = `${String(year).padStart(4, '0')}-${pad2(month)}-${pad2(day)}T${pad2(hours)}:${pad2(minutes)}:${pad2(rest % 60)}`
  lastSecond = second
  return lastText
}

/** metav1.Time: whole seconds, UTC. */
export function rfc3339(epochMs: number): string {
  return `${seconds(epochMs)}Z`
}

/** metav1.MicroTime: six digits, UTC. */
export function rfc3339Micro(epochMs: number): string {
  const fraction = String(Math.floor((epochMs - Math.floor(epochMs / 1000) * 1000) * 1000)).padStart(6, '0')
  return `${seconds(epochMs)}.${fraction}Z`
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** Milliseconds since the epoch of an RFC 3339 text, or NaN when it is none. */
export function parseTime(text: string | undefined): number {
  if (text === undefined) return Number.NaN
  let time = parsed.get(text)
  if (time === undefined) {
    // Thousands of objects share a few times; what came first is thrown away together.
    if (parsed.size >= 1000 || text.length > 40) parsed.clear()
    parsed.set(text, (time = read(text)))
  }
  return time
}

const parsed = new Map<string, number>()

function read(text: string): number {
  const match = pattern.exec(text)
  if (!match) return Number.NaN
  const [, year, month, day, hours, minutes, secs, fraction, sign, zoneHours, zoneMinutes] = match
  const zone = sign ? (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 : 0
  const base = daysFromCivil(Number(year), Number(month), Number(day)) * dayMs
  const time = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(secs) * 1000
  return base + time + (fraction ? Number(`0.${fraction}`) * 1000 : 0) - zone
}
