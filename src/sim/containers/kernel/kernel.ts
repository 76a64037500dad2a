import { toBytes } from './bytes.ts'
import { attend, charge, creditAtMost, milliCPUOf, rateOf, refill } from './cpu.ts'
import { closeAll, retain } from './descriptors.ts'
import { Files } from './files.ts'
import { typed } from './line-editor.ts'
import { bytesInPipes, memoryOf } from './memory.ts'
import { signalNumbers } from './signals.ts'
import { commandFor, enter, homeOf, type Programs, startFailure } from './start.ts'
import { ProcessSystem } from './system.ts'
import { satisfied, timeOf } from './waits.ts'
import type { KernelHost } from './host.ts'
import type {
  Completion,
  Errno,
  ExitStatus,
  KernelState,
  Mount,
  ProcessState,
  Signal,
  SocketState,
  Usage,
} from './types.ts'
import { isFailure } from './walk.ts'

/** What a container is started with. */
export interface BootSpec {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  readonly groups?: readonly number[]
  readonly hostname: string
  readonly mounts: readonly Mount[]
  readonly readOnlyRoot?: boolean
  readonly stdin?: boolean
  readonly tty?: boolean
}

/** How an exec session is started; what is not said is as for the container's first process. */
export interface ExecOptions {
  readonly stdin?: boolean
  readonly tty?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** What a process may do before it is another's turn. */
const turnUnits = 400
const sliceMs = 10

/** Runs the processes of one container. All it knows is in `state`; after anything is told to it, run() acts on it. */
export class Kernel {
  readonly state: KernelState
  readonly host: KernelHost
  readonly programs: Programs

  constructor(state: KernelState, host: KernelHost, programs: Programs) {
    this.state = state
    this.host = host
    this.programs = programs
  }

  /** A container's first state, or why it cannot be started, in runc's words (`exec: "x": …`). */
  static boot(spec: BootSpec, host: KernelHost, programs: Programs): KernelState | { readonly failure: string } {
    const state: KernelState = {
      nextPid: 1,
      nextPipe: 1,
      nextSocket: 1,
      nextFile: 1,
      processes: {},
      pipes: {},
      files: {},
      upper: { type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: host.wall(), entries: {} },
      written: 0,
      mounts: spec.mounts,
      readOnlyRoot: spec.readOnlyRoot ?? false,
      listeners: {},
      sockets: {},
      streams: {},
      hostname: spec.hostname,
      cpu: { credit: creditAtMost, at: host.now(), total: 0 },
    }
    const failure = new Kernel(state, host, programs).begin('', { ...spec, argv: spec.argv, env: spec.env })
    return failure === undefined ? state : { failure }
  }

  /** Starts another first process in the container: an exec session. Returns why it cannot. */
  exec(session: string, argv: readonly string[], options: ExecOptions = {}): string | undefined {
    const first = this.state.processes[1]
    if (!first || first.ended) return 'cannot exec in a stopped container'
    const { uid, gid, groups, env, cwd } = first
    attend(this.state.cpu)
    return this.begin(session, { argv, uid, gid, ...(groups && { groups }), env, cwd, ...options })
  }

  private begin(session: string, spec: Omit<BootSpec, 'hostname' | 'mounts' | 'readOnlyRoot'>): string | undefined {
    const { state, host } = this
    const pid = state.nextPid
    const argv = spec.argv.map(toBytes)
    const env: Record<string, string> = {}
    for (const [name, value] of Object.entries(spec.env)) if (name !== '__proto__') env[name] = toBytes(value)
    env['PATH'] ??= '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    env['HOSTNAME'] ??= state.hostname
    if (spec.tty) env['TERM'] ??= 'xterm'
    const process: ProcessState = {
      pid,
      ppid: 0,
      program: '',
      argv,
      env,
      cwd: '/',
      umask: 0o022,
      uid: spec.uid ?? 0,
      gid: spec.gid ?? 0,
      ...(spec.groups?.length && { groups: spec.groups }),
      fds: {},
      memory: null,
      pending: [],
      signals: {},
      startedMs: host.now(),
      session,
      ...(spec.tty && { terminal: session }),
    }
    const files = new Files(state, host, process)
    env['HOME'] ??= homeOf(files, process.uid)
    const cwd = spec.cwd || '/'
    const misplaced = enter(new Files(state, host, { ...process, uid: 0 }), files, process, toBytes(cwd))
    if (misplaced) return misplaced
    const name = argv[0] ?? ''
    const failure = startFailure(files, process, host, name, env['PATH'])
    if (failure !== undefined) return failure
    const target = commandFor(files, process, this, argv, env['PATH'])
    state.nextPid++
    state.processes[pid] = process
    state.streams[session] = {
      input: '',
      closed: !spec.stdin,
      ...(spec.tty && { tty: { line: '', history: [], columns: 80, rows: 24 } }),
    }
    for (const [fd, channel] of (['stdin', 'stdout', 'stderr'] as const).entries())
      process.fds[fd] = retain(state, { kind: 'stream', stream: session, channel })
    if (isFailure(target)) {
      // What only the system's own exec finds out is said by the process that should have become the program.
      const why = target.errno === 'ENOEXEC' ? 'exec format error' : 'no such file or directory'
      host.output(session, 'stderr', `exec ${name}: ${why}\n`)
      this.end(process, { code: 255 })
    } else Object.assign(process, target)
    return undefined
  }

  /** Lets all that can run do so, and tells the host when to come back. */
  run(): void {
    const { state, host } = this
    const now = host.now()
    const { cpu } = state
    const rate = rateOf(cpu, host)
    refill(cpu, rate, now)
    for (;;) {
      const running = state.processes[1]
      if (!running || running.ended) return
      const next = this.nextToRun(now)
      if (!next) break
      if (cpu.credit <= 0) {
        host.wakeAt(now + sliceMs + Math.ceil(-cpu.credit / rate))
        return
      }
      state.turn = next.pid
      this.step(next)
    }
    delete state.turn
    delete cpu.busy
    let until = Infinity
    for (const process of Object.values(state.processes))
      if (process.wait && !process.ended && !process.stopped) until = Math.min(until, timeOf(process.wait))
    if (until !== Infinity) host.wakeAt(until)
  }

  private nextToRun(now: number): ProcessState | undefined {
    const { state } = this
    const { processes, turn = 0 } = state
    let first: ProcessState | undefined
    for (const process of Object.values(processes)) {
      if (process.ended || process.stopped || (first && process.pid <= turn)) continue
      if (process.wait && process.pending.length === 0 && !satisfied(state, process, process.wait, now)) continue
      if (process.pid > turn) return process
      first ??= process
    }
    return first
  }

  private step(process: ProcessState): void {
    const { cpu } = this.state
    const fuel = Math.min(turnUnits, Math.ceil(cpu.credit))
    const system = new ProcessSystem(this, process, fuel)
    delete process.wait
    const program = this.programs.get(process.program)
    let step: ReturnType<NonNullable<typeof program>['step']>
    try {
      step = program ? program.step(system) : { exit: 127 }
    } catch (thrown) {
      // Too long a text or too deep a nesting: a real process would have died of it.
      if (!(thrown instanceof RangeError)) throw thrown
      step = { exit: 139 }
    }
    charge(cpu, Math.max(1, fuel - system.fuel))
    if (process.ended || step === 'again') return
    if ('exit' in step) this.end(process, { code: step.exit & 255 })
    else process.wait = step
  }

  /** From outside: the container's first process gets it; KILL always ends it. */
  signal(signal: Signal): void {
    const first = this.state.processes[1]
    if (!first || first.ended) return
    attend(this.state.cpu)
    if (signal === 'KILL') this.end(first, { code: 137, signal })
    else this.deliver(first, signal)
  }

  /** A signal for a process. The first process is only reached by what it handles. */
  deliver(process: ProcessState, signal: Signal): void {
    if (process.ended) return
    if (signal === 'CONT') delete process.stopped
    const how = signal === 'KILL' || signal === 'STOP' ? undefined : process.signals[signal]
    if (how === 'ignore') return
    if (how === 'catch') {
      if (!process.pending.includes(signal)) process.pending.push(signal)
      return
    }
    if (process.pid === 1 || signal === 'CHLD' || signal === 'WINCH' || signal === 'CONT') return
    if (signal === 'STOP') process.stopped = true
    else this.end(process, { code: 128 + signalNumbers[signal], signal })
  }

  private end(process: ProcessState, status: ExitStatus): void {
    const { state, host } = this
    process.ended = status
    process.memory = null
    process.pending = []
    delete process.wait
    closeAll(state, host, process)
    if (process.pid === 1) {
      this.endOthers()
      host.ended('', status)
      return
    }
    for (const child of Object.values(state.processes)) if (child.ppid === process.pid) child.ppid = 1
    if (process.session !== undefined) {
      delete state.processes[process.pid]
      delete state.streams[process.session]
      host.ended(process.session, status)
      return
    }
    const parent = state.processes[process.ppid]
    if (!parent || parent.signals.CHLD === 'ignore') delete state.processes[process.pid]
    else this.deliver(parent, 'CHLD')
  }

  /** With its first process all of a container ends. */
  private endOthers(): void {
    const { state, host } = this
    for (const process of Object.values(state.processes)) {
      if (process.pid === 1) continue
      closeAll(state, host, process)
      delete state.processes[process.pid]
      if (process.session !== undefined && !process.ended) host.ended(process.session, { code: 137, signal: 'KILL' })
    }
    for (const socket of Object.values(state.sockets)) if (socket.connection) host.shut(socket.connection)
    state.sockets = {}
    state.streams = {}
    delete state.turn
  }

  /** Somebody types, or pipes something in. */
  write(stream: string, text: string): void {
    const to = this.state.streams[stream]
    if (!to) return
    attend(this.state.cpu)
    const { tty } = to
    if (!tty) {
      to.input += text
      return
    }
    const { echo, signals } = typed(to, tty, text, (line) => this.complete(stream, line))
    if (echo !== '') this.host.output(stream, 'stdout', echo)
    for (const signal of signals)
      for (const process of Object.values(this.state.processes))
        if (process.terminal === stream) this.deliver(process, signal)
  }

  /** Who reads at a terminal knows what a word may become. */
  private complete(stream: string, line: string): Completion | undefined {
    const reader = Object.values(this.state.processes).find(
      ({ terminal, wait, ended }) => terminal === stream && wait?.for === 'readable' && wait.fd === 0 && !ended,
    )
    if (!reader) return undefined
    return this.programs.get(reader.program)?.complete?.(new ProcessSystem(this, reader, turnUnits), line)
  }

  /** Every process stands still, as in a frozen control group, or goes on. */
  freeze(frozen: boolean): void {
    for (const process of Object.values(this.state.processes)) {
      if (frozen) process.stopped = true
      else delete process.stopped
    }
  }

  /** No more comes from there. */
  closeInput(stream: string): void {
    const to = this.state.streams[stream]
    if (!to) return
    to.closed = true
    to.hungUp = true
  }

  resize(stream: string, columns: number, rows: number): void {
    const tty = this.state.streams[stream]?.tty
    if (!tty) return
    tty.columns = columns
    tty.rows = rows
    for (const process of Object.values(this.state.processes))
      if (process.terminal === stream) this.deliver(process, 'WINCH')
  }

  /** Somebody calls: false when nobody listens there. */
  incoming(connection: string, port: number, peer: SocketState['peer']): boolean {
    const listener = this.listener(port)
    if (!listener || listener.backlog.length >= 4096) return false
    attend(this.state.cpu)
    const id = this.state.nextSocket++
    this.state.sockets[id] = { connection, status: 'open', received: '', ended: false, references: 0, peer, port }
    listener.backlog.push(id)
    return true
  }

  listens(port: number): boolean {
    return this.listener(port) !== undefined
  }

  /** Who listens on port 0 does on all ports that the container declares. */
  private listener(port: number): KernelState['listeners'][string] | undefined {
    const { listeners } = this.state
    if (Object.hasOwn(listeners, port) && port !== 0) return listeners[port]
    const declared = this.host.ports?.() ?? []
    return declared.length === 0 || declared.includes(port) ? listeners[0] : undefined
  }

  connected(connection: string): void {
    const socket = this.socket(connection)
    if (socket?.status === 'connecting') socket.status = 'open'
  }

  refused(connection: string, errno: Errno): void {
    const socket = this.socket(connection)
    if (socket) socket.status = errno
  }

  received(connection: string, text: string): void {
    const socket = this.socket(connection)
    if (!socket) return
    attend(this.state.cpu)
    socket.received += text
  }

  /** The other side sends no more; with an error, the connection is gone. */
  disconnected(connection: string, errno?: Errno): void {
    const socket = this.socket(connection)
    if (!socket) return
    socket.ended = true
    if (errno) socket.status = errno
  }

  private socket(connection: string): SocketState | undefined {
    return Object.values(this.state.sockets).find((socket) => socket.connection === connection)
  }

  /** What all processes use now, and the CPU that their steps took in the last whole window of 15 s. */
  usage(): Required<Usage> {
    const sum = {
      memoryBytes: bytesInPipes(this.state),
      spareBytes: 0,
      milliCPU: milliCPUOf(this.state.cpu, this.host.now()),
      shareOfRequest: 0,
    }
    for (const process of Object.values(this.state.processes)) {
      if (process.ended) continue
      const used = this.programs.get(process.program)?.usage?.(process)
      sum.memoryBytes += Math.max(used?.memoryBytes ?? 0, memoryOf(process))
      sum.spareBytes += used?.spareBytes ?? 0
      sum.milliCPU += used?.milliCPU ?? 0
      sum.shareOfRequest = Math.max(sum.shareOfRequest, used?.shareOfRequest ?? 0)
    }
    return sum
  }
}
