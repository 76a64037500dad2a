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
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return ''
  const two = (value: number, fill = '0') => String(value).padStart(2, fill)
  const [year, month, day, weekday] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCDay()]
  const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  const dayOfYear = Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000)
  const isoWeek = () => {
    const thursday = new Date(Date.UTC(year, month, day + 4 - (weekday || 7)))
    return [
      thursday.getUTCFullYear(),
      Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 604_800_000) + 1,
    ]
  }
  const fields: Record<string, () => string> = {
    a: () => days[weekday]!.slice(0, 3),
    A: () => days[weekday]!,
    b: () => months[month]!.slice(0, 3),
    h: () => months[month]!.slice(0, 3),
    B: () => months[month]!,
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
    m: () => two(month + 1),
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
