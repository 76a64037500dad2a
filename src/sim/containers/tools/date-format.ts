import { civilFromDays, daysFromCivil } from '../../../lib/time.ts'

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** strftime, in UTC, which containers' clocks show. */
export function formatDate(format: string, ms: number): string {
  if (!Number.isFinite(ms)) return ''
  const two = (value: number, fill = '0') => String(value).padStart(2, fill)
  const second = Math.floor(ms / 1000)
  const today = Math.floor(second / 86_400)
  const { year, month, day } = civilFromDays(today)
  const inDay = second - today * 86_400
  const [hours, minutes, seconds] = [Math.floor(inDay / 3600), Math.floor(inDay / 60) % 60, inDay % 60]
  // The first of January 1970 was a Thursday.
  const weekday = (((today + 4) % 7) + 7) % 7
  const dayOfYear = today - daysFromCivil(year, 1, 1)
  // A week belongs to the year of its Thursday.
  const isoWeek = () => {
    const thursday = today + 4 - (weekday || 7)
    const { year: ofWeek } = civilFromDays(thursday)
    return [ofWeek, Math.floor((thursday - daysFromCivil(ofWeek, 1, 1)) / 7) + 1]
  }
  const fields: Record<string, () => string> = {
    a: () => days[weekday]!.slice(0, 3),
    A: () => days[weekday]!,
    b: () => months[month - 1]!.slice(0, 3),
    h: () => months[month - 1]!.slice(0, 3),
    B: () => months[month - 1]!,
    c: () => formatDate('%a %b %e %H:%M:%S %Y', ms),
    C: () => two(Math.floor(year / 100)),
    d: () => two(day),
    D: () => formatDate('%m/%d/%y', ms),
    e: () => two(day, ' '),
    F: () => formatDate('%Y-%m-%d', ms),
    G: () => String(isoWeek()[0]),
    g: () => two(isoWeek()[0]! % 100),
    H: () => two(hours),
    I: () => two(hours % 12 || 12),
    j: () => String(dayOfYear + 1).padStart(3, '0'),
    k: () => two(hours, ' '),
    l: () => two(hours % 12 || 12, ' '),
    m: () => two(month),
    M: () => two(minutes),
    n: () => '\n',
    N: () => String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0') + '000000',
    p: () => (hours < 12 ? 'AM' : 'PM'),
    P: () => (hours < 12 ? 'am' : 'pm'),
    r: () => formatDate('%I:%M:%S %p', ms),
    R: () => formatDate('%H:%M', ms),
    s: () => String(Math.floor(ms / 1000)),
    S: () => two(seconds),
    t: () => '\t',
    T: () => formatDate('%H:%M:%S', ms),
    u: () => String(weekday || 7),
    U: () => two(Math.floor((dayOfYear + 7 - weekday) / 7)),
    V: () => two(isoWeek()[1]!),
    w: () => String(weekday),
    W: () => two(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7)),
    x: () => formatDate('%m/%d/%y', ms),
    X: () => formatDate('%H:%M:%S', ms),
    y: () => two(year % 100),
    Y: () => String(year),
    z: () => '+0000',
    Z: () => 'UTC',
    '%': () => '%',
  }
  return format.replace(/%([-_0^])?([a-zA-Z%])/g, (all, flag: string | undefined, letter: string) => {
    const field = Object.hasOwn(fields, letter) ? fields[letter]!() : undefined
    if (field === undefined) return all
    return flag === '-'
      ? field.replace(/^[0 ]+(?=.)/, '')
      : flag === '_'
        ? field.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
        : flag === '^'
          ? field.toUpperCase()
          : field
  })
}

/** A time as `date -d` takes it, in milliseconds; undefined when it is none. */
export function dateOf(text: string, now: number): number | undefined {
  if (/^@-?\d+$/.test(text)) return Number(text.slice(1)) * 1000
  const today = Math.floor(now / 86_400_000) * 86_400_000
  if (text === 'now') return now
  if (text === 'today') return now
  const relative = /^([+-]?\d+)\s*(sec|second|min|minute|hour|day|week)s?( ago)?$/.exec(text)
  if (relative) {
    const unit = {
      sec: 1000,
      second: 1000,
      min: 60_000,
      minute: 60_000,
      hour: 3_600_000,
      day: 86_400_000,
      week: 604_800_000,
    }[relative[2]!]!
    return now + Number(relative[1]) * unit * (relative[3] ? -1 : 1)
  }
  if (text === 'yesterday') return now - 86_400_000
  if (text === 'tomorrow') return now + 86_400_000
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  if (clock) return today + Number(clock[1]) * 3_600_000 + Number(clock[2]) * 60_000 + Number(clock[3] ?? 0) * 1000
  const day =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    )
  if (!day) return undefined
  const [, year, month, date, hours = 0, minutes = 0, seconds = 0, zone] = day
  const offset =
    zone && /\d/.test(zone)
      ? (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * (zone.startsWith('-') ? -60_000 : 60_000)
      : 0
  const time = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
  return daysFromCivil(Number(year), Number(month), Number(date)) * 86_400_000 + time - offset
}
