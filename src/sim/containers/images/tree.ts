import type { DirectoryNode, FileNode, LinkNode, TreeNode } from '../kernel/types.ts'

const base = { uid: 0, gid: 0, mtime: 0 } as const

/** What stands at a path of an image's tree: a text, or one of these. */
export type Entry =
  | string
  | { readonly program: string }
  | { readonly script: string }
  | { readonly link: string }
  | { readonly directory: number; readonly owner?: number }

/** By absolute path. */
export type Entries = Readonly<Record<string, Entry>>

const emptyDirectory = (): DirectoryNode => ({ ...base, type: 'directory', mode: 0o755, entries: {} })

// Nodes that are the same stand once, however many trees have them.
const programs = new Map<string, FileNode>()

function programFile(program: string): FileNode {
  let node = programs.get(program)
  if (!node)
    programs.set(program, (node = Object.freeze({ ...base, type: 'file', mode: 0o755, data: '\x7fELF', program })))
  return node
}

function nodeOf(entry: Entry): TreeNode {
  if (typeof entry === 'string') return { ...base, type: 'file', mode: 0o644, data: entry }
  if ('program' in entry) return programFile(entry.program)
  if ('script' in entry) return { ...base, type: 'file', mode: 0o755, data: entry.script }
  if ('link' in entry) return { ...base, type: 'link', mode: 0o777, target: entry.link } satisfies LinkNode
  const owner = entry.owner ?? 0
  return { ...emptyDirectory(), mode: entry.directory, uid: owner, gid: owner }
}

/** A tree with some more entries: what is not touched is shared with the one it is made from. All of it is frozen. */
export function treeWith(below: DirectoryNode | undefined, entries: Entries): DirectoryNode {
  const made = new Set<DirectoryNode>()
  const own = (node: DirectoryNode | undefined): DirectoryNode => {
    if (node && made.has(node)) return node
    const copy = node ? { ...node, entries: { ...node.entries } } : emptyDirectory()
    made.add(copy)
    return copy
  }
  const root = own(below)
  for (const [path, entry] of Object.entries(entries)) {
    const names = path.split('/').filter(Boolean)
    const last = names.pop()!
    let at = root
    for (const name of names) {
      const next = at.entries[name]
      at = at.entries[name] = own(next?.type === 'directory' ? next : undefined)
    }
    const node = nodeOf(entry)
    const there = at.entries[last]
    if (node.type !== 'directory') at.entries[last] = node
    else if (there?.type === 'directory') {
      const { mode, uid, gid } = node
      at.entries[last] = Object.assign(own(there), { mode, uid, gid })
    } else {
      made.add(node)
      at.entries[last] = node
    }
  }
  for (const one of made) {
    for (const node of Object.values(one.entries)) Object.freeze(node)
    Object.freeze(one.entries)
    Object.freeze(one)
  }
  return root
}
