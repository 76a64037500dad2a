import { Cron } from 'croner'

/** Which minutes match, field by field; `*` matches all, and takes no part in the choice between days. */
export interface CronFields {
  readonly minute: CronField
  readonly hour: CronField
  readonly day: CronField
  readonly month: CronField
  readonly weekday: CronField
}

export type CronField = readonly number[] | '*'

/** Reading a pattern costs more than asking it, and there are few; nothing depends on what is kept here. */
const read = new Map<string, Cron>()
const mostRead = 100

/**
 * The first minute after a time that matches, on a calendar that knows no zones: both are milliseconds as if the clock on
 * the wall showed UTC. Undefined when there is none. The only place where the library, and with it the host's Date, is
 * asked: all it gets is a time that is passed in.
 */
export function nextMatch(fields: CronFields, wallMs: number): number | undefined {
  const { minute, hour, day, month, weekday } = fields
  const all = [minute, hour, day, month, weekday]
  // A comma alone is a field that nothing matches.
  if (all.some(({ length }) => length === 0)) return undefined
  const pattern = all.map((one) => (one === '*' ? one : one.join())).join(' ')
  let cron = read.get(pattern)
  if (!cron) {
    cron = new Cron(pattern, { utcOffset: 0, mode: '5-part' })
    if (read.size >= mostRead) read.clear()
    read.set(pattern, cron)
  }
  // Croner looks at whole seconds; a fraction of one would only be in its way.
  // oxlint-disable-next-line no-restricted-globals -- what the library takes for a time
  return cron.nextRun(new Date(Math.floor(wallMs / 1000) * 1000))?.getTime()
}
