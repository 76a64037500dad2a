import { milliValue, parseQuantity } from '../../../machinery/quantity.ts'
import type { Program, System } from '../kernel/types.ts'
import { flagged } from './arguments.ts'
import { durationOf } from './behaviour.ts'
import { filled } from './log.ts'

const mebibyte = 1024 * 1024

interface StressMemory {
  bytes: number
  most: number
  grow: number
  every: number
  at: number
  until?: number
}

/** `stress` and its kin: memory that grows until it is enough or too much, and CPU that is burnt. */
export const stress: Program = {
  name: 'stress',
  step: (system) => {
    const { argv } = system.process
    const memory = (system.process.memory ??= stressPlan(system) as never) as unknown as StressMemory
    const now = system.now()
    if (memory.until !== undefined && now >= memory.until) {
      if (argv[0]!.includes('stress') && flagged(argv, ['vm', 'm', 'cpu', 'c']))
        system.write(
          1,
          `stress: info: [1] successful run completed in ${Math.round((now - system.process.startedMs) / 1000)}s\n`,
        )
      return { exit: 0 }
    }
    if (memory.bytes < memory.most && now >= memory.at) {
      memory.bytes = Math.min(memory.most, memory.bytes + memory.grow)
      memory.at = now + memory.every
    }
    const next = Math.min(memory.bytes < memory.most ? memory.at : Infinity, memory.until ?? Infinity)
    return next === Infinity ? { for: 'signal' } : { for: 'time', until: next }
  },
  usage: ({ argv, memory }) => ({
    memoryBytes: mebibyte + ((memory as unknown as StressMemory | null)?.bytes ?? 0),
    milliCPU: stressCPU(argv),
  }),
}

function stressPlan(system: System): StressMemory {
  const { argv } = system.process
  const vm = flagged(argv, ['vm', 'm'])
  const total = flagged(argv, ['mem-total'])
  const bytes = (text: string | undefined) => {
    const upper = (text ?? '')
      .toUpperCase()
      .replace(/^(\d+)([KMG])B?$/, '$1$2i')
      .replace('Ki', 'Ki')
    return parseQuantity(upper.replace('KI', 'Ki'))
      ? milliValue(upper.replace('KI', 'Ki')) / 1000
      : parseQuantity(text ?? '')
        ? milliValue(text) / 1000
        : 256 * mebibyte
  }
  const timeout = durationOf(flagged(argv, ['timeout', 't']))
  const until = timeout === undefined ? {} : { until: system.now() + timeout }
  if (total !== undefined) {
    const step = flagged(argv, ['mem-alloc-size'])
    system.write(
      2,
      filled(
        `I{%m%d %H:%M:%S}.000000       1 main.go:26] Allocating "${total}" memory, in "${step ?? '4Ki'}" chunks, with a ${flagged(argv, ['mem-alloc-sleep']) ?? '1ms'} sleep between allocations\n`,
        system,
      ),
    )
    const every = Math.max(1, durationOf(flagged(argv, ['mem-alloc-sleep']), 'ms') ?? 1)
    // Many small steps are taken together, or they would be the cluster's whole work.
    const together = Math.max(1, Math.ceil(100 / every))
    return {
      bytes: 0,
      most: bytes(total),
      grow: Math.max(bytes(step), mebibyte) * together,
      every: every * together,
      at: 0,
      ...until,
    }
  }
  const workers = Number(vm ?? 0)
  const cpus = flagged(argv, ['cpu', 'c', 'cpus'])
  system.write(1, `stress: info: [1] dispatching hogs: ${cpus ?? 0} cpu, 0 io, ${workers} vm, 0 hdd\n`)
  const most = workers * bytes(flagged(argv, ['vm-bytes']))
  return { bytes: 0, most, grow: most / 4 + 1, every: 100, at: system.now() + 100, ...until }
}

function stressCPU(argv: readonly string[]): number {
  const cpus = flagged(argv, ['cpu', 'c', 'cpus'])
  const vm = flagged(argv, ['vm', 'm'])
  return (Number(cpus ?? 0) + Number(vm ?? 0)) * 1000
}
