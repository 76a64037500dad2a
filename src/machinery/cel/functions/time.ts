import { parseTime, rfc3339 } from '../../../lib/time.ts'
import { billion, CelError, Duration, Timestamp, Uint } from '../values.ts'
import { overload, type Overload } from './overload.ts'

const unitNanos: Readonly<Record<string, bigint>> = {
  h: 3_600n * billion,
  m: 60n * billion,
  s: billion,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  ns: 1n,
}

/** Go's time.ParseDuration; undefined when it is none. */
export function parseDuration(text: string): Duration | undefined {
  const signed = /^([+-]?)(.*)$/.exec(text)!
  if (signed[2] === '0') return new Duration(0n)
  let rest = signed[2]!
  if (rest === '' || rest.length > 200) return undefined
  let nanos = 0n
  while (rest !== '') {
    const part = /^(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|ns)/.exec(rest)
    if (!part || (part[1] === '' && !part[2])) return undefined
    const unit = unitNanos[part[3]!]!
    nanos += BigInt(part[1] || '0') * unit
    const fraction = (part[2] ?? '').slice(0, 18)
    if (fraction) nanos += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length)
    rest = rest.slice(part[0].length)
  }
  return new Duration(signed[1] === '-' ? -nanos : nanos)
}

/** RFC 3339; undefined when it is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const ms = parseTime(text)
  if (Number.isNaN(ms)) return undefined
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? ''
  const seconds = BigInt(Math.floor(ms / 1000))
  return new Timestamp(seconds * billion + BigInt((fraction + '000000000').slice(0, 9)))
}

export function timestampText({ nanos }: Timestamp): string {
  const seconds = floorDivide(nanos, billion)
  const fraction = String(nanos - seconds * billion)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const text = rfc3339(Number(seconds) * 1000)
  return fraction ? text.replace('Z', `.${fraction}Z`) : text
}

export function durationText({ nanos }: Duration): string {
  const sign = nanos < 0n ? '-' : ''
  const absolute = nanos < 0n ? -nanos : nanos
  const seconds = absolute / billion
  const fraction = String(absolute % billion)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${sign}${seconds}${fraction ? `.${fraction}` : ''}s`
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}

interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly dayOfYear: number
  readonly dayOfWeek: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
  readonly milliseconds: number
}

function civil({ nanos }: Timestamp, zone = 'UTC'): Civil {
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (!offset && zone !== 'UTC' && zone !== '') throw new CelError(`unknown time zone ${zone}`)
  const minutes = offset ? (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1) : 0
  const ms = Number(floorDivide(nanos, 1_000_000n)) + minutes * 60_000
  const text = rfc3339(ms)
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  const days = Math.floor(ms / 86_400_000)
  const newYear = Math.floor(parseTime(`${text.slice(0, 4)}-01-01T00:00:00Z`) / 86_400_000)
  return {
    year,
    month: month - 1,
    day,
    dayOfYear: days - newYear,
    dayOfWeek: (((days + 4) % 7) + 7) % 7,
    hours: Number(text.slice(11, 13)),
    minutes: Number(text.slice(14, 16)),
    seconds: Number(text.slice(17, 19)),
    milliseconds: ((ms % 1000) + 1000) % 1000,
  }
}

const parts: Readonly<Record<string, (time: Civil) => number>> = {
  getFullYear: ({ year }) => year,
  getMonth: ({ month }) => month,
  getDate: ({ day }) => day,
  getDayOfMonth: ({ day }) => day - 1,
  getDayOfWeek: ({ dayOfWeek }) => dayOfWeek,
  getDayOfYear: ({ dayOfYear }) => dayOfYear,
  getHours: ({ hours }) => hours,
  getMinutes: ({ minutes }) => minutes,
  getSeconds: ({ seconds }) => seconds,
  getMilliseconds: ({ milliseconds }) => milliseconds,
}

const durationParts: Readonly<Record<string, bigint>> = {
  getHours: 3_600n * billion,
  getMinutes: 60n * billion,
  getSeconds: billion,
  getMilliseconds: 1_000_000n,
}

export const timeFunctions: readonly Overload[] = [
  overload('timestamp(string): timestamp', ([text]) => {
    const time = parseTimestamp(text)
    if (!time) throw new CelError(`cannot parse timestamp ${JSON.stringify(text)}`)
    return time
  }),
  overload('timestamp(int): timestamp', ([seconds]) => new Timestamp(seconds * billion)),
  overload('timestamp(timestamp): timestamp', ([time]) => time),
  overload('duration(string): duration', ([text]) => {
    const duration = parseDuration(text)
    if (!duration) throw new CelError(`cannot parse duration ${JSON.stringify(text)}`)
    return duration
  }),
  overload('duration(duration): duration', ([duration]) => duration),
  overload('duration(int): duration', ([nanos]) => new Duration(nanos)),
  overload('string(timestamp): string', ([time]) => timestampText(time)),
  overload('string(duration): string', ([duration]) => durationText(duration)),
  overload('int(timestamp): int', ([time]) => floorDivide(time.nanos, billion)),
  overload('int(duration): int', ([duration]) => duration.nanos),
  overload('uint(timestamp): uint', ([time]) => new Uint(floorDivide(time.nanos, billion))),
  ...Object.entries(parts).flatMap(([name, part]) => [
    overload(`timestamp.${name}(): int`, ([time]) => BigInt(part(civil(time)))),
    overload(`timestamp.${name}(string): int`, ([time, zone]) => BigInt(part(civil(time, zone)))),
  ]),
  ...Object.entries(durationParts).map(([name, unit]) =>
    overload(`duration.${name}(): int`, ([duration]) => duration.nanos / unit),
  ),
]
