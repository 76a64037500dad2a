import { randomUuid } from './proc.ts'
import type { KernelHost } from './host.ts'
import type {
  Descriptor,
  DirectoryNode,
  Failure,
  FileNode,
  FileStatus,
  KernelState,
  OpenFlags,
  ProcessState,
  TreeNode,
} from './types.ts'
import { fail, isFailure, mayUse, namesIn, nodeOf, type Spot, upperDirectory, walk, type Way } from './walk.ts'

/** Bytes that a container may write, over its image and into volumes. */
export const writableBytes = 64 * 1024 * 1024

/** How long a file is. */
export const sizeOf = (node: TreeNode): number =>
  node.type === 'file'
    ? Math.max(node.size ?? 0, node.data.length)
    : node.type === 'directory'
      ? 4096
      : node.type === 'link'
        ? node.target.length
        : 0

/** The bytes of all files in a tree. */
export function treeBytes(node: TreeNode): number {
  if (node.type !== 'directory') return node.type === 'file' ? sizeOf(node) : 0
  return Object.values(node.entries).reduce((sum, entry) => sum + treeBytes(entry), 0)
}

/** The file tree as one process sees it. Failures are values. */
export class Files {
  private readonly state: KernelState
  private readonly host: KernelHost
  private readonly process: ProcessState

  constructor(state: KernelState, host: KernelHost, process: ProcessState) {
    this.state = state
    this.host = host
    this.process = process
  }

  find(path: string, follow = true): Way | Failure {
    return walk(this.state, this.host, this.process, path, follow)
  }

  status(path: string, follow = true): FileStatus | Failure {
    const way = this.find(path, follow)
    if (isFailure(way)) return way
    if (!way.spot) return fail('ENOENT')
    if (way.open) return { type: 'device', mode: 0o620, uid: 0, gid: 0, mtime: 0, size: 0 }
    const node = nodeOf(way.spot)
    const { type, mode, uid, gid, mtime } = node
    const program = node.type === 'file' ? node.program : undefined
    return { type, mode, uid, gid, mtime, size: sizeOf(node), ...(program !== undefined && { program }) }
  }

  list(path: string): readonly string[] | Failure {
    const way = this.find(path)
    if (isFailure(way)) return way
    if (!way.spot) return fail('ENOENT')
    const node = nodeOf(way.spot)
    if (node.type !== 'directory') return fail('ENOTDIR')
    return mayUse(this.process, node, 4) ? namesIn(this.state, way.spot) : fail('EACCES')
  }

  readLink(path: string): string | Failure {
    const way = this.find(path, false)
    if (isFailure(way)) return way
    if (!way.spot) return fail('ENOENT')
    const node = nodeOf(way.spot)
    return node.type === 'link' ? node.target : fail('EINVAL')
  }

  allowed(path: string, want: 1 | 2 | 4): boolean {
    const way = this.find(path)
    if (isFailure(way) || !way.spot) return false
    return (want !== 2 || !way.spot.readOnly) && mayUse(this.process, nodeOf(way.spot), want)
  }

  /** Where a path leads without links, `.` and `..`. */
  real(path: string): string | Failure {
    const way = this.find(path)
    if (isFailure(way)) return way
    return way.spot ? way.spot.path || '/' : `${way.parents.at(-1)!.path}/${way.name}`
  }

  /** A file that is opened; a device or somebody's open descriptor is told as it is. */
  open(path: string, flags: OpenFlags, mode: number): Descriptor | Failure {
    const way = this.find(path, !flags.exclusive)
    if (isFailure(way)) return way
    if (way.open) return this.state.processes[way.open.pid]?.fds[way.open.fd] ?? fail('ENOENT')
    if (!way.spot) return flags.create ? this.create(way, flags, mode) : fail('ENOENT')
    if (flags.exclusive) return fail('EEXIST')
    const { spot } = way
    const node = nodeOf(spot)
    if (node.type === 'directory' && (flags.write || flags.create)) return fail('EISDIR')
    if (flags.read && !mayUse(this.process, node, 4)) return fail('EACCES')
    if (flags.write && !mayUse(this.process, node, 2)) return fail('EACCES')
    if (node.type === 'device') return { kind: 'device', device: node.device }
    if (flags.write && spot.readOnly) return fail(spot.made ? 'EACCES' : 'EROFS')
    if (flags.write) {
      const file = this.writable(way, spot) as FileNode
      if (flags.truncate) this.setData(file, '')
    }
    return this.opened(spot.path, flags, spot.made && node.type === 'file' ? node : undefined)
  }

  private opened(path: string, flags: OpenFlags, unnamed?: FileNode): Descriptor {
    const file = this.state.nextFile++
    const data = path === '/proc/sys/kernel/random/uuid' ? { data: randomUuid(this.host) } : {}
    this.state.files[file] = {
      path,
      offset: 0,
      flags,
      references: 0,
      ...(unnamed && { unnamed: { ...unnamed, ...data } }),
    }
    return { kind: 'file', file }
  }

  /** A file that has no name, to be read from its start. */
  document(text: string): Descriptor {
    return this.opened('', { read: true }, { ...this.fresh(0o600), type: 'file', data: text })
  }

  private create(way: Way, flags: OpenFlags, mode: number): Descriptor | Failure {
    const refused = this.refusesEntry(way)
    if (refused) return refused
    this.put(way, { ...this.fresh(mode & ~this.process.umask), type: 'file', data: '' })
    return this.opened(`${way.parents.at(-1)!.path}/${way.name}`, flags)
  }

  makeDirectory(path: string, mode: number): Failure | undefined {
    return this.add(path, () => ({ ...this.fresh(mode & ~this.process.umask), type: 'directory', entries: {} }))
  }

  link(target: string, path: string): Failure | undefined {
    return this.add(path, () => ({ ...this.fresh(0o777), type: 'link', target }))
  }

  private add(path: string, node: () => TreeNode): Failure | undefined {
    const way = this.find(path.replace(/(?<=.)\/+$/, ''), false)
    if (isFailure(way)) return way
    if (way.spot) return fail('EEXIST')
    const refused = this.refusesEntry(way)
    if (!refused) this.put(way, node())
    return refused
  }

  remove(path: string): Failure | undefined {
    const way = this.find(path, false)
    if (isFailure(way)) return way
    const { spot } = way
    if (!spot) return fail('ENOENT')
    const node = nodeOf(spot)
    const refused = this.refusesRemoval(way, node)
    if (refused) return refused
    if (node.type === 'directory' && namesIn(this.state, spot).length > 0) return fail('ENOTEMPTY')
    this.unname(spot.path, node)
    this.take(way)
    return undefined
  }

  rename(from: string, to: string): Failure | undefined {
    const source = this.find(from, false)
    if (isFailure(source)) return source
    const target = this.find(to, false)
    if (isFailure(target)) return target
    if (!source.spot) return fail('ENOENT')
    const node = nodeOf(source.spot)
    const path = `${target.parents.at(-1)?.path ?? ''}/${target.name}`
    if (path === source.spot.path) return undefined
    if (`${path}/`.startsWith(`${source.spot.path}/`)) return fail('EINVAL')
    const refused = this.refusesRemoval(source, node)
    if (refused) return refused
    if (target.spot) {
      const old = nodeOf(target.spot)
      const kept = this.refusesRemoval(target, old)
      if (kept) return kept
      if (old.type === 'directory' && node.type !== 'directory') return fail('EISDIR')
      if (old.type !== 'directory' && node.type === 'directory') return fail('ENOTDIR')
      if (old.type === 'directory' && namesIn(this.state, target.spot).length > 0) return fail('ENOTEMPTY')
    } else {
      const full = this.refusesEntry(target)
      if (full) return full
    }
    if (volumeOf(source.parents) !== volumeOf(target.parents)) return fail('EXDEV')
    // As overlayfs has it: a directory of the image is copied by who moves it.
    if (node.type === 'directory' && source.spot.lower) return fail('EXDEV')
    if (target.spot) {
      this.unname(path, nodeOf(target.spot))
      this.take(target)
    }
    this.take(source)
    this.put(target, source.spot.upper ? node : { ...node })
    this.state.written += source.spot.upper ? treeBytes(node) : 0
    const prefix = `${source.spot.path}/`
    for (const file of Object.values(this.state.files)) {
      if (file.path === source.spot.path) file.path = path
      else if (file.path.startsWith(prefix)) file.path = `${path}/${file.path.slice(prefix.length)}`
    }
    return undefined
  }

  change(path: string, changes: { mode?: number; uid?: number; gid?: number; mtime?: number }): Failure | undefined {
    const way = this.find(path)
    if (isFailure(way)) return way
    if (!way.spot) return fail('ENOENT')
    const node = nodeOf(way.spot)
    if (node.type === 'device') return undefined
    if (way.spot.readOnly) return fail('EROFS')
    const { uid } = this.process
    const onlyTime = changes.mode === undefined && changes.uid === undefined && changes.gid === undefined
    if (uid !== 0 && uid !== node.uid && !(onlyTime && mayUse(this.process, node, 2))) return fail('EPERM')
    if (uid !== 0 && changes.uid !== undefined && changes.uid !== node.uid) return fail('EPERM')
    Object.assign(this.writable(way, way.spot), changes)
    return undefined
  }

  /** Writes at an offset and tells where the end of what was written is. */
  writeAt(file: FileNode, offset: number, text: string): number | Failure {
    const size = sizeOf(file)
    const end = offset + text.length
    // Zeros at the end take no room, so that a disk can be filled by dd.
    if (offset >= size && text.length >= 512 && /^\0+$/.test(text)) {
      file.size = end
      this.state.zeros = (this.state.zeros ?? 0) + end - size
    } else {
      if (end > file.data.length) {
        if (this.state.written + end - file.data.length > writableBytes) return fail('ENOSPC')
        this.state.written += end - file.data.length
      }
      const before = offset > file.data.length ? file.data.padEnd(offset, '\0') : file.data
      file.data = (offset === before.length ? before : before.slice(0, offset)) + text + before.slice(end)
      if (file.size !== undefined && file.size <= file.data.length) delete file.size
    }
    file.mtime = this.host.wall()
    delete file.program
    return end
  }

  setData(file: FileNode, data: string): void {
    this.state.written += data.length - file.data.length
    file.data = data
    file.mtime = this.host.wall()
    delete file.size
    delete file.program
  }

  /** The node behind an open file; for writing, the container's own copy of it. */
  nodeAt(path: string): TreeNode | undefined {
    const way = walk(this.state, this.host, { ...this.process, uid: 0 }, path, false)
    return isFailure(way) || !way.spot ? undefined : nodeOf(way.spot)
  }

  private fresh(mode: number) {
    return { mode, uid: this.process.uid, gid: this.process.gid, mtime: this.host.wall() }
  }

  private refusesEntry(way: Way): Failure | undefined {
    const parent = way.parents.at(-1)!
    if (way.name === '__proto__') return fail('EINVAL')
    if (parent.made && parent.path.startsWith('/proc')) return fail('ENOENT')
    if (parent.readOnly) return fail('EROFS')
    if (this.state.written > writableBytes) return fail('ENOSPC')
    return mayUse(this.process, nodeOf(parent), 2) ? undefined : fail('EACCES')
  }

  private refusesRemoval(way: Way, node: TreeNode): Failure | undefined {
    const parent = way.parents.at(-1)
    if (!parent || way.spot?.mounted) return fail('EBUSY')
    if (this.state.mounts.some((mount) => mount.path.startsWith(`${way.spot!.path}/`))) return fail('EBUSY')
    if (way.spot?.made) return fail('EPERM')
    if (parent.readOnly) return fail('EROFS')
    const directory = nodeOf(parent)
    if (!mayUse(this.process, directory, 2)) return fail('EACCES')
    const { uid } = this.process
    const sticky = (directory.mode & 0o1000) !== 0 && uid !== 0 && uid !== node.uid && uid !== directory.uid
    return sticky ? fail('EPERM') : undefined
  }

  private put(way: Way, node: TreeNode): void {
    const directory = upperDirectory(way.parents)
    directory.entries[way.name] = node
    directory.mtime = this.host.wall()
    // Whatever the image has of this name stays hidden, so that a new directory is an empty one.
    if (node.type === 'directory' && hasBelow(way)) hide(directory, way.name)
  }

  private take(way: Way): void {
    const { spot, parents, name } = way
    const directory = upperDirectory(parents)
    if (spot!.upper) this.state.written -= treeBytes(spot!.upper)
    delete directory.entries[name]
    if (hasBelow(way)) hide(directory, name)
    directory.mtime = this.host.wall()
  }

  /** Those who have it open go on with it. */
  private unname(path: string, node: TreeNode): void {
    if (node.type !== 'file') return
    for (const file of Object.values(this.state.files))
      if (file.path === path && !file.unnamed) file.unnamed = { ...node }
  }

  private writable(way: Way, spot: Spot): TreeNode {
    if (spot.upper) return spot.upper
    if (spot.path === '') return this.state.upper
    if (nodeOf(spot).type === 'directory') return upperDirectory([...way.parents, spot])
    const directory = upperDirectory(way.parents)
    const copy = { ...spot.lower! }
    directory.entries[way.name] = copy
    return copy
  }
}

const hasBelow = (way: Way): boolean => {
  const lower = way.parents.at(-1)!.lower
  return lower?.type === 'directory' && Object.hasOwn(lower.entries, way.name)
}

function hide(directory: DirectoryNode, name: string): void {
  directory.hidden ??= {}
  directory.hidden[name] = true
}

const volumeOf = (parents: readonly Spot[]) => parents.findLast(({ mounted }) => mounted)?.mounted?.path ?? ''
