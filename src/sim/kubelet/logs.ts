import { fromBytes } from '../containers/kernel/bytes.ts'
import type { LogLine } from '../machines/pod-logs.ts'

export type { LogLine }

/** A container's log: whole lines, and what was begun on each channel. Plain data. */
export interface Log {
  lines: LogLine[]
  bytes: number
  partial: { stdout?: string; stderr?: string }
}

const mostLines = 2000
const mostBytes = 256 * 1024

export function newLog(): Log {
  return { lines: [], bytes: 0, partial: {} }
}

/** Bytes that a container wrote, cut into lines. The oldest are forgotten when there are too many. */
export function append(log: Log, channel: 'stdout' | 'stderr', bytes: string, at: number): void {
  const parts = ((log.partial[channel] ?? '') + bytes).split('\n')
  const rest = parts.pop()!
  for (const part of parts) add(log, { at, text: fromBytes(part) })
  if (rest === '') delete log.partial[channel]
  else if (rest.length > 16_384) {
    add(log, { at, text: fromBytes(rest) })
    delete log.partial[channel]
  } else log.partial[channel] = rest
}

/** The container has ended: what was begun is all there will be. */
export function finish(log: Log, at: number): void {
  for (const channel of ['stdout', 'stderr'] as const) {
    const rest = log.partial[channel]
    if (rest !== undefined) add(log, { at, text: fromBytes(rest), open: true })
  }
  log.partial = {}
}

function add(log: Log, line: LogLine): void {
  log.lines.push(line)
  log.bytes += line.text.length
  while (log.lines.length > mostLines || log.bytes > mostBytes) log.bytes -= log.lines.shift()!.text.length
}
