import type { DirectoryNode, FileNode, TreeNode } from '../containers/kernel/types.ts'
import type { KubeletEnvironment } from './environment.ts'

/** What a host path holds: the machine's disk, on which missing directories are made. */
export function hostPathTree(
  { state, clock }: KubeletEnvironment,
  { path, type }: { readonly path: string; readonly type?: string },
): DirectoryNode | FileNode {
  const mtime = clock.wall()
  const make = (): DirectoryNode => ({ type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime, entries: {} })
  let at: DirectoryNode = (state.disk ??= make())
  const names = path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..')
  const last = type === 'File' || type === 'FileOrCreate' ? names.pop() : undefined
  for (const name of names) {
    const next: TreeNode | undefined = Object.hasOwn(at.entries, name) ? at.entries[name] : undefined
    if (next?.type === 'file') return next
    at = next?.type === 'directory' ? next : ((at.entries[name] = make()) as DirectoryNode)
  }
  if (last === undefined) return at
  const found = Object.hasOwn(at.entries, last) ? at.entries[last] : undefined
  if (found?.type === 'file' || found?.type === 'directory') return found
  const file: FileNode = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime, data: '' }
  at.entries[last] = file
  return file
}
