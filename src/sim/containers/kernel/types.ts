import type { StreamState } from './stream.ts'

/**
 * A container's operating system, small: processes, descriptors, pipes, a file tree, sockets. All of it is plain data,
 * so that a cluster may be saved in the middle of a `while sleep`. Text is bytes: one character (0–255) each.
 */

/** Plain JSON. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data | undefined }

export type Errno =
  | 'EACCES'
  | 'EAGAIN'
  | 'EADDRINUSE'
  | 'EBADF'
  | 'EBUSY'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EEXIST'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'ENAMETOOLONG'
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
  | 'HUP'
  | 'INT'
  | 'QUIT'
  | 'ABRT'
  | 'KILL'
  | 'USR1'
  | 'SEGV'
  | 'USR2'
  | 'PIPE'
  | 'ALRM'
  | 'TERM'
  | 'CHLD'
  | 'CONT'
  | 'STOP'
  | 'WINCH'

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
  /** Logical size, when it is more than that of the data: what is beyond reads as zeros, and takes no room. */
  size?: number
  /** The file is a program of this name: an image's binary. */
  program?: string
}
export interface DirectoryNode extends NodeBase {
  type: 'directory'
  entries: Record<string, TreeNode>
  /** In an upper tree: names whose entries in the tree below are not seen any more. */
  hidden?: Record<string, true>
}
export interface LinkNode extends NodeBase {
  type: 'link'
  target: string
}
export interface DeviceNode extends NodeBase {
  type: 'device'
  device: 'null' | 'zero' | 'full' | 'random' | 'tty'
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
  /** As `mount` shows it; a disk's unless it says 'tmpfs'. */
  readonly type?: string
}

/* ---- processes ---- */

/** What a descriptor is of. */
export type Descriptor =
  /** An entry of KernelState.files: its offset is shared by all who inherited it. */
  | { readonly kind: 'file'; readonly file: number }
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write' }
  /** A container's own output and an exec session's streams. */
  | { readonly kind: 'stream'; readonly stream: string; readonly channel: 'stdin' | 'stdout' | 'stderr' }
  | { readonly kind: 'listener'; readonly port: number }
  | { readonly kind: 'socket'; readonly socket: number }
  | { readonly kind: 'device'; readonly device: DeviceNode['device'] }

/** An open file. What has been removed, or never had a name (a here-document), is held here. */
export interface OpenFile {
  path: string
  offset: number
  readonly flags: OpenFlags
  /** How many descriptors are of it. */
  references: number
  unnamed?: FileNode
}

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
  | { readonly for: 'child'; readonly pid?: number; readonly until?: number }
  /** A connection that was asked for: made, refused or timed out. */
  | { readonly for: 'connected'; readonly fd: number; readonly until?: number }
  | { readonly for: 'signal' }
  /** Whichever comes first. */
  | { readonly for: 'any'; readonly of: readonly Wait[] }

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
  /** Supplementary groups. */
  readonly groups?: readonly number[]
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
  /** By STOP, until CONT. */
  stopped?: true
  readonly startedMs: number
  /** The exec session that it is the first process of. */
  readonly session?: string
  /** The stream whose terminal's keys (^C) reach it. */
  readonly terminal?: string
}

export interface ExitStatus {
  readonly code: number
  readonly signal?: Signal
}

export interface KernelState {
  nextPid: number
  nextPipe: number
  nextSocket: number
  nextFile: number
  /** By pid. */
  processes: Record<string, ProcessState>
  pipes: Record<string, { data: string; readers: number; writers: number }>
  files: Record<string, OpenFile>
  /** What the container has written over its image: a tree with the same paths. */
  upper: DirectoryNode
  /** Bytes that it has written, here and in volumes, less what it has removed. */
  written: number
  /** Bytes that were ever written as zeros at the end of a file, which take no room here. */
  zeros?: number
  mounts: readonly Mount[]
  readonly readOnlyRoot: boolean
  listeners: Record<string, { pid: number; references: number; backlog: number[] }>
  /** Sockets of this container; the bytes that came and were not read are here, the rest is the network's. */
  sockets: Record<string, SocketState>
  streams: Record<string, StreamState>
  readonly hostname: string
  cpu: {
    /** Units of work that may be done at once: it fills up with time. */
    credit: number
    /** When it was last filled. */
    at: number
    /** All that was ever done: 1,000 units are 10 ms of one CPU. */
    total: number
    /** What was done since everything waited the last time. */
    busy?: number
    /** What had been done when this window of 15 s began, and how much was in the one before. */
    window?: { index: number; from: number; last: number }
  }
  /** Who ran last, when all credit was spent in the middle of a round. */
  turn?: number
}

export interface SocketState {
  /** The network's name of the connection. */
  connection: string
  status: 'connecting' | 'open' | 'closed' | Errno
  received: string
  /** The other side sends no more. */
  ended: boolean
  /** How many descriptors are of it. */
  references: number
  readonly peer: { readonly address: string; readonly port: number }
  /** Where the other side called. */
  readonly port?: number
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
  duplicate(from: number, to: number): Failure | undefined
  /** A descriptor from which this text is read: a here-document. */
  document(text: string): number
  isTerminal(fd: number): boolean
  terminal(fd: number): { readonly columns: number; readonly rows: number } | undefined
  /** Keys come as they are typed: no echo, no lines. */
  setRaw(fd: number, raw: boolean): void
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
  changeDirectory(path: string): Failure | undefined
  /** May this process read, write or execute it? */
  allowed(path: string, how: 'read' | 'write' | 'execute'): boolean
  setMask(umask: number): void
  mounts(): readonly Mount[]

  /** Starts a child. `argv[0]` is looked up in PATH unless it holds a slash; a script's first line is honoured. */
  spawn(argv: readonly string[], options?: SpawnOptions): number | Failure
  /** Becomes another program: the step returns 'again' at once after it. */
  exec(argv: readonly string[], env?: Readonly<Record<string, string>>): Failure | undefined
  /** A child that has ended is taken away and told; undefined while none has. */
  reap(pid?: number): { readonly pid: number; readonly status: ExitStatus } | undefined
  children(): readonly number[]
  kill(pid: number, signal: Signal): Failure | undefined
  /** The next caught signal that has not been dealt with. */
  nextSignal(): Signal | undefined
  handle(signal: Signal, how: 'default' | 'ignore' | 'catch'): void
  processes(): readonly ProcessState[]

  /**
   * A listening descriptor. Port 0 stands for every port that the container declares and nobody else listens on, or
   * every port when it declares none: what an image that nobody knows serves.
   */
  listen(port: number): number | Failure
  /** Sends no more on a socket; what comes is still read. */
  shut(fd: number): void
  /** A socket's descriptor of who called, or undefined while nobody does (wait for readable). */
  accept(fd: number): number | undefined
  /** A socket that is connecting (wait for connected); names are resolved by the cluster's DNS. */
  connect(host: string, port: number): number
  socket(fd: number): SocketState | undefined
  /** What listens and what is connected in the pod's network. */
  sockets(): readonly SocketEntry[]
  /** Addresses of a name; empty when there is no such host. */
  lookUp(name: string): readonly string[]
  /** How long an echo (ping) takes to come back, in milliseconds; undefined when nothing answers at the address. */
  reaches(address: string): number | undefined
  /** The pod's annotation kubecosm.dev/NAME: how a program that only serves is meant to behave. */
  annotation(name: string): string | undefined
  /** Is the container expected to end by itself? An init container is, and one of a Job. */
  readonly isToEnd: boolean
  readonly hostname: string
  readonly addresses: readonly string[]
}

/** A listener, or a socket, as it is shown. */
export interface SocketEntry {
  readonly port: number
  readonly status: 'listening' | SocketState['status']
  readonly peer?: SocketState['peer']
  /** The other side sends no more. */
  readonly ended: boolean
  /** Bytes that wait to be read, or callers that wait for an answer. */
  readonly queued: number
  /** Which of the container's own processes have it open. */
  readonly holders: readonly { readonly pid: number; readonly fd: number; readonly name: string }[]
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

/** What a word that is being typed may become. */
export interface Completion {
  readonly word: string
  /** Whole words; that of a directory ends with a slash. */
  readonly words: readonly string[]
  /** What is shown again before the line, when they had to be listed. */
  readonly prompt: string
}

/** What a step comes to: an end, a wait, or 'again' when its fuel is out. */
export type Step = { readonly exit: number } | Wait | 'again'

/** A program is a function of its memory: whatever it must keep is in `process.memory`. */
export interface Program {
  readonly name: string
  /** Runs until it ends or must wait; called again when what it waits for is there, or a caught signal is. */
  step(system: System): Step
  /** What the end of a line that is being typed may become; undefined where it reads nothing but text. */
  complete?(system: System, line: string): Completion | undefined
  /** What it uses now beside the CPU that its steps take. */
  usage?(process: ProcessState): Usage
}

export interface Usage {
  /** Working memory. */
  readonly memoryBytes: number
  /** More of it, which it does without when it may not have so much. */
  readonly spareBytes?: number
  readonly milliCPU: number
  /** Nobody knows what it needs: it uses at least this part of what is requested for it. */
  readonly shareOfRequest?: number
}
