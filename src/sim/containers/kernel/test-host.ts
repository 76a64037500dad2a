import { type BootSpec, Kernel } from './kernel.ts'
import type { KernelHost } from './host.ts'
import type { DirectoryNode, ExitStatus, FileNode, Program } from './types.ts'

const directory = (): DirectoryNode => ({ type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0, entries: {} })

/** A tree of files by their paths: text, or the name of a program in `{ program }`; a slash at the end makes a directory. */
export function treeOf(files: Readonly<Record<string, string | { readonly program: string }>>): DirectoryNode {
  const root = directory()
  for (const [path, what] of Object.entries(files)) {
    const names = path.split('/').filter(Boolean)
    const name = path.endsWith('/') ? '' : names.pop()!
    let at = root
    for (const one of names) at = (at.entries[one] ??= directory()) as DirectoryNode
    if (name === '') continue
    const base = { type: 'file', uid: 0, gid: 0, mtime: 0 } as const
    const file: FileNode =
      typeof what === 'string'
        ? { ...base, mode: 0o644, data: what }
        : { ...base, mode: 0o755, data: '\x7fELF', ...what }
    at.entries[name] = file
  }
  return root
}

/** For tests: a node that writes down what a kernel asks of it. Files without a program are plain. */
export function testHost(
  files: Readonly<Record<string, string | undefined>>,
  list: readonly Program[],
  image: DirectoryNode = treeOf(
    Object.fromEntries(Object.entries(files).map(([path, program]) => [path, program ? { program } : ''])),
  ),
) {
  const programs = new Map(list.map((one) => [one.name, one]))
  const node = {
    time: 0,
    output: [] as string[],
    ended: [] as [string, ExitStatus][],
    wakes: [] as number[],
    sent: [] as string[],
    volumes: {} as Record<string, DirectoryNode | FileNode>,
    random: 1,
    programs,
    boot(argv: readonly string[], spec: Partial<BootSpec> = {}) {
      const state = Kernel.boot({ argv, env: {}, hostname: 'box', mounts: [], ...spec }, host, programs)
      if ('failure' in state) throw new Error(state.failure)
      return new Kernel(state, host, programs)
    },
    /** Runs until the container has ended or nothing will happen any more. */
    finish(kernel: Kernel, untilMs = 3_600_000) {
      for (let run = 0; run < 1_000_000; run++) {
        const before = node.wakes.length
        kernel.run()
        if (kernel.state.processes[1]?.ended || node.wakes.length === before) return
        const next = node.wakes.at(-1)!
        if (next > untilMs) return
        node.time = Math.max(node.time, next)
      }
    },
    host: undefined as unknown as KernelHost,
  }
  const host: KernelHost = {
    now: () => node.time,
    wall: () => 1_700_000_000_000 + node.time,
    below: (bound) => {
      node.random = (node.random * 48271) % 2147483647
      return node.random % bound
    },
    imageRoot: () => image,
    volume: (name) => node.volumes[name],
    wakeAt: (time) => node.wakes.push(time),
    output: (stream, channel, text) =>
      node.output.push(`${stream && `${stream}:`}${stream && channel === 'stderr' ? '!' : ''}${text}`),
    ended: (stream, status) => node.ended.push([stream, status]),
    addresses: () => ['10.1.0.5'],
    lookUp: (name) => (name === 'web' ? ['10.0.0.9'] : []),
    connect: (socket) => `out-${socket}`,
    send: (connection, text) => node.sent.push(`${connection}: ${text}`),
    shut: (connection) => node.sent.push(`${connection} shut`),
  }
  node.host = host
  return node
}
