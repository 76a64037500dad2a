import type { KernelHost } from './host.ts'
import type { KernelState } from './types.ts'

type CPU = KernelState['cpu']

/** Units of work per virtual millisecond of one CPU. */
export const unitsPerMs = 100
/** Work that was not done while waiting may be done at once, so that short scripts take no time. */
export const creditAtMost = 40_000
/** After so much work without any pause (10 s of one CPU) it is a loop that only burns time, … */
const patience = 1_000_000
/** … of which only a fortieth is really done, and all is counted. */
const loopWeight = 40
/** Who is asked something while burning time may do so much as everybody may. */
const attention = 20_000
const windowMs = 15_000

/** Begins a new window when its time has come. */
function turnWindow(cpu: CPU, now: number): void {
  const index = Math.floor(now / windowMs)
  if (cpu.window?.index === index) return
  cpu.window = { index, from: cpu.total, last: cpu.window?.index === index - 1 ? cpu.total - cpu.window.from : 0 }
}

/** The CPU that was used in the last whole window. */
export function milliCPUOf({ window, total }: CPU, now: number): number {
  const index = Math.floor(now / windowMs)
  const units = !window
    ? 0
    : window.index === index
      ? window.last
      : window.index === index - 1
        ? total - window.from
        : 0
  return Math.round(((units / unitsPerMs) * 1000) / windowMs)
}

/** Units that may be done in a virtual millisecond. What is well rested need not ask for its limit. */
export function rateOf(cpu: CPU, host: KernelHost): number {
  const limit = cpu.credit < creditAtMost / 2 ? host.milliCPU?.() : undefined
  // Upstream: a quota is 10m at least (minimum of 1 ms in a period of 100 ms).
  return limit === undefined ? unitsPerMs : (unitsPerMs * Math.min(1000, Math.max(10, limit))) / 1000
}

/** Fills up what time has given. */
export function refill(cpu: CPU, rate: number, now: number): void {
  cpu.credit = Math.min(creditAtMost, cpu.credit + (now - cpu.at) * rate)
  cpu.at = now
  turnWindow(cpu, now)
}

/** Counts work that was done. */
export function charge(cpu: CPU, units: number): void {
  const { busy = 0 } = cpu
  const charged = busy > patience ? units * loopWeight : units
  cpu.credit -= charged
  cpu.total += charged
  cpu.busy = busy + charged
}

/** Somebody outside wants something: what burns time is slowed again only after this has been dealt with. */
export function attend(cpu: CPU): void {
  if (cpu.busy === undefined || cpu.busy <= patience - attention) return
  cpu.busy = patience - attention
  cpu.credit = Math.max(0, cpu.credit)
}
