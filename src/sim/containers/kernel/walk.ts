import { deviceTree, procTree, processTree } from './proc.ts'
import type { KernelHost } from './host.ts'
import type { DirectoryNode, Errno, Failure, KernelState, Mount, ProcessState, TreeNode } from './types.ts'

/** A place in the file tree: what is written there lies over what the image has. */
export interface Spot {
  readonly path: string
  readonly name: string
  readonly upper?: TreeNode
  readonly lower?: TreeNode
  readonly readOnly: boolean
  /** It is where a volume is mounted. */
  readonly mounted?: Mount
  /** Made up on the way, as all of /proc is. */
  readonly made?: true
}

/** Where a path leads: the places on the way, and the last name, which may not be there yet. */
export interface Way {
  readonly parents: readonly Spot[]
  readonly spot?: Spot
  /** Its last name. */
  readonly name: string
  /** A descriptor that somebody has open: /dev/stdout and its like. */
  readonly open?: { readonly pid: number; readonly fd: string }
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'errno')

export const fail = (errno: Errno): Failure => ({ errno })

export const nodeOf = (spot: Spot): TreeNode => (spot.upper ?? spot.lower)!

const linksAtMost = 40

/** Goes along a path. A missing last name is no failure: the way then has no spot. */
export function walk(
  state: KernelState,
  host: KernelHost,
  process: ProcessState,
  path: string,
  follow: boolean,
): Way | Failure {
  if (path === '') return fail('ENOENT')
  if (path.length > 4096) return fail('ENAMETOOLONG')
  const todo = names(path.startsWith('/') ? path : `${process.cwd}/${path}`).reverse()
  const spots: Spot[] = [rootOf(state, host)]
  const followLast = follow || path.endsWith('/')
  let links = 0
  while (todo.length > 0) {
    const name = todo.pop()!
    const here = spots.at(-1)!
    const node = nodeOf(here)
    if (node.type !== 'directory') return fail('ENOTDIR')
    if (name === '..') {
      if (spots.length > 1) spots.pop()
      continue
    }
    if (!mayUse(process, node, 1)) return fail('EACCES')
    if (name.length > 255) return fail('ENAMETOOLONG')
    const last = todo.length === 0
    const spot = step(state, host, process, here, name)
    if (!spot) return last ? { parents: spots, name } : fail('ENOENT')
    const found = nodeOf(spot)
    if (found.type !== 'link' || (last && !followLast)) {
      if (last) return { parents: spots, spot, name }
      spots.push(spot)
      continue
    }
    const magic = spot.made && /^\/proc\/(\d+)\/fd\/(\d+)$/.exec(spot.path)
    if (magic && last) return { parents: spots, spot, name, open: { pid: Number(magic[1]), fd: magic[2]! } }
    if (++links > linksAtMost) return fail('ELOOP')
    if (found.target.startsWith('/')) spots.length = 1
    todo.push(...names(found.target).reverse())
  }
  const spot = spots.pop()!
  return { parents: spots, spot, name: spot.name }
}

function names(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

function rootOf(state: KernelState, host: KernelHost): Spot {
  return { path: '', name: '', upper: state.upper, lower: host.imageRoot(), readOnly: state.readOnlyRoot }
}

function step(state: KernelState, host: KernelHost, process: ProcessState, here: Spot, name: string): Spot | undefined {
  const path = `${here.path}/${name}`
  const mounted = mountAt(state, path)
  if (mounted) {
    const node = within(host.volume(mounted.volume), mounted.subPath)
    if (node) return { path, name, upper: node, readOnly: mounted.readOnly, mounted }
  }
  const upper = entry(here.upper, name)
  const hidden =
    here.upper?.type === 'directory' && here.upper.hidden !== undefined && Object.hasOwn(here.upper.hidden, name)
  const special = here.path === '' || here.made ? madeUp(state, host, process, path, here, name) : undefined
  let lower = special ?? (hidden ? undefined : entry(here.lower, name))
  if (upper && (upper.type !== 'directory' || lower?.type !== 'directory')) lower = undefined
  if (!upper && !lower && state.mounts.some((mount) => mount.path.startsWith(`${path}/`)))
    lower = { type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0, entries: {} }
  if (!upper && !lower) return undefined
  return {
    path,
    name,
    ...(upper && { upper }),
    ...(lower && { lower }),
    readOnly: path === '/dev' ? false : path === '/proc' || path === '/sys' ? true : here.readOnly,
    ...((special !== undefined || here.made) && path !== '/dev' ? { made: true as const } : {}),
  }
}

/** What the runtime puts into every container. */
function madeUp(
  state: KernelState,
  host: KernelHost,
  process: ProcessState,
  path: string,
  here: Spot,
  name: string,
): TreeNode | undefined {
  if (path === '/dev') return deviceTree
  if (path === '/proc') return procTree(state, host, process)
  if (here.path === '/proc' && /^\d+$/.test(name)) return processTree(state, host, Number(name))
  return undefined
}

function entry(node: TreeNode | undefined, name: string): TreeNode | undefined {
  if (node?.type !== 'directory' || !Object.hasOwn(node.entries, name)) return undefined
  return node.entries[name]
}

function mountAt(state: KernelState, path: string): Mount | undefined {
  // What was mounted last hides what was mounted before.
  for (let at = state.mounts.length - 1; at >= 0; at--) if (state.mounts[at]!.path === path) return state.mounts[at]
  return undefined
}

function within(node: TreeNode | undefined, subPath: string | undefined): TreeNode | undefined {
  if (!subPath) return node
  let at = node
  for (const [index, name] of names(subPath).entries()) {
    at = entry(at, name)
    // Links of a volume (as ConfigMaps have) are followed inside the volume alone.
    for (let links = 0; at?.type === 'link' && links < linksAtMost; links++)
      at = within(node, [...names(subPath).slice(0, index), at.target].join('/'))
  }
  return at
}

/** Names in a directory: what was written, what the image has, what is mounted. */
export function namesIn(state: KernelState, spot: Spot): string[] {
  const found = new Set<string>()
  const { upper, lower } = spot
  if (upper?.type === 'directory') for (const name of Object.keys(upper.entries)) found.add(name)
  if (lower?.type === 'directory') {
    const hidden = upper?.type === 'directory' ? upper.hidden : undefined
    for (const name of Object.keys(lower.entries)) if (!hidden || !Object.hasOwn(hidden, name)) found.add(name)
  }
  const prefix = `${spot.path}/`
  for (const mount of state.mounts)
    if (mount.path.startsWith(prefix)) found.add(mount.path.slice(prefix.length).split('/', 1)[0]!)
  if (spot.path === '') for (const name of ['dev', 'proc']) found.add(name)
  return [...found].sort()
}

/** May a process do this (4 read, 2 write, 1 execute or search) with what is there? */
export function mayUse(
  process: Pick<ProcessState, 'uid' | 'gid' | 'groups'>,
  node: TreeNode,
  want: 1 | 2 | 4,
): boolean {
  if (process.uid === 0) return want !== 1 || node.type === 'directory' || (node.mode & 0o111) !== 0
  const mine =
    process.uid === node.uid
      ? node.mode >> 6
      : process.gid === node.gid || process.groups?.includes(node.gid)
        ? node.mode >> 3
        : node.mode
  return (mine & want) === want
}

/** The upper directory of the last of these places, made where only the image had it. */
export function upperDirectory(parents: readonly Spot[]): DirectoryNode {
  const last = parents.at(-1)!
  if (last.upper) return last.upper as DirectoryNode
  const above = upperDirectory(parents.slice(0, -1))
  const made = entry(above, last.name)
  if (made) return made as DirectoryNode
  const { mode, uid, gid, mtime } = last.lower!
  const copy: DirectoryNode = { type: 'directory', mode, uid, gid, mtime, entries: {} }
  above.entries[last.name] = copy
  return copy
}
