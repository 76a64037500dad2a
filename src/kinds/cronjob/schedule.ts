import type { CronField, CronFields } from '../../lib/cron.ts'
import { isTimeZone } from '../../lib/time-zones.ts'

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
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** A schedule that could be read: minutes that match, or a steady beat. */
export type Schedule = CronFields | { readonly everyMs: number }

/** What is wrong with a schedule; undefined when it can be read. */
export function scheduleProblem(schedule: string): string | undefined {
  const read = parseSchedule(schedule)
  return typeof read === 'string' ? read : undefined
}

/** Reads a schedule, or says what is wrong with it. */
export function parseSchedule(schedule: string): Schedule | string {
  if (!schedule) return 'empty spec string'
  if (schedule.startsWith('@')) return parseMacro(schedule)
  const parts = schedule.split(/\s+/).filter(Boolean)
  if (parts.length !== 5) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  const read: CronField[] = []
  for (const [index, part] of parts.entries()) {
    const field = parseField(part, fields[index]!)
    if (typeof field === 'string' && field !== '*') return field
    read.push(field as CronField)
  }
  const [minute, hour, day, month, weekday] = read
  return { minute: minute!, hour: hour!, day: day!, month: month!, weekday: weekday! }
}

function parseMacro(schedule: string): Schedule | string {
  if (Object.hasOwn(macros, schedule)) return parseSchedule(macros[schedule]!)
  if (!schedule.startsWith('@every ')) return `unrecognized descriptor: ${schedule}`
  const ms = durationMs(schedule.slice('@every '.length))
  if (ms === undefined)
    return `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice(7))}`
  // Whole seconds, and never less than one.
  return { everyMs: Math.max(1, Math.floor(ms / 1000)) * 1000 }
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Go's time.ParseDuration. */
function durationMs(text: string): number | undefined {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/.exec(text) ?? []
  if (rest === '0') return 0
  let ms = 0
  let length = 0
  for (const [all, amount, unit] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)) {
    ms += Number(amount) * unitMs[unit!]!
    length += all.length
  }
  if (length === 0 || length < rest.length) return undefined
  return sign === '-' ? -ms : ms
}

/** The values of one field, or what is wrong with it. */
function parseField(part: string, bounds: Bounds): CronField | string {
  const values = new Set<number>()
  let star = false
  for (const text of part.split(',').filter(Boolean)) {
    const range = parseRange(text, bounds)
    if (typeof range === 'string') return range
    star ||= range.star
    for (let value = range.start; value <= range.end; value += range.step) values.add(value)
  }
  return star ? '*' : [...values].sort((a, b) => a - b)
}

interface Range {
  readonly start: number
  readonly end: number
  readonly step: number
  /** Every value, in so many words. */
  readonly star: boolean
}

function parseRange(text: string, bounds: Bounds): Range | string {
  const [range = '', stepText, ...more] = text.split('/')
  if (more.length) return `too many slashes: ${text}`
  const [low = '', high, ...rest] = range.split('-')
  if (rest.length) return `too many hyphens: ${text}`
  let start = bounds.min
  let end = bounds.max
  const isStar = low === '*' || low === '?'
  if (!isStar) {
    const first = numberOf(low, bounds)
    if (typeof first === 'string') return first
    start = first
    const last = high === undefined ? (stepText === undefined ? start : bounds.max) : numberOf(high, bounds)
    if (typeof last === 'string') return last
    end = last
  }
  let step = 1
  if (stepText !== undefined) {
    const every = numberOf(stepText, { min: 0, max: 0 })
    if (typeof every === 'string') return every
    if (every === 0) return `step of range should be a positive number: ${text}`
    step = every
  }
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${text}`
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${text}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`
  return { start, end, step, star: isStar && step === 1 }
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

/** What is wrong with a time zone's name; undefined when it is one. The host tells, but not as exactly about case. */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string'
  if (name.toLowerCase() === 'local')
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
  const [region = '', ...rest] = name.split('/')
  const known = rest.length
    ? regions.has(region) && rest.every((part) => /^[A-Za-z0-9_+-]+$/.test(part))
    : single.has(name)
  return known && isTimeZone(name) ? undefined : `unknown time zone ${name}`
}
