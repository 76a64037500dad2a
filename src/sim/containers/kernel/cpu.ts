import type { KernelState } from './types.ts'

type CPU = KernelState['cpu']

/** Units of work per virtual millisecond of one CPU. */
export const unitsPerMs = 100
const windowMs = 15_000

/** Begins a new window when its time has come. */
export function turnWindow(cpu: CPU, now: number): void {
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
