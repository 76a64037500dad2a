import type { FileStatus } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { formatDate } from './date-format.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

/** `-rwxr-xr-x`. */
export function modeText({ type, mode }: Pick<FileStatus, 'type' | 'mode'>): string {
  const letters = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'))
  if (mode & 0o4000) letters[2] = letters[2] === 'x' ? 's' : 'S'
  if (mode & 0o2000) letters[5] = letters[5] === 'x' ? 's' : 'S'
  if (mode & 0o1000) letters[8] = letters[8] === 'x' ? 't' : 'T'
  return { file: '-', directory: 'd', link: 'l', device: 'c' }[type] + letters.join('')
}

/** `1.5K`. */
export function humanSize(bytes: number): string {
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < 5; unit++) size /= 1024
  return unit === 0 ? String(bytes) : `${size.toFixed(1)}${' KMGTP'[unit]}`
}

/** Names of users and groups, as the container's files have them. */
export function namesOf(call: Call, file: '/etc/passwd' | '/etc/group'): Map<number, string> {
  const names = new Map<number, string>()
  const fd = call.system.open(file, { read: true })
  if (isFailure(fd)) return names
  const text = call.system.read(fd)
  call.system.close(fd)
  if (typeof text === 'string')
    for (const line of text.split('\n')) {
      const [name, , id] = line.split(':')
      if (name && id && !names.has(Number(id))) names.set(Number(id), name)
    }
  return names
}

interface Entry {
  readonly name: string
  readonly path: string
  readonly status: FileStatus
}

const ls: Body = (call) => {
  const given = options(call, '1AaCxdLHRFplinshrSXvctuwT:k', {
    'full-time': 'l',
    'group-directories-first': 'g',
    color: 'z',
    all: 'a',
    recursive: 'R',
    'human-readable': 'h',
  })
  if (!given) return 1
  const { system } = call
  const has = (letter: string) => given.has(letter)
  const long = has('l') || has('n')
  const users = long && !has('n') ? namesOf(call, '/etc/passwd') : new Map<number, string>()
  const groups = long && !has('n') ? namesOf(call, '/etc/group') : users
  let code = 0
  const statusOf = (path: string, name: string, follow: boolean): Entry | undefined => {
    const status = system.status(path, { follow })
    if (!isFailure(status)) return { name, path, status }
    call.complain(path, status)
    code = 1
    return undefined
  }
  const sorted = (list: Entry[]) => {
    list.sort((a, b) => {
      const order = has('S')
        ? b.status.size - a.status.size
        : has('t')
          ? b.status.mtime - a.status.mtime
          : has('X')
            ? extension(a.name).localeCompare(extension(b.name))
            : 0
      return order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    })
    return has('r') ? list.reverse() : list
  }
  const blocks = ({ status }: Entry) =>
    status.type === 'file' ? Math.ceil(status.size / 4096) * 4 : status.type === 'directory' ? 4 : 0
  const show = (list: Entry[], isDirectory: boolean) => {
    if (isDirectory && (long || has('s'))) call.out(`total ${list.reduce((sum, entry) => sum + blocks(entry), 0)}\n`)
    const shown = list.map((entry) => {
      const { status } = entry
      const mark = has('F')
        ? status.type === 'directory'
          ? '/'
          : status.type === 'link'
            ? '@'
            : status.type === 'file' && status.mode & 0o111
              ? '*'
              : ''
        : has('p') && status.type === 'directory'
          ? '/'
          : ''
      const front =
        (has('i') ? `${inode(entry.path)} ` : '') + (has('s') ? `${String(blocks(entry)).padStart(4)} ` : '')
      if (!long) return front + entry.name + mark
      const target = status.type === 'link' ? system.readLink(entry.path) : undefined
      const size = status.type === 'device' ? '1,   3' : has('h') ? humanSize(status.size) : String(status.size)
      const user = (users.get(status.uid) ?? String(status.uid)).slice(0, 8)
      const group = (groups.get(status.gid) ?? String(status.gid)).slice(0, 8)
      const time =
        given.order.includes('l') && call.args.includes('--full-time')
          ? formatDate('%Y-%m-%d %H:%M:%S +0000', status.mtime)
          : date(status.mtime, system.wall())
      return `${front}${modeText(status)} ${String(status.type === 'directory' ? 2 : 1).padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${size.padStart(9)} ${time} ${entry.name}${mark}${typeof target === 'string' ? ` -> ${target}` : ''}`
    })
    if (long || has('1') || !system.isTerminal(1)) for (const line of shown) call.out(`${line}\n`)
    else call.out(inColumns(shown, system.terminal(1)?.columns ?? 80))
  }
  const operands = given.rest.length > 0 ? given.rest : ['.']
  const found = operands.flatMap(
    (path) => statusOf(path, path, has('L') || !(long || has('d') || has('F')) || path.endsWith('/')) ?? [],
  )
  const files = found.filter(({ status }) => has('d') || status.type !== 'directory')
  const directories = found.filter((entry) => !files.includes(entry))
  if (files.length > 0) show(sorted(files), false)
  let headers = operands.length > 1 || has('R')
  let first = files.length === 0
  const visit = (directory: string, depth: number) => {
    const names = system.list(directory)
    if (!first) call.out('\n')
    first = false
    if (headers) call.out(`${directory}:\n`)
    if (isFailure(names)) {
      call.complain(`can't open '${directory}'`, names)
      code = 1
      return
    }
    const visible = names.filter((name) => has('a') || has('A') || !name.startsWith('.'))
    if (has('a')) visible.push('.', '..')
    const join = (name: string) => (directory.endsWith('/') ? directory + name : `${directory}/${name}`)
    const entries = sorted(visible.flatMap((name) => statusOf(join(name), name, has('L')) ?? []))
    show(entries, true)
    if (has('R') && depth < 60)
      for (const { name, status, path } of entries)
        if (status.type === 'directory' && name !== '.' && name !== '..') visit(path, depth + 1)
  }
  headers ||= false
  for (const { path } of sorted(directories)) visit(path, 0)
  return code
}

const extension = (name: string) => name.slice(name.lastIndexOf('.') + 1)

function date(mtime: number, wall: number): string {
  const recent = mtime > wall - 15_768_000_000 && mtime <= wall + 60_000
  return formatDate(recent ? '%b %e %H:%M' : '%b %e  %Y', mtime)
}

/** A number that stays the same for a path. */
export function inode(path: string): number {
  let hash = 7
  for (let at = 0; at < path.length; at++) hash = (Math.imul(hash, 31) + path.charCodeAt(at)) & 0xffffff
  return hash + 1000
}

function inColumns(names: readonly string[], columns: number): string {
  const width = Math.max(0, ...names.map((name) => name.length)) + 2
  const across = Math.max(1, Math.floor(columns / width))
  const rows = Math.ceil(names.length / across)
  let text = ''
  for (let row = 0; row < rows; row++) {
    const line = names.filter((_, index) => index % rows === row)
    text += `${line.map((name, index) => (index < line.length - 1 ? name.padEnd(width) : name)).join('')}\n`
  }
  return text
}

const stat: Body = (call) => {
  const given = options(call, 'fLtc:', { format: 'c', dereference: 'L' })
  if (!given) return 1
  if (given.rest.length === 0) return call.usage('[-ltf] [-c FMT] FILE...')
  const users = namesOf(call, '/etc/passwd')
  const groups = namesOf(call, '/etc/group')
  let code = 0
  for (const path of given.rest) {
    const status = call.system.status(path, { follow: given.has('L') })
    if (isFailure(status)) {
      code = call.complain(`can't stat '${path}'`, status)
      continue
    }
    const kind = {
      file: status.size === 0 ? 'regular empty file' : 'regular file',
      directory: 'directory',
      link: 'symbolic link',
      device: 'character special file',
    }[status.type]
    const time = (ms: number) => formatDate('%Y-%m-%d %H:%M:%S.000000000 +0000', ms)
    const fields: Record<string, string> = {
      a: (status.mode & 0o7777).toString(8),
      A: modeText(status),
      b: String(Math.ceil(status.size / 4096) * 8),
      B: '512',
      f: status.mode.toString(16),
      F: kind,
      g: String(status.gid),
      G: groups.get(status.gid) ?? 'UNKNOWN',
      h: '1',
      i: String(inode(call.system.resolve(path))),
      n: path,
      N: `'${path}'`,
      o: '4096',
      s: String(status.size),
      u: String(status.uid),
      U: users.get(status.uid) ?? 'UNKNOWN',
      x: time(status.mtime),
      y: time(status.mtime),
      z: time(status.mtime),
      X: String(Math.floor(status.mtime / 1000)),
      Y: String(Math.floor(status.mtime / 1000)),
      Z: String(Math.floor(status.mtime / 1000)),
    }
    const target = status.type === 'link' ? call.system.readLink(path) : undefined
    const format =
      given.get('c') ??
      `  File: ${path}${typeof target === 'string' ? ` -> ${target}` : ''}\n  Size: ${fields['s']!.padEnd(10)}\tBlocks: ${fields['b']!.padEnd(10)} IO Block: 4096   ${kind}\nDevice: 1ch/28d\tInode: ${fields['i']!.padEnd(10)}  Links: 1\n` +
        `Access: (${fields['a']!.padStart(4, '0')}/${fields['A']})  Uid: (${fields['u']!.padStart(5)}/${fields['U']!.padStart(8)})   Gid: (${fields['g']!.padStart(5)}/${fields['G']!.padStart(8)})\nAccess: ${fields['x']}\nModify: ${fields['y']}\nChange: ${fields['z']}`
    call.out(
      `${given.has('c') ? format.replace(/%([a-zA-Z])/g, (all, letter: string) => fields[letter] ?? all) : format}\n`,
    )
  }
  return code
}

/** Whether the path's parts exist except perhaps the last, and where it leads. */
export function realPath(call: Call, path: string, lastMayMiss: boolean): string | undefined {
  let at = '/'
  const todo = (path.startsWith('/') ? path : `${call.system.process.cwd}/${path}`)
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse()
  for (let links = 0; todo.length > 0;) {
    const name = todo.pop()!
    if (name === '..') {
      at = at.slice(0, at.lastIndexOf('/')) || '/'
      continue
    }
    const next = at === '/' ? `/${name}` : `${at}/${name}`
    const status = call.system.status(next, { follow: false })
    if (isFailure(status)) return lastMayMiss && todo.length === 0 ? next : undefined
    if (status.type === 'link' && links++ < 40) {
      const target = call.system.readLink(next)
      if (typeof target !== 'string') return undefined
      if (target.startsWith('/')) at = '/'
      todo.push(
        ...target
          .split('/')
          .filter((one) => one !== '' && one !== '.')
          .reverse(),
      )
    } else at = next
  }
  return at
}

/** Tools that tell about files. */
export const listTools = tools({
  ls,
  stat,
  readlink: (call) => {
    const given = options(call, 'fenqsv')
    if (!given) return 1
    let code = 0
    for (const path of given.rest) {
      const target =
        given.has('f') || given.has('e') ? realPath(call, path, given.has('f')) : call.system.readLink(path)
      if (typeof target === 'string') call.out(target + (given.has('n') ? '' : '\n'))
      else code = 1
    }
    return code
  },
  realpath: (call) => {
    let code = 0
    for (const path of call.args.filter((arg) => !arg.startsWith('-'))) {
      const target = realPath(call, path, true)
      if (target !== undefined) call.out(`${target}\n`)
      else code = call.complain(path, { errno: 'ENOENT' })
    }
    return code
  },
  basename: (call) => {
    const { args } = call
    if (args.length === 0) return call.usage('FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...')
    const path = args[0] === '--' ? args[1]! : args[0]!
    const name = path.replace(/\/+$/, '').split('/').at(-1) || (path.startsWith('/') ? '/' : '')
    const suffix = args[1] ?? ''
    call.out(`${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`)
    return 0
  },
  dirname: (call) => {
    const path = call.args[0]
    if (path === undefined) return call.usage('FILENAME')
    const bare = path.replace(/(.)\/+$/, '$1')
    const at = bare.lastIndexOf('/')
    call.out(`${at < 0 ? '.' : bare.slice(0, at).replace(/\/+$/, '') || '/'}\n`)
    return 0
  },
  pwd: (call) => {
    call.out(`${call.system.process.cwd}\n`)
    return 0
  },
  which: (call) => {
    let code = 0
    const all = call.args.includes('-a')
    for (const name of call.args.filter((arg) => arg !== '-a')) {
      const paths = name.includes('/')
        ? [name]
        : (call.system.process.env['PATH'] ?? '').split(':').map((directory) => `${directory}/${name}`)
      const found = paths.filter((path) => {
        const status = call.system.status(path)
        return !isFailure(status) && status.type === 'file' && call.system.allowed(path, 'execute')
      })
      if (found.length === 0) code = 1
      for (const path of all ? found : found.slice(0, 1)) call.out(`${path}\n`)
    }
    return code
  },
})
