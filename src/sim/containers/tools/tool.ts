import type { Failure, Program, Step, System, Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'

interface Memory {
  /** What is written but was not taken yet, in its order. */
  queue: [number, string][]
  exit?: number
  data?: unknown
}

/** One call of a tool: its arguments, its output, and what it remembers from step to step. */
export class Call {
  readonly system: System
  readonly name: string
  readonly args: readonly string[]
  private readonly memory: Memory

  constructor(system: System, name: string) {
    this.system = system
    this.name = name
    this.args = system.process.argv.slice(1)
    system.process.memory ??= { queue: [] } as never
    this.memory = system.process.memory as never
  }

  /** What the tool remembers: plain data that it may change. */
  data<Data>(first: () => Data): Data {
    return (this.memory.data ??= first()) as Data
  }

  out(text: string): void {
    this.write(1, text)
  }

  err(text: string): void {
    this.write(2, text)
  }

  write(fd: number, text: string): void {
    if (text === '') return
    const last = this.memory.queue.at(-1)
    if (last && last[0] === fd) last[1] += text
    else this.memory.queue.push([fd, text])
  }

  /** A message in the tool's name. */
  say(message: string): void {
    this.err(`${this.name}: ${message}\n`)
  }

  /** Says why a call failed; a tool's exit code for it. */
  complain(what: string, failure: Failure): 1 {
    this.say(`${what}: ${errorText(failure)}`)
    return 1
  }

  /** What busybox prints for a call that it cannot read. */
  usage(text = '[OPTIONS]'): 1 {
    this.err(`BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: ${this.name} ${text}\n`)
    return 1
  }

  /** Whether this fails is said, and known by the answer. */
  tried(what: string, failure: Failure | undefined): boolean {
    if (failure) this.complain(what, failure)
    return !failure
  }

  exit(code: number): void {
    this.memory.exit = code
  }

  get ended(): number | undefined {
    return this.memory.exit
  }

  /** Hands on what was written; a wait when nobody takes it. */
  flush(): Wait | undefined {
    const { queue } = this.memory
    while (queue.length > 0) {
      const [fd, text] = queue[0]!
      const taken = this.system.write(fd, text)
      if (isFailure(taken)) {
        queue.shift()
        if (fd !== 1) continue
        queue.length = 0
        if (taken.errno !== 'EPIPE') this.say(`write error: ${errorText(taken)}`)
        this.exit(taken.errno === 'EPIPE' ? 141 : 1)
      } else if (taken < text.length) {
        queue[0] = [fd, text.slice(taken)]
        if (taken === 0) return { for: 'writable', fd }
      } else queue.shift()
    }
    return undefined
  }
}

/** An exit code, a wait (after which the tool is called again; also when nothing has come), or 'again' without fuel. */
export type Outcome = number | Wait | 'again'
export type Body = (call: Call) => Outcome

/** A program from what a tool does: its output is handed on, whoever is slow to take it. */
export function tool(name: string, body: Body): Program {
  return {
    name,
    step(system): Step {
      const call = new Call(system, name)
      for (;;) {
        const blocked = call.flush()
        if (blocked) return blocked
        if (call.ended !== undefined) return { exit: call.ended & 255 }
        const outcome = body(call)
        if (typeof outcome === 'number') {
          call.exit(outcome)
          continue
        }
        return call.flush() ?? (call.ended !== undefined ? 'again' : outcome)
      }
    },
  }
}

/** Tools that all do the same with another name. */
export const tools = (bodies: Readonly<Record<string, Body>>): Program[] =>
  Object.entries(bodies).map(([name, body]) => tool(name, body))
