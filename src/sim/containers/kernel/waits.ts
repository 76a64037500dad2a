import { readable, writable } from './descriptors.ts'
import type { KernelState, ProcessState, Wait } from './types.ts'

/** Is what a process waits for there? */
export function satisfied(state: KernelState, process: ProcessState, wait: Wait, now: number): boolean {
  if ('until' in wait && wait.until !== undefined && now >= wait.until) return true
  switch (wait.for) {
    case 'readable':
      return readable(state, process.fds[wait.fd])
    case 'writable':
      return writable(state, process.fds[wait.fd])
    case 'connected': {
      const what = process.fds[wait.fd]
      return what?.kind !== 'socket' || state.sockets[what.socket]?.status !== 'connecting'
    }
    case 'child': {
      const { pid } = wait
      const children = Object.values(state.processes).filter(
        (one) => one.ppid === process.pid && (pid === undefined || one.pid === pid),
      )
      return children.length === 0 || children.some(({ ended }) => ended)
    }
    case 'any':
      return wait.of.some((one) => satisfied(state, process, one, now))
    case 'time':
    case 'signal':
      return false
  }
}

/** The earliest time that a wait may be over by. */
export function timeOf(wait: Wait): number {
  if (wait.for === 'any') return Math.min(...wait.of.map(timeOf))
  return 'until' in wait && wait.until !== undefined ? wait.until : Infinity
}
