import { milliValue, parseQuantity } from '../../../machinery/quantity.ts'
import type { System } from '../kernel/types.ts'

/**
 * How the annotations `kubecosm.dev/…` of a pod say that its servers behave. They are read when they matter, so that a
 * change of them is felt at once; what cannot be read counts as not said.
 */
export interface Outgoing {
  readonly host: string
  readonly port: number
  readonly path: string
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** `250ms`, `1.5s`, `2m`; a number alone is in the unit given. */
export function durationOf(text: string | undefined, unit: keyof typeof units = 's'): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(text ?? '')
  return match ? Number(match[1]) * units[(match[2] as keyof typeof units | undefined) ?? unit] : undefined
}

/** How long an answer is held back: `latency: 200ms`, or a time within `latency: 50ms-200ms`. */
export function latencyOf(system: System): number {
  const text = system.annotation('latency')
  if (text === undefined) return 0
  const [least, most] = text.split(/\s*-\s*/, 2)
  const from = durationOf(least, 'ms') ?? 0
  const to = durationOf(most, 'ms') ?? from
  return to > from ? from + system.below(Math.floor(to - from) + 1) : from
}

/** Does this request fail? `errorRate: 0.1` and `errorRate: 10%` are the same. */
export function isToFail(system: System): boolean {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(system.annotation('errorRate') ?? '')
  return match !== null && system.below(1_000_000) < (Number(match[1]) / (match[2] ? 100 : 1)) * 1_000_000
}

/** `startupSeconds: 20` */
export function startupOf(system: System): number | undefined {
  return durationOf(system.annotation('startupSeconds'))
}

/** `crashAfter: 90s`, from the start on. */
export function crashAfterOf(system: System): number | undefined {
  return durationOf(system.annotation('crashAfter'))
}

/** Milliseconds of CPU for each request: `cpuPerRequest: 20m` are 20 thousandths of a second. */
export function cpuPerRequestOf(system: System): number | undefined {
  const text = system.annotation('cpuPerRequest')
  if (text === undefined) return undefined
  return durationOf(text, 'ms') ?? (parseQuantity(text) ? milliValue(text) : undefined)
}

/** Whom each request asks in turn: `calls: "cart:7070/items, http://users"`. */
export function callsOf(system: System): Outgoing[] {
  const text = system.annotation('calls')
  if (text === undefined) return []
  return text
    .split(/[\s,]+/)
    .slice(0, 32)
    .map((one) => outgoing(one))
    .filter((one) => one !== undefined)
}

/** `host:port/path`, with or without `http://`. */
export function outgoing(text: string): Outgoing | undefined {
  const match = /^(?:(https?):\/\/)?([\w.-]+)(?::(\d+))?(\/\S*)?$/.exec(text)
  if (!match) return undefined
  return { host: match[2]!, port: Number(match[3] ?? (match[1] === 'https' ? 443 : 80)), path: match[4] ?? '/' }
}
