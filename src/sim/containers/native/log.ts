import type { System } from '../kernel/types.ts'
import { formatDate } from '../tools/date-format.ts'

/** A line's times: `{%Y/%m/%d}` as strftime has it; `{host}` and `{ip}`. */
export function filled(text: string, system: System): string {
  if (!text.includes('{')) return text
  let last = ''
  let shown = ''
  return text.replace(/\{(%[^}]*|host|ip)\}/g, (_all, what: string) => {
    if (what === 'host') return system.hostname
    if (what === 'ip') return system.addresses[0] ?? ''
    if (what !== last) shown = formatDate((last = what), system.wall())
    return shown
  })
}

/** Writes what a server logs; standard error is the same log. */
export function write(system: System, text: string): void {
  if (text !== '') system.write(1, filled(text.endsWith('\n') ? text : `${text}\n`, system))
}
