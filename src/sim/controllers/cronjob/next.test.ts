import { describe, expect, test } from 'vitest'
import { parseTime } from '../../../lib/time.ts'
import { parseSchedule, type Schedule } from '../../../kinds/cronjob/schedule.ts'
import { nextAfter } from '../../../kinds/cronjob/next.ts'
import { rfc1123, rfc3339In } from './times.ts'

function nextTimes(schedule: string, zone: string, from: string, count: number): string[] {
  const read = parseSchedule(schedule)
  if (typeof read === 'string') throw new Error(read)
  const times: string[] = []
  for (let at: number | undefined = parseTime(from); times.length < count; times.push(rfc3339In(zone, at))) {
    at = nextAfter(read as Schedule, zone, at)
    if (at === undefined) break
  }
  return times
}

describe('when a schedule is due next', () => {
  test.each<[name: string, schedule: string, zone: string, from: string, times: string[]]>([
    ['every minute', '* * * * *', 'UTC', '2026-01-01T00:00:00.5Z', ['2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z']],
    ['strictly later', '30 6 * * *', 'UTC', '2026-01-01T06:30:00Z', ['2026-01-02T06:30:00Z']],
    [
      'steps from a number on',
      '50/5 1 * * *',
      'UTC',
      '2026-01-01T01:00:00Z',
      ['2026-01-01T01:50:00Z', '2026-01-01T01:55:00Z', '2026-01-02T01:50:00Z'],
    ],
    [
      'either of two restricted days',
      '0 0 13 * fri',
      'UTC',
      '2026-03-01T00:00:00Z',
      ['2026-03-06T00:00:00Z', '2026-03-13T00:00:00Z', '2026-03-20T00:00:00Z'],
    ],
    [
      'a star among days leaves the choice to the other',
      '0 0 * * mon',
      'UTC',
      '2026-03-01T00:00:00Z',
      ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'],
    ],
    [
      'a stepped star is a restriction',
      '0 0 */10 * mon',
      'UTC',
      '2026-03-01T00:00:00Z',
      ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z', '2026-03-11T00:00:00Z'],
    ],
    ['leap days', '0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00Z']],
    ['never', '59 23 31 2 *', 'UTC', '2026-01-01T00:00:00Z', []],
    ['a field that nothing matches', '0 0 , * *', 'UTC', '2026-01-01T00:00:00Z', []],
    ['@weekly is Sunday', '@weekly', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-04T00:00:00Z']],
    [
      'a steady beat counts from where it is',
      '@every 1h30m',
      'UTC',
      '2026-01-01T00:10:05.7Z',
      ['2026-01-01T01:40:05Z', '2026-01-01T03:10:05Z'],
    ],
    ['a beat is never shorter than a second', '@every 5ms', 'UTC', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:01Z']],
    ['a zone east of Greenwich', '0 9 * * *', 'Asia/Kolkata', '2026-01-01T00:00:00Z', ['2026-01-01T09:00:00+05:30']],
    [
      'spring: what clocks leave out is left out',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T00:00:00Z',
      ['2026-03-07T02:30:00-05:00', '2026-03-09T02:30:00-04:00'],
    ],
    [
      'spring: after the gap',
      '0 * * * *',
      'America/New_York',
      '2026-03-08T05:30:00Z',
      ['2026-03-08T01:00:00-05:00', '2026-03-08T03:00:00-04:00', '2026-03-08T04:00:00-04:00'],
    ],
    [
      'autumn: what clocks show twice comes twice',
      '30 1 * * *',
      'America/New_York',
      '2026-11-01T00:00:00Z',
      ['2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-05:00', '2026-11-02T01:30:00-05:00'],
    ],
    [
      'autumn: the minute when clocks go back',
      '0 1 * * *',
      'America/New_York',
      '2026-11-01T05:30:00Z',
      ['2026-11-01T01:00:00-05:00', '2026-11-02T01:00:00-05:00'],
    ],
    [
      'half an hour of summer time',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00:00Z',
      ['2026-10-05T02:15:00+11:00'],
    ],
    [
      'midnight that does not exist',
      '0 0 * * *',
      'Africa/Cairo',
      '2026-04-23T12:00:00Z',
      ['2026-04-25T00:00:00+03:00'],
    ],
    [
      'a year away, over both changes',
      '0 12 1 1 *',
      'Europe/Berlin',
      '2026-01-01T12:00:00Z',
      ['2027-01-01T12:00:00+01:00'],
    ],
    [
      'the other half of the year',
      '0 12 1 7 *',
      'Europe/Berlin',
      '2026-01-01T12:00:00Z',
      ['2026-07-01T12:00:00+02:00'],
    ],
    ['UTC as London’s winter time', '0 12 1 1 *', 'Europe/London', '2026-01-01T00:00:00Z', ['2026-01-01T12:00:00Z']],
  ])('%s', (_name, schedule, zone, from, times) => {
    const found = nextTimes(schedule, zone, from, Math.max(1, times.length))
    expect(found).toEqual(times)
  })

  test.each([
    ['1970-01-01T00:00:00Z', 'Thu, 01 Jan 1970 00:00:00 +0000'],
    ['2026-11-21T11:20:09Z', 'Sat, 21 Nov 2026 11:20:09 +0000'],
  ])('%s in words', (time, text) => expect(rfc1123(parseTime(time))).toBe(text))
})
