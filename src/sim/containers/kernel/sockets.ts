import type { KernelHost } from './host.ts'
import type { Descriptor, KernelState, SocketEntry } from './types.ts'

/** Does another container with the same network listen on a port? */
export function isTaken(host: KernelHost, port: number): boolean {
  return host.sharers?.().some(({ listeners }) => Object.hasOwn(listeners, port)) ?? false
}

/** What listens and what is connected in a container's network: its own, and what those have that share it. */
export function socketsOf(state: KernelState, host: KernelHost): readonly SocketEntry[] {
  return [state, ...(host.sharers?.() ?? [])].flatMap((one) => entries(one, one === state, host))
}

function entries(state: KernelState, isOwn: boolean, host: KernelHost): SocketEntry[] {
  const holders = (is: (what: Descriptor) => boolean): SocketEntry['holders'] =>
    Object.values(isOwn ? state.processes : {}).flatMap(({ pid, argv, program, fds }) =>
      Object.entries(fds)
        .filter(([, what]) => is(what))
        .map(([fd]) => ({ pid, fd: Number(fd), name: (argv[0] ?? program).split('/').at(-1)! })),
    )
  const found: SocketEntry[] = []
  for (const [key, { backlog }] of Object.entries(state.listeners)) {
    const held = holders((what) => what.kind === 'listener' && what.port === Number(key))
    for (const port of key === '0' ? (isOwn && host.ports?.()) || [] : [Number(key)])
      found.push({ port, status: 'listening', ended: false, queued: backlog.length, holders: held })
  }
  for (const [id, { connection, status, peer, port, ended, received }] of Object.entries(state.sockets)) {
    if (status !== 'open' && status !== 'connecting') continue
    found.push({
      port: port ?? host.portOf?.(connection) ?? 0,
      status,
      peer,
      ended,
      queued: received.length,
      holders: holders((what) => what.kind === 'socket' && what.socket === Number(id)),
    })
  }
  return found
}
