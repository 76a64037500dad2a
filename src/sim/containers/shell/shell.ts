import type { Failure, Signal, Step, System, Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from '../tools/errors.ts'
import { type Expander, ShellFault } from './expand.ts'
import { inherited, restore } from './redirects.ts'
import { advance } from './instructions.ts'
import { freshMemory, type Frame, isName, type Place, type ShellMemory, type Variable } from './memory.ts'
import { nextCommand } from './input.ts'
import { type Flavour, SyntaxFault, type Unit } from './syntax.ts'
import { addText, unitOf } from './texts.ts'

/** One step of a shell: what it knows is its process's memory. */
export class Shell implements Expander {
  readonly system: System
  readonly memory: ShellMemory

  constructor(system: System, flavour: Flavour) {
    this.system = system
    const known = system.process.memory as unknown as ShellMemory | null
    this.memory = known ?? freshMemory(flavour, system.process.pid, system.process.env)
    if (!known) system.process.memory = this.memory as never
  }

  get ash(): boolean {
    return this.memory.flavour === 'ash'
  }

  /** Goes on until something has to be waited for. */
  run(): Step {
    const { memory, system } = this
    for (;;) {
      const blocked = this.flush()
      if (blocked) return blocked
      if (!system.spend(1)) return 'again'
      this.takeSignals()
      const frame = memory.frames.at(-1)
      if (!frame) {
        const end = this.withoutFrames()
        if (end) return end
        continue
      }
      if (memory.caught.length > 0 && !frame.work && this.runTrap()) continue
      try {
        const step = advance(this, frame)
        if (step) return this.flush() ?? step
      } catch (thrown) {
        this.failed(thrown)
      }
    }
  }

  private withoutFrames(): Step | undefined {
    const { memory } = this
    if (memory.caught.length > 0 && !memory.exiting && this.runTrap()) return undefined
    if (!memory.exiting && memory.input) return nextCommand(this)
    memory.exiting ??= { status: memory.status }
    const trap = memory.traps['EXIT']
    if (memory.exiting.trapped || !trap) return { exit: memory.exiting.status }
    memory.exiting.trapped = true
    this.pushScript('trap', trap, 1)
    return undefined
  }

  /** An error of the script's: it ends, or what was typed does. */
  private failed(thrown: unknown): void {
    const { memory } = this
    if (thrown instanceof SyntaxFault) {
      memory.line = thrown.line
      delete memory.builtin
      this.say(this.ash ? `syntax error: ${thrown.message}` : `Syntax error: ${thrown.message}`)
      this.flush()
      this.abort(2)
    } else if (thrown instanceof ShellFault) {
      this.say(thrown.message)
      // It is said where standard error goes there.
      this.flush()
      this.abort(thrown.status)
    } else throw thrown
  }

  /** Ends the shell; at a terminal only the commands that were typed. */
  abort(status: number): void {
    const { memory } = this
    delete memory.builtin
    if (!memory.input?.terminal) return this.exit(status)
    this.unwind(0)
    memory.status = status
  }

  exit(status: number): void {
    const { memory } = this
    this.unwind(0)
    memory.status = status & 255
    memory.exiting = { ...memory.exiting, status: status & 255 }
  }

  /** Takes frames away, with what they had changed. */
  unwind(depth: number): void {
    while (this.memory.frames.length > depth) this.popFrame()
  }

  popFrame(): Frame {
    const { memory } = this
    const frame = memory.frames.pop()!
    const { work } = frame
    if (work?.saves) restore(this, work.saves)
    if (work?.substitution && !work.substitution.ended) this.system.close(work.substitution.fd)
    if (work?.variables) this.putBack(work.variables)
    for (const saves of frame.redirects.toReversed()) restore(this, saves)
    if (frame.locals) this.putBack(frame.locals)
    if (frame.params) memory.params = frame.params
    if (frame.kind === 'trap' && frame.status !== undefined) memory.status = frame.status
    return frame
  }

  putBack(variables: Readonly<Record<string, Variable | null>>): void {
    for (const [name, variable] of Object.entries(variables))
      if (variable) this.memory.variables[name] = variable
      else delete this.memory.variables[name]
  }

  /* ---- scripts ---- */

  /** Which commands stand there. */
  unit(place: Pick<Place, 'text' | 'at' | 'line'>): Unit {
    const { text, aliases } = this.memory.texts[place.text]!
    return unitOf(text, place.at, place.line, this.memory.flavour, aliases)
  }

  pushScript(kind: 'script' | 'eval' | 'file' | 'trap', text: string, line: number, more: Partial<Frame> = {}): void {
    if (this.memory.frames.length > framesAtMost) throw new ShellFault('Out of stack space')
    const id = addText(this.memory, text)
    this.memory.frames.push({
      kind,
      place: { text: id, at: 0, line, block: -1 },
      pc: 0,
      next: { at: 0, line },
      loops: [],
      redirects: [],
      ...(kind === 'trap' && { status: this.memory.status }),
      ...more,
    })
  }

  pushFunction(name: string, args: readonly string[], tested: boolean): void {
    const { memory } = this
    if (memory.frames.length > framesAtMost) throw new ShellFault('Out of stack space')
    memory.frames.push({
      kind: 'function',
      name,
      place: memory.functions[name]!,
      pc: 0,
      loops: [],
      redirects: [],
      locals: {},
      params: memory.params,
      ...(tested && { tested: true as const }),
    })
    memory.params = args
  }

  /** Starts a subshell that runs a block of what is running. */
  fork(block: number, tested: boolean, fds: Readonly<Record<number, number>>, background = false): number {
    this.forgetJobs()
    const { memory, system } = this
    const { place } = memory.frames.at(-1)!
    const within = this.reading()
    const traps = Object.fromEntries(Object.entries(memory.traps).filter(([, action]) => action === ''))
    const { exiting: _exiting, input: _input, caught: _caught, lastJob, ...rest } = memory
    const child: ShellMemory = {
      ...rest,
      ...(lastJob !== undefined && { lastJob }),
      variables: { ...memory.variables },
      functions: { ...memory.functions },
      options: { ...memory.options },
      aliases: { ...memory.aliases },
      texts: { ...memory.texts },
      traps,
      jobs: [],
      queue: [],
      caught: [],
      subshell: true,
      ...(within !== undefined && { within }),
      ...(memory.frames.some(({ kind }) => kind === 'function') && { inFunction: true as const }),
      frames: [
        {
          kind: 'block',
          place: { ...place, block },
          pc: 0,
          loops: [],
          redirects: [],
          ...(tested && { tested: true as const }),
        },
      ],
    }
    const quiet: Signal[] = background && !memory.input?.terminal ? ['INT', 'QUIT'] : []
    const before = quiet.map((signal) => system.process.signals[signal])
    for (const signal of quiet) system.handle(signal, 'ignore')
    const pid = system.spawn(system.process.argv, {
      env: system.process.env,
      fork: { program: system.process.program, memory: child as never },
      fds: inherited(this, fds),
    })
    for (const [index, signal] of quiet.entries()) system.handle(signal, before[index] ?? 'default')
    if (isFailure(pid)) throw new ShellFault(this.ash ? "can't fork: Resource temporarily unavailable" : 'Cannot fork')
    return pid
  }

  /** What was waited for is known until the next process is started. */
  forgetJobs(): void {
    const { memory } = this
    if (memory.jobs.some(({ waited }) => waited)) memory.jobs = memory.jobs.filter(({ waited }) => !waited)
  }

  /* ---- signals ---- */

  private takeSignals(): void {
    const { memory, system } = this
    if (system.process.pending.length === 0) return
    for (let signal = system.nextSignal(); signal; signal = system.nextSignal()) {
      if (memory.traps[signal] !== undefined) {
        if (!memory.caught.includes(signal)) memory.caught.push(signal)
      } else if (signal === 'INT' && memory.input) {
        this.unwind(0)
        memory.input.text = ''
        delete memory.input.prompted
        memory.status = 130
      }
    }
  }

  /** The action of a signal that came; false when there is none any more. */
  runTrap(): boolean {
    const { memory } = this
    const action = memory.traps[memory.caught.shift()!]
    if (!action) return false
    this.pushScript('trap', action, 1)
    return true
  }

  /* ---- variables ---- */

  parameter(name: string): string | undefined {
    const { memory } = this
    const first = name.charCodeAt(0)
    if (first >= 0x30 && first <= 0x39) return name === '0' ? memory.name : memory.params[Number(name) - 1]
    switch (name) {
      case '?':
        return String(memory.status)
      case '#':
        return String(memory.params.length)
      case '$':
        return String(memory.pid)
      case '!':
        return memory.lastJob === undefined ? undefined : String(memory.lastJob)
      case '-':
        return Object.keys(memory.options)
          .filter((letter) => letter.length === 1)
          .join('')
      case 'PPID':
        return String(this.system.process.ppid)
      case 'LINENO':
        return String(memory.line)
      case 'RANDOM':
        if (this.ash) return String(this.system.below(32768))
    }
    return Object.hasOwn(memory.variables, name) ? memory.variables[name]!.value : undefined
  }

  get params(): readonly string[] {
    return this.memory.params
  }

  option(letter: string): boolean {
    return this.memory.options[letter] === true
  }

  assign(name: string, value: string): void {
    const { variables } = this.memory
    const known = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (known?.readOnly) throw new ShellFault(`${name}: is read only`)
    if (!isName(name)) throw new ShellFault(`${name}: bad variable name`)
    variables[name] = { ...known, value, ...(this.option('a') && { exported: true as const }) }
    if (name === 'OPTIND') delete this.memory.option
  }

  unset(name: string): void {
    const { variables } = this.memory
    if (!Object.hasOwn(variables, name)) return
    if (variables[name]!.readOnly) throw new ShellFault(`${name}: is read only`)
    delete variables[name]
  }

  env(): Record<string, string> {
    const env: Record<string, string> = {}
    for (const [name, { value, exported }] of Object.entries(this.memory.variables))
      if (exported && value !== undefined) env[name] = value
    return env
  }

  /* ---- output ---- */

  write(fd: number, text: string): void {
    if (text === '') return
    const last = this.memory.queue.at(-1)
    if (last?.[0] === fd) last[1] += text
    else this.memory.queue.push([fd, text])
  }

  /** Hands on what builtins wrote; a wait when nobody takes it. */
  flush(): Wait | undefined {
    for (;;) {
      const { queue } = this.memory
      if (queue.length === 0) return undefined
      const [fd, text] = queue[0]!
      const taken = this.system.write(fd, text)
      if (isFailure(taken)) this.writeFailed(fd, taken)
      else if (taken === text.length) queue.shift()
      else {
        queue[0] = [fd, text.slice(taken)]
        return { for: 'writable', fd }
      }
    }
  }

  private writeFailed(fd: number, failure: Failure): void {
    const { memory } = this
    memory.queue = memory.queue.filter(([to]) => to !== fd)
    memory.status = 1
    const work = memory.frames.at(-1)?.work
    if (work) work.failed = true
    if (fd !== 1) return
    const name = work?.fields[0] ?? ''
    if (this.ash) this.write(2, `sh: write error: ${errorText(failure)}\n`)
    else this.write(2, `${memory.name}: ${memory.line}: ${name}: ${name}: I/O error\n`)
  }

  /** A message, with the name and the line as the shell's flavour has them. */
  say(message: string): void {
    const { memory } = this
    this.write(2, `${memory.name}: ${this.where()}${message}\n`)
  }

  private where(): string {
    const { memory } = this
    const builtin = memory.builtin ?? this.reading()
    if (!this.ash) return `${memory.line}: ${builtin ? `${builtin}: ` : ''}`
    if (!builtin && memory.script === undefined) return ''
    // ash counts the lines of -c from zero.
    const inFile = memory.script !== undefined || memory.frames.some(({ kind }) => kind === 'file')
    return `${builtin ? `${builtin}: ` : ''}line ${inFile ? memory.line : memory.line - 1}: `
  }

  /** What reads commands: eval, or a file. */
  private reading(): string | undefined {
    const frame = this.memory.frames.findLast(({ kind }) => kind === 'eval' || kind === 'file')
    return frame?.kind === 'eval' ? 'eval' : (frame?.name ?? this.memory.within)
  }
}

const framesAtMost = 500
