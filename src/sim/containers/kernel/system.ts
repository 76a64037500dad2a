import { closeAll, read, release, retain, write } from './descriptors.ts'
import { Files } from './files.ts'
import type { Kernel } from './kernel.ts'
import { visible } from './proc.ts'
import { isTaken, socketsOf } from './sockets.ts'
import { commandFor } from './start.ts'
import type { KernelHost } from './host.ts'
import type {
  Descriptor,
  ExitStatus,
  Failure,
  FileStatus,
  KernelState,
  Mount,
  OpenFlags,
  ProcessState,
  Signal,
  SocketEntry,
  SocketState,
  SpawnOptions,
  System,
} from './types.ts'
import { fail, isFailure } from './walk.ts'

export const processesAtMost = 1024
const descriptorsAtMost = 1024
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The kernel as one process sees it. */
export class ProcessSystem implements System {
  readonly process: ProcessState
  readonly files: Files
  private readonly kernel: Kernel
  private readonly state: KernelState
  private readonly host: KernelHost
  /** Fuel that is left for this step. */
  fuel: number

  constructor(kernel: Kernel, process: ProcessState, fuel: number) {
    this.kernel = kernel
    this.state = kernel.state
    this.host = kernel.host
    this.process = process
    this.fuel = fuel
    this.files = new Files(kernel.state, kernel.host, process)
  }

  now() {
    return this.host.now()
  }
  wall() {
    return this.host.wall()
  }
  below(bound: number) {
    return this.host.below(bound)
  }
  spend(units: number): boolean {
    this.fuel -= units
    // Who has killed itself does nothing more.
    return this.fuel > 0 && !this.process.ended
  }

  read(fd: number, max = 65536): string | undefined | Failure {
    const text = read(this.state, this.host, this.files, this.fd(fd), max)
    this.fuel -= 1 + (typeof text === 'string' ? text.length >> 9 : 0)
    return text
  }

  write(fd: number, text: string): number | Failure {
    this.fuel -= 1 + (text.length >> 9)
    const what = this.fd(fd)
    const written = write(this.state, this.host, this.files, what, text)
    if (isFailure(written) && written.errno === 'EPIPE') this.kernel.deliver(this.process, 'PIPE')
    return written
  }

  open(path: string, flags: OpenFlags, mode = 0o666): number | Failure {
    this.fuel -= 2
    const what = this.files.open(path, flags, mode)
    return isFailure(what) ? what : this.give(what)
  }

  close(fd: number): void {
    const what = this.fd(fd)
    if (!what) return
    delete this.process.fds[fd]
    release(this.state, this.host, what)
  }

  duplicate(from: number, to: number): Failure | undefined {
    const what = this.fd(from)
    if (!what) return fail('EBADF')
    if (from === to) return undefined
    const copy = retain(this.state, what)
    this.close(to)
    this.process.fds[to] = copy
    return undefined
  }

  document(text: string): number {
    const fd = this.give(this.files.document(text))
    return isFailure(fd) ? -1 : fd
  }

  pipe(): { read: number; write: number } {
    const pipe = this.state.nextPipe++
    this.state.pipes[pipe] = { data: '', readers: 0, writers: 0 }
    return {
      read: this.give({ kind: 'pipe', pipe, end: 'read' }) as number,
      write: this.give({ kind: 'pipe', pipe, end: 'write' }) as number,
    }
  }

  isTerminal(fd: number): boolean {
    return this.tty(fd) !== undefined
  }
  terminal(fd: number) {
    const tty = this.tty(fd)
    return tty && { columns: tty.columns, rows: tty.rows }
  }
  setRaw(fd: number, raw: boolean): void {
    const tty = this.tty(fd)
    if (tty && raw) tty.raw = true
    else if (tty) delete tty.raw
  }
  private tty(fd: number) {
    const what = this.fd(fd)
    return what?.kind === 'stream' ? this.state.streams[what.stream]?.tty : undefined
  }

  status(path: string, options?: { readonly follow?: boolean }): FileStatus | Failure {
    this.fuel -= 1
    return this.files.status(path, options?.follow ?? true)
  }
  list(path: string) {
    const names = this.files.list(path)
    this.fuel -= isFailure(names) ? 1 : 1 + (names.length >> 3)
    return names
  }
  readLink(path: string) {
    return this.files.readLink(path)
  }
  makeDirectory(path: string, mode = 0o777) {
    this.fuel -= 2
    return this.files.makeDirectory(path, mode)
  }
  remove(path: string) {
    this.fuel -= 2
    return this.files.remove(path)
  }
  rename(from: string, to: string) {
    this.fuel -= 2
    return this.files.rename(from, to)
  }
  link(target: string, path: string) {
    this.fuel -= 2
    return this.files.link(target, path)
  }
  change(path: string, changes: { mode?: number; uid?: number; gid?: number; mtime?: number }) {
    this.fuel -= 2
    return this.files.change(path, changes)
  }
  resolve(path: string): string {
    const names: string[] = []
    for (const name of (path.startsWith('/') ? path : `${this.process.cwd}/${path}`).split('/'))
      if (name === '..') names.pop()
      else if (name !== '' && name !== '.') names.push(name)
    return `/${names.join('/')}`
  }
  changeDirectory(path: string): Failure | undefined {
    const status = this.files.status(path)
    if (isFailure(status)) return status
    if (status.type !== 'directory') return fail('ENOTDIR')
    if (!this.files.allowed(path, 1)) return fail('EACCES')
    this.process.cwd = this.files.real(path) as string
    return undefined
  }
  allowed(path: string, how: 'read' | 'write' | 'execute'): boolean {
    return this.files.allowed(path, how === 'read' ? 4 : how === 'write' ? 2 : 1)
  }
  setMask(umask: number): void {
    this.process.umask = umask
  }
  mounts(): readonly Mount[] {
    return this.state.mounts
  }

  spawn(argv: readonly string[], options: SpawnOptions = {}): number | Failure {
    this.fuel -= 20
    const { process, state } = this
    if (Object.keys(state.processes).length >= processesAtMost) return fail('EAGAIN')
    const env = options.env ?? process.env
    const target = options.fork ? { program: options.fork.program, argv } : this.executable(argv, env)
    if (isFailure(target)) return target
    const fds: Record<string, Descriptor> = {}
    const wanted = options.fds ?? {}
    for (const fd of new Set(['0', '1', '2', ...Object.keys(wanted)])) {
      const what = this.fd(wanted[Number(fd)] ?? Number(fd))
      if (what) fds[fd] = retain(state, what)
    }
    const signals: ProcessState['signals'] = {}
    for (const [signal, how] of Object.entries(process.signals))
      if (how === 'ignore') signals[signal as Signal] = 'ignore'
    const pid = state.nextPid++
    state.processes[pid] = {
      pid,
      ppid: process.pid,
      ...target,
      env,
      cwd: options.cwd ?? process.cwd,
      umask: process.umask,
      uid: process.uid,
      gid: process.gid,
      ...(process.groups && { groups: process.groups }),
      fds,
      memory: options.fork?.memory ?? null,
      pending: [],
      signals,
      startedMs: this.now(),
      ...(process.terminal !== undefined && { terminal: process.terminal }),
    }
    return pid
  }

  exec(argv: readonly string[], env: Readonly<Record<string, string>> = this.process.env): Failure | undefined {
    this.fuel -= 20
    const target = this.executable(argv, env)
    if (isFailure(target)) return target
    const { process } = this
    process.program = target.program
    process.argv = target.argv
    process.env = env
    process.memory = null
    process.pending = []
    for (const [signal, how] of Object.entries(process.signals))
      if (how === 'catch') delete process.signals[signal as Signal]
    return undefined
  }

  private executable(argv: readonly string[], env: Readonly<Record<string, string>>) {
    const search = Object.hasOwn(env, 'PATH') ? env['PATH']! : defaultPath
    return commandFor(this.files, this.process, this.kernel, argv, search)
  }

  reap(pid?: number): { readonly pid: number; readonly status: ExitStatus } | undefined {
    const { processes } = this.state
    const one = pid === undefined ? undefined : processes[pid]
    for (const child of pid === undefined ? Object.values(processes) : one ? [one] : []) {
      if (child.ppid !== this.process.pid || !child.ended || (pid !== undefined && child.pid !== pid)) continue
      delete this.state.processes[child.pid]
      return { pid: child.pid, status: child.ended }
    }
    return undefined
  }
  children(): readonly number[] {
    const found: number[] = []
    const { processes } = this.state
    for (const pid in processes) if (processes[pid]!.ppid === this.process.pid) found.push(Number(pid))
    return found
  }
  kill(pid: number, signal: Signal): Failure | undefined {
    this.fuel -= 1
    if (pid === -1) {
      for (const other of Object.values(this.state.processes))
        if (other.pid !== 1 && other.pid !== this.process.pid) this.kernel.deliver(other, signal)
      return undefined
    }
    const target = this.state.processes[pid]
    if (!target) return this.host.neighbours?.().some((one) => one.pid === pid) ? fail('EPERM') : fail('ESRCH')
    if (this.process.uid !== 0 && this.process.uid !== target.uid) return fail('EPERM')
    this.kernel.deliver(target, signal)
    return undefined
  }
  nextSignal(): Signal | undefined {
    return this.process.pending.shift()
  }
  handle(signal: Signal, how: 'default' | 'ignore' | 'catch'): void {
    if (how === 'default') delete this.process.signals[signal]
    else this.process.signals[signal] = how
  }
  processes(): readonly ProcessState[] {
    return visible(this.state, this.host)
  }

  listen(port: number): number | Failure {
    if (port < 0 || port > 65535) return fail('EINVAL')
    if (this.state.listeners[port] || (port !== 0 && isTaken(this.host, port))) return fail('EADDRINUSE')
    this.state.listeners[port] = { pid: this.process.pid, references: 0, backlog: [] }
    return this.give({ kind: 'listener', port })
  }
  accept(fd: number): number | undefined {
    const what = this.fd(fd)
    if (what?.kind !== 'listener') return undefined
    const socket = this.state.listeners[what.port]?.backlog.shift()
    if (socket === undefined) return undefined
    const given = this.give({ kind: 'socket', socket })
    return isFailure(given) ? undefined : given
  }
  connect(host: string, port: number): number {
    this.fuel -= 2
    const id = this.state.nextSocket++
    const address = this.lookUp(host)[0]
    const socket: SocketState = {
      connection: '',
      status: address === undefined ? 'EHOSTUNREACH' : 'connecting',
      received: '',
      ended: false,
      references: 0,
      peer: { address: address ?? host, port },
    }
    this.state.sockets[id] = socket
    if (address !== undefined) socket.connection = this.host.connect(id, address, port)
    return this.give({ kind: 'socket', socket: id }) as number
  }
  socket(fd: number): SocketState | undefined {
    const what = this.fd(fd)
    return what?.kind === 'socket' ? this.state.sockets[what.socket] : undefined
  }
  sockets(): readonly SocketEntry[] {
    return socketsOf(this.state, this.host)
  }
  shut(fd: number): void {
    const socket = this.socket(fd)
    if (socket?.status === 'open') this.host.shut(socket.connection)
  }
  lookUp(name: string): readonly string[] {
    if (/^[\d.]+$/.test(name) || name.includes(':')) return [name]
    return this.inHostsFile(name) ?? this.host.lookUp(name)
  }
  private inHostsFile(name: string): readonly string[] | undefined {
    const file = this.files.nodeAt('/etc/hosts')
    if (file?.type === 'file')
      for (const line of file.data.split('\n')) {
        const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
        if (address && names.includes(name) && (!address.includes(':') || name !== 'localhost')) return [address]
      }
    return name === 'localhost' ? ['127.0.0.1'] : undefined
  }
  reaches(address: string): number | undefined {
    return this.host.reaches?.(address)
  }
  annotation(name: string): string | undefined {
    return this.host.annotation?.(name)
  }
  get isToEnd(): boolean {
    return this.host.isToEnd ?? false
  }
  get hostname(): string {
    return this.state.hostname
  }
  get addresses(): readonly string[] {
    return this.host.addresses()
  }

  /** Closes what is open; the kernel does the rest of an end. */
  closeAll(): void {
    closeAll(this.state, this.host, this.process)
  }

  private fd(fd: number): Descriptor | undefined {
    return Object.hasOwn(this.process.fds, fd) ? this.process.fds[fd] : undefined
  }
  private give(what: Descriptor): number | Failure {
    let fd = 0
    while (this.fd(fd)) fd++
    if (fd >= descriptorsAtMost) return fail('EAGAIN')
    this.process.fds[fd] = retain(this.state, what)
    return fd
  }
}
