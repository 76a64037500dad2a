import type { Program, Signal, Step, System, Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { crashAfterOf, startupOf } from './behaviour.ts'
import { converse, hangUp } from './conversation.ts'
import { write } from './log.ts'
import type { Server, ServerMemory } from './types.ts'

const defaultStopMs = 60
/** Upstream: none; a server that was told to end does not wait longer for those who still speak to it. */
const drainMs = 10_000

/** A program that listens and answers, as its description says. */
export function serverProgram(server: Server): Program {
  return {
    name: server.name,
    step: (system) => {
      const memory = (system.process.memory ??= start(server, system) as never) as unknown as ServerMemory
      for (let signal = system.nextSignal(); signal; signal = system.nextSignal()) told(server, system, memory, signal)
      if (memory.crashAt !== undefined && system.now() >= memory.crashAt) return crash(system)
      if (memory.due !== undefined) {
        const ended = isDue(server, system, memory)
        if (ended) return ended
      }
      converse(server, system, memory)
      if (memory.exit !== undefined && Object.keys(memory.open ?? {}).length === 0 && system.now() >= memory.due!)
        return { exit: memory.exit }
      const all = waits(memory)
      return all.length === 1 ? all[0]! : { for: 'any', of: all }
    },
    usage: ({ memory }) => ({
      memoryBytes: server.held && memory ? server.held(memory as unknown as ServerMemory) : 0,
      spareBytes: server.memoryMiB * 1024 * 1024,
      milliCPU: server.milliCPU ?? 1,
      ...(server.shareOfRequest !== undefined && { shareOfRequest: server.shareOfRequest }),
    }),
  }
}

function start(server: Server, system: System): ServerMemory {
  for (const signal of ['TERM', 'INT', 'QUIT', 'HUP', ...Object.keys(server.stop ?? {})] as Signal[])
    system.handle(signal, 'catch')
  const { ports, startupMs = 0, log, ready, config, exit } = server.begin(system)
  if (log) write(system, log)
  const crash = crashAfterOf(system)
  return {
    ports,
    due: system.now() + (exit === undefined ? (startupOf(system) ?? startupMs) : startupMs),
    ...(exit !== undefined && { exit }),
    ...(ready !== undefined && { ready }),
    ...(config !== undefined && { config }),
    ...(crash !== undefined && { crashAt: system.now() + crash }),
  }
}

function crash(system: System): Step {
  write(system, 'panic: the annotation kubecosm.dev/crashAfter says that this is the end')
  return { exit: 1 }
}

/** The time that it waited for has come: it listens, or ends. */
function isDue(server: Server, system: System, memory: ServerMemory): Step | undefined {
  const { due } = memory
  if (system.now() < due!) return memory.listeners ? undefined : { for: 'time', until: due! }
  if (memory.exit !== undefined) {
    hangUp(system, memory)
    return { exit: memory.exit }
  }
  const listeners: number[] = []
  for (const port of memory.ports ?? []) {
    const fd = system.listen(port)
    if (isFailure(fd)) {
      // Several of a container whose ports nobody knows share them.
      if (port === 0) continue
      for (const one of listeners) system.close(one)
      return portTaken(server, system, memory, port)
    } else listeners.push(fd)
  }
  if (memory.ready) write(system, memory.ready)
  delete memory.due
  delete memory.tries
  delete memory.ports
  delete memory.ready
  memory.listeners = listeners
  return undefined
}

function portTaken(server: Server, system: System, memory: ServerMemory, port: number): Step {
  memory.tries = (memory.tries ?? 0) + 1
  const { log, retryMs } = server.taken?.(port, memory.tries, system) ?? {
    log: `${server.name}: listen tcp 0.0.0.0:${port}: bind: address already in use`,
  }
  write(system, log)
  if (retryMs === undefined) return { exit: 1 }
  memory.due = system.now() + retryMs
  return { for: 'time', until: memory.due }
}

function told(server: Server, system: System, memory: ServerMemory, signal: Signal): void {
  const rule = server.stop?.[signal] ?? {}
  if (rule.reload || (signal === 'HUP' && !server.stop?.HUP)) {
    if (memory.listeners && server.reload) write(system, server.reload(system, memory))
    return
  }
  if (memory.exit !== undefined && memory.listeners === undefined) return
  if (rule.log) write(system, rule.log)
  server.stopping?.(system, memory)
  memory.exit = rule.code ?? 0
  memory.due = system.now() + (rule.ms ?? defaultStopMs)
  for (const fd of memory.listeners ?? []) system.close(fd)
  memory.listeners = []
  // What is being answered is answered; who says nothing is not waited for.
  for (const [fd, { due, asking }] of Object.entries(memory.open ?? {}))
    if (due === undefined && !asking) {
      system.close(Number(fd))
      delete memory.open![fd]
    }
  if (Object.keys(memory.open ?? {}).length > 0) memory.due = system.now() + drainMs
}

function waits(memory: ServerMemory): Wait[] {
  const of: Wait[] = (memory.listeners ?? []).map((fd) => ({ for: 'readable', fd }))
  if (memory.due !== undefined) of.push({ for: 'time', until: memory.due })
  if (memory.crashAt !== undefined) of.push({ for: 'time', until: memory.crashAt })
  for (const [fd, { due, asking, input }] of Object.entries(memory.open ?? {})) {
    if (due !== undefined) of.push({ for: 'time', until: due })
    for (const one of asking ?? []) if (!one.came) of.push(waitFor(one))
    if (due === undefined && !asking && input.length < 1024 * 1024) of.push({ for: 'readable', fd: Number(fd) })
  }
  return of.length > 0 ? of : [{ for: 'signal' }]
}

function waitFor({ fd, sent, until }: { readonly fd: number; readonly sent?: true; readonly until: number }): Wait {
  return sent ? { for: 'readable', fd, until } : { for: 'connected', fd, until }
}
