/**
 * A container's operating system, small: processes, descriptors, pipes, a file tree, sockets. All of it is plain data,
 * so that a cluster may be saved in the middle of a `while sleep`. Text is bytes: one character (0–255) each.
 */

/** Plain JSON. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data | undefined }

export type Errno =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EBADF'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EEXIST'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'ENOENT'
  | 'ENOEXEC'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EPERM'
  | 'EPIPE'
  | 'EROFS'
  | 'ESRCH'
  | 'ETIMEDOUT'
  | 'EXDEV'

export type Signal =
  'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'PIPE' | 'ALRM' | 'TERM' | 'CHLD' | 'CONT' | 'STOP' | 'WINCH'

/* ---- files ---- */

interface NodeBase {
  /** Permission bits. */
  mode: number
  uid: number
  gid: number
  /** Wall clock, milliseconds. */
  mtime: number
}
export interface FileNode extends NodeBase {
  type: 'file'
  data: string
  /** The file is a program of this name: an image's binary. */
  program?: string
}
export interface DirectoryNode extends NodeBase {
  type: 'directory'
  entries: Record<string, TreeNode>
}
export interface LinkNode extends NodeBase {
  type: 'link'
  target: string
}
export interface DeviceNode extends NodeBase {
  type: 'device'
  device: 'null' | 'zero' | 'random' | 'stdin' | 'stdout' | 'stderr' | 'tty'
}
export type TreeNode = FileNode | DirectoryNode | LinkNode | DeviceNode

/** A volume or file that is mounted into a container. */
export interface Mount {
  /** Absolute, without a trailing slash. */
  readonly path: string
  /** Which tree: the host finds it. */
  readonly volume: string
  /** Path inside the volume. */
  readonly subPath?: string
  readonly readOnly: boolean
}

/* ---- processes ---- */

/** What a descriptor is of. */
export type Descriptor =
  | { readonly kind: 'file'; readonly path: string; offset: number; readonly flags: OpenFlags }
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write' }
  /** A container's own output and an exec session's streams. */
  | { readonly kind: 'stream'; readonly stream: string; readonly channel: 'stdin' | 'stdout' | 'stderr' }
  | { readonly kind: 'listener'; readonly port: number }
  | { readonly kind: 'socket'; readonly socket: number }
  | { readonly kind: 'null' }

export interface OpenFlags {
  readonly read?: boolean
  readonly write?: boolean
  readonly append?: boolean
  readonly create?: boolean
  readonly truncate?: boolean
  readonly exclusive?: boolean
}

/** What a process waits for. A time-out is a virtual time in milliseconds. */
export type Wait =
  | { readonly for: 'time'; readonly until: number }
  | { readonly for: 'readable'; readonly fd: number; readonly until?: number }
  | { readonly for: 'writable'; readonly fd: number }
  /** A child that ended; any of them when none is named. */
  | { readonly for: 'child'; readonly pid?: number }
  /** A connection that was asked for: made, refused or timed out. */
  | { readonly for: 'connected'; readonly fd: number; readonly until?: number }
  | { readonly for: 'signal' }

export interface ProcessState {
  readonly pid: number
  ppid: number
  /** Which program runs: a name in the registry. */
  program: string
  argv: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  umask: number
  readonly uid: number
  readonly gid: number
  fds: Record<string, Descriptor>
  /** The program's own: whatever it must remember from one step to the next. */
  memory: Data
  /** Undefined: it may run. */
  wait?: Wait
  /** Ended, and not yet waited for. */
  ended?: ExitStatus
  pending: Signal[]
  /** What is not here has its default effect. */
  signals: Partial<Record<Signal, 'ignore' | 'catch'>>
  readonly startedMs: number
  /** The exec session that it is the first process of. */
  readonly session?: string
}

export interface ExitStatus {
  readonly code: number
  readonly signal?: Signal
}

export interface KernelState {
  nextPid: number
  nextPipe: number
  nextSocket: number
  /** By pid. */
  processes: Record<string, ProcessState>
  pipes: Record<string, { data: string; readers: number; writers: number }>
  /** What the container has written over its image: a tree with the same paths; removed entries are in `removed`. */
  upper: DirectoryNode
  removed: string[]
  mounts: readonly Mount[]
  readonly readOnlyRoot: boolean
  listeners: Record<string, { pid: number; backlog: number[] }>
  /** Sockets of this container; the bytes that came and were not read are here, the rest is the network's. */
  sockets: Record<string, SocketState>
  streams: Record<string, { input: string; closed: boolean }>
  readonly hostname: string
}

export interface SocketState {
  /** The network's name of the connection. */
  connection: string
  status: 'connecting' | 'open' | 'closed' | Errno
  received: string
  /** The other side sends no more. */
  ended: boolean
  readonly peer: { readonly address: string; readonly port: number }
}

/* ---- what programs see ---- */

export interface FileStatus {
  readonly type: TreeNode['type']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: number
  readonly size: number
  readonly program?: string
}

/** What a program may ask of the kernel. Failures are values. */
export interface System {
  readonly process: ProcessState
  /** Virtual milliseconds. */
  now(): number
  /** Wall clock, milliseconds since the epoch. */
  wall(): number
  /** An integer in [0, bound), seeded. */
  below(bound: number): number
  /** Fuel: false when the step has done enough and should return 'again'. */
  spend(units: number): boolean

  /** '' when nothing is there yet (wait for readable), undefined at the end. */
  read(fd: number, max?: number): string | undefined | Failure
  /** How much was taken; 0 when the pipe is full (wait for writable). */
  write(fd: number, text: string): number | Failure
  open(path: string, flags: OpenFlags, mode?: number): number | Failure
  close(fd: number): void
  /** Makes `to` mean what `from` means. */
  duplicate(from: number, to: number): void
  pipe(): { readonly read: number; readonly write: number }
  status(path: string, options?: { readonly follow?: boolean }): FileStatus | Failure
  list(path: string): readonly string[] | Failure
  readLink(path: string): string | Failure
  makeDirectory(path: string, mode?: number): Failure | undefined
  remove(path: string): Failure | undefined
  rename(from: string, to: string): Failure | undefined
  link(target: string, path: string): Failure | undefined
  change(path: string, changes: { mode?: number; uid?: number; gid?: number; mtime?: number }): Failure | undefined
  /** Absolute and without `.` and `..`. */
  resolve(path: string): string

  /** Starts a child. `argv[0]` is looked up in PATH unless it holds a slash; a script's first line is honoured. */
  spawn(argv: readonly string[], options?: SpawnOptions): number | Failure
  /** Becomes another program. */
  exec(argv: readonly string[], env?: Readonly<Record<string, string>>): Failure | undefined
  /** A child that has ended is taken away and told; undefined while none has. */
  reap(pid?: number): { readonly pid: number; readonly status: ExitStatus } | undefined
  children(): readonly number[]
  kill(pid: number, signal: Signal): Failure | undefined
  /** The next caught signal that has not been dealt with. */
  nextSignal(): Signal | undefined
  handle(signal: Signal, how: 'default' | 'ignore' | 'catch'): void
  processes(): readonly ProcessState[]

  /** A listening descriptor. */
  listen(port: number): number | Failure
  /** A socket's descriptor of who called, or undefined while nobody does (wait for readable). */
  accept(fd: number): number | undefined
  /** A socket that is connecting (wait for connected); names are resolved by the cluster's DNS. */
  connect(host: string, port: number): number
  socket(fd: number): SocketState | undefined
  /** Addresses of a name; empty when there is no such host. */
  lookUp(name: string): readonly string[]
  readonly hostname: string
  readonly addresses: readonly string[]
}

/** Why a call failed. */
export interface Failure {
  readonly errno: Errno
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Child's descriptor → parent's; what is not named is as in the parent for 0, 1 and 2, and closed otherwise. */
  readonly fds?: Readonly<Record<number, number>>
  /** Start this program of the registry with this memory, as a fork does, instead of looking up argv[0]. */
  readonly fork?: { readonly program: string; readonly memory: Data }
}

/** What a step comes to: an end, a wait, or 'again' when its fuel is out. */
export type Step = { readonly exit: number } | Wait | 'again'

/** A program is a function of its memory: whatever it must keep is in `process.memory`. */
export interface Program {
  readonly name: string
  /** Runs until it ends or must wait; called again when what it waits for is there, or a caught signal is. */
  step(system: System): Step
  /** Working memory in bytes and milli-CPU that it uses now. */
  usage?(process: ProcessState): { readonly memoryBytes: number; readonly milliCPU: number }
}

/* ---- what the kernel asks of the node ---- */

export interface KernelHost {
  now(): number
  wall(): number
  below(bound: number): number
  /** The tree of the image: frozen, shared by all its containers. */
  imageRoot(): DirectoryNode
  /** The tree of a mounted volume. Kernels write into it; undefined when it is not there any more. */
  volume(name: string): DirectoryNode | FileNode | undefined
  /** The container should be run again at this virtual time. */
  wakeAt(time: number): void
  /** Something was written to a stream of the container ('') or of an exec session. */
  output(stream: string, channel: 'stdout' | 'stderr', text: string): void
  /** A first process ended: the container's ('') or an exec session's. */
  ended(stream: string, status: ExitStatus): void
  addresses(): readonly string[]
  lookUp(name: string): readonly string[]
  /** Asks for a connection; what becomes of it is told by Kernel.connected, received, disconnected. */
  connect(socket: number, host: string, port: number): string
  send(connection: string, text: string): void
  /** No more will be sent. */
  shut(connection: string): void
}
