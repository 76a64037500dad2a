/** Reading of cron schedules with five fields. Upstream: robfig/cron, ParseStandard. */

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
  /** Number of the first name. */
  readonly first?: number
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const fields: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months, first: 1 },
  { min: 0, max: 6, names: weekdays, first: 0 },
]
const macros = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])

/** What is wrong with a schedule; undefined when it can be read. */
export function scheduleProblem(schedule: string): string | undefined {
  if (!schedule) return 'empty spec string'
  if (schedule.startsWith('@')) {
    if (macros.has(schedule)) return undefined
    if (schedule.startsWith('@every '))
      return /^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(schedule)
        ? undefined
        : `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice(7))}`
    return `unrecognized descriptor: ${schedule}`
  }
  const parts = schedule.split(/\s+/).filter(Boolean)
  if (parts.length !== 5) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  for (const [index, part] of parts.entries()) {
    for (const range of part.split(',').filter(Boolean)) {
      const problem = rangeProblem(range, fields[index]!)
      if (problem) return problem
    }
  }
  return undefined
}

function rangeProblem(text: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...more] = text.split('/')
  if (more.length) return `too many slashes: ${text}`
  const [low = '', high, ...rest] = range.split('-')
  if (rest.length) return `too many hyphens: ${text}`
  let start = bounds.min
  let end = bounds.max
  if (low !== '*' && low !== '?') {
    const first = numberOf(low, bounds)
    if (typeof first === 'string') return first
    start = first
    const last = high === undefined ? (step === undefined ? start : bounds.max) : numberOf(high, bounds)
    if (typeof last === 'string') return last
    end = last
  }
  if (step !== undefined) {
    const every = numberOf(step, { min: 0, max: 0 })
    if (typeof every === 'string') return every
    if (every === 0) return `step of range should be a positive number: ${text}`
  }
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${text}`
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${text}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`
  return undefined
}

function numberOf(text: string, { names, first = 0 }: Bounds): number | string {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  if (named >= 0) return named + first
  if (/^\d+$/.test(text)) return Number(text)
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
}

const regions = new Set([
  'Africa',
  'America',
  'Antarctica',
  'Arctic',
  'Asia',
  'Atlantic',
  'Australia',
  'Brazil',
  'Canada',
  'Chile',
  'Etc',
  'Europe',
  'Indian',
  'Mexico',
  'Pacific',
  'US',
])
const single = new Set([
  'UTC',
  'GMT',
  'UCT',
  'Zulu',
  'CET',
  'EET',
  'MET',
  'WET',
  'EST',
  'MST',
  'HST',
  'EST5EDT',
  'CST6CDT',
  'MST7MDT',
  'PST8PDT',
  'Japan',
  'Singapore',
  'Israel',
  'Turkey',
  'Iran',
  'Egypt',
  'Cuba',
  'Poland',
  'Portugal',
  'Eire',
  'GB',
  'NZ',
  'PRC',
  'ROC',
  'ROK',
  'Hongkong',
  'Iceland',
  'Jamaica',
  'Libya',
  'Navajo',
  'Universal',
  'Greenwich',
])

/** What is wrong with a time zone's name; undefined when it can be one. Cities are taken as given. */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string'
  if (name.toLowerCase() === 'local')
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
  const [region = '', ...rest] = name.split('/')
  const known = rest.length
    ? regions.has(region) && rest.every((part) => /^[A-Za-z0-9_+-]+$/.test(part))
    : single.has(name)
  return known ? undefined : `unknown time zone ${name}`
}
