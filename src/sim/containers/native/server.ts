import type { Data, Program, Signal, Step, System, Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { formatDate } from '../tools/date-format.ts'
import { crashAfterOf, startupOf } from './behaviour.ts'
import { type Conversation, converse, hangUp } from './conversation.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'

/** What a server makes of its command line, its environment and its files when it is started. */
export interface Beginning {
  readonly ports: readonly number[]
  /** From the start until it listens. */
  readonly startupMs?: number
  /** Written at once, and when it listens. */
  readonly log?: string
  readonly ready?: string
  /** What it remembers of all that. */
  readonly config?: Data
  /** It cannot: it ends with this code once it has said so. */
  readonly exit?: number
}

/** What a request needs besides: others that are asked first, all at once. */
export interface Asking {
  readonly ask: readonly {
    readonly host: string
    readonly port: number
    readonly request: string
  }[]
}

/** What came of asking another: its answer, or why there is none. */
export type Asked = HttpAnswer | 'refused' | 'unreachable' | 'timeout'

/** Bytes that answer what has come in a protocol of the server's own. */
export interface Reply {
  readonly text: string
  /** What was not read yet. */
  readonly rest: string
  readonly close?: boolean
}

/** A server as data and a few functions of it. */
export interface Server {
  readonly name: string
  readonly memoryMiB: number
  /** When nobody asks for anything. */
  readonly milliCPU?: number
  /** Milliseconds of CPU that an answer takes. */
  readonly cpuMs?: number
  /** At least this part of what is requested for it, since nobody knows what it needs. */
  readonly shareOfRequest?: number
  readonly serverHeader?: string
  readonly stop?: Partial<Record<Signal, StopRule>>
  begin(system: System): Beginning
  /** Answers a request, or asks others first (`asked` holds what came of that). */
  http?(request: HttpRequest, system: System, memory: ServerMemory, asked?: readonly Asked[]): HttpAnswer | Asking
  /** What it writes for a request that was answered. */
  access?(request: HttpRequest, answer: HttpAnswer, system: System, tookMs: number): string
  /** Speaks something else than HTTP on a port: a reply, or undefined while it must hear more. */
  talk?(input: string, system: System, memory: ServerMemory, connection: Conversation): Reply | 'http' | undefined
  /** Is told when somebody connects, and may speak first. */
  greeting?(system: System, memory: ServerMemory, port: number): string
  /** Reads its configuration again. */
  reload?(system: System, memory: ServerMemory): string
  /** Is told that it is to end. */
  stopping?(system: System, memory: ServerMemory): void
  /** More than what it always needs, as it grows. */
  held?(memory: ServerMemory): number
}

/** How a signal ends it. */
export interface StopRule {
  readonly code?: number
  readonly ms?: number
  readonly log?: string
  /** It does not: what else it does is `reload`'s. */
  readonly reload?: true
}

/** What a server's process remembers. */
export interface ServerMemory {
  ports?: readonly number[]
  /** Then it listens, or ends with `exit`. */
  due?: number
  exit?: number
  ready?: string
  crashAt?: number
  config?: Data
  /** Its own, which it may change. */
  kept?: any
  /** Listening descriptors. */
  listeners?: number[]
  /** By descriptor. */
  open?: Record<string, Conversation>
}

const defaultStopMs = 60
/** Upstream: none; a server that was told to end does not wait longer for those who still speak to it. */
const drainMs = 10_000

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

/** Writes what a server logs; standard error is the same log. */
export function write(system: System, text: string): void {
  if (text !== '') system.write(1, filled(text.endsWith('\n') ? text : `${text}\n`, system))
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
      if (fd.errno !== 'EADDRINUSE' || system.process.pid === 1) {
        write(system, `${server.name}: listen tcp 0.0.0.0:${port}: bind: address already in use`)
        return { exit: 1 }
      }
    } else listeners.push(fd)
  }
  if (memory.ready) write(system, memory.ready)
  delete memory.due
  delete memory.ports
  delete memory.ready
  memory.listeners = listeners
  return undefined
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
