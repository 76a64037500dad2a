import type { FileStatus } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'
import { matchesGlob } from './glob.ts'
import { modeText } from './list.ts'
import { type Body, type Call, type Outcome, tools } from './tool.ts'

interface Item {
  readonly path: string
  readonly depth: number
  readonly seen?: true
}

/** A term of find's expression. */
type Term =
  | { readonly op: 'and' | 'or'; readonly left: Term; readonly right: Term }
  | { readonly op: 'not'; readonly inner: Term }
  | { readonly op: 'test'; readonly name: string; readonly value: string }
  | { readonly op: 'exec'; readonly argv: readonly string[]; readonly together: boolean; readonly number: number }

interface Parsed {
  readonly paths: string[]
  readonly term: Term
  readonly prints: boolean
  readonly most: number
  readonly least: number
  readonly deepFirst: boolean
}

class Complaint extends Error {}

const takesValue = new Set([
  'name',
  'iname',
  'path',
  'wholename',
  'ipath',
  'type',
  'size',
  'mtime',
  'mmin',
  'newer',
  'perm',
  'user',
  'group',
  'maxdepth',
  'mindepth',
  'regex',
  'links',
  'inum',
  'atime',
  'ctime',
  'amin',
  'cmin',
])
const takesNone = new Set([
  'print',
  'print0',
  'empty',
  'delete',
  'prune',
  'depth',
  'xdev',
  'follow',
  'true',
  'false',
  'quit',
  'executable',
  'readable',
  'writable',
  'ls',
])

function parse(args: readonly string[]): Parsed {
  let at = 0
  while (args[at] === '-L' || args[at] === '-H' || args[at] === '-P') at++
  const paths: string[] = []
  while (at < args.length && !/^[-!(]/.test(args[at]!)) paths.push(args[at++]!)
  let prints = true
  let most = 1000
  let least = 0
  let deepFirst = false
  let execs = 0
  const always: Term = { op: 'test', name: 'true', value: '' }
  const primary = (depth: number): Term => {
    const word = args[at++]
    if (word === undefined || depth > 50) throw new Complaint('argument expected')
    if (word === '!' || word === '-not') return { op: 'not', inner: primary(depth + 1) }
    if (word === '(') {
      const inner = either(depth + 1)
      if (args[at++] !== ')') throw new Complaint("unpaired '('")
      return inner
    }
    const name = word.slice(1)
    if (!word.startsWith('-')) throw new Complaint(`unrecognized: ${word}`)
    if (name === 'exec' || name === 'ok') {
      prints = false
      const argv: string[] = []
      while (at < args.length && args[at] !== ';' && !(args[at] === '+' && argv.at(-1) === '{}')) argv.push(args[at++]!)
      if (at >= args.length) throw new Complaint(`-exec requires an argument`)
      return { op: 'exec', argv, together: args[at++] === '+', number: execs++ }
    }
    if (takesValue.has(name)) {
      const value = args[at++]
      if (value === undefined) throw new Complaint(`option requires an argument -- ${name}`)
      if (name === 'maxdepth') most = Number(value)
      else if (name === 'mindepth') least = Number(value)
      else return { op: 'test', name, value }
      return always
    }
    if (!takesNone.has(name)) throw new Complaint(`unrecognized: ${word}`)
    if (['print', 'print0', 'delete', 'quit', 'ls'].includes(name)) prints = name === 'quit' ? prints : false
    if (name === 'delete' || name === 'depth') deepFirst = true
    return { op: 'test', name, value: '' }
  }
  const both = (depth: number): Term => {
    let left = primary(depth)
    while (at < args.length && args[at] !== ')' && args[at] !== '-o' && args[at] !== '-or') {
      if (args[at] === '-a' || args[at] === '-and') at++
      left = { op: 'and', left, right: primary(depth) }
    }
    return left
  }
  const either = (depth: number): Term => {
    let left = both(depth)
    while (args[at] === '-o' || args[at] === '-or') {
      at++
      left = { op: 'or', left, right: both(depth) }
    }
    return left
  }
  const term = at < args.length ? either(0) : always
  if (at < args.length) throw new Complaint(`unrecognized: ${args[at]}`)
  return { paths: paths.length > 0 ? paths : ['.'], term, prints, most, least, deepFirst }
}

interface Find {
  todo: Item[]
  /** What runs for `-exec`, and what was decided for this path up to there. */
  results: boolean[]
  pid?: number
  together: Record<string, string[]>
  code: number
}

class Waits {
  readonly argv: readonly string[]
  constructor(argv: readonly string[]) {
    this.argv = argv
  }
}

const find: Body = (call) => {
  let parsed: Parsed
  try {
    parsed = parse(call.args)
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    call.say(error.message)
    if (error.message.startsWith('unrecognized')) call.usage('[-HL] [PATH]... [OPTIONS] [ACTIONS]')
    return 1
  }
  const data = call.data<Find>(() => ({
    todo: parsed.paths.map((path) => ({ path, depth: 0 })).reverse(),
    results: [],
    together: {},
    code: 0,
  }))
  return visitAll(call, data, parsed)
}

function visitAll(call: Call, data: Find, parsed: Parsed): Outcome {
  const { system } = call
  for (;;) {
    if (data.pid !== undefined) {
      const ended = system.reap(data.pid)
      if (!ended) return { for: 'child', pid: data.pid }
      delete data.pid
      data.results.push(ended.status.code === 0)
    }
    const item = data.todo.at(-1)
    if (!item) {
      const [key, paths] = Object.entries(data.together)[0] ?? []
      if (key === undefined || !paths) return data.code
      delete data.together[key]
      const argv = JSON.parse(key) as string[]
      const outcome = start(call, data, [...argv.slice(0, -1), ...paths])
      if (outcome !== undefined) return outcome
      continue
    }
    const status = system.status(item.path, { follow: false })
    if (isFailure(status)) {
      data.todo.pop()
      data.code = call.complain(item.path, status)
      continue
    }
    const isDirectory = status.type === 'directory' && item.depth < parsed.most && item.depth < 80
    try {
      const below = () => {
        const names = system.list(item.path)
        if (isFailure(names)) {
          data.code = call.complain(item.path, names)
          return []
        }
        return names
          .map((name) => ({
            path: item.path.endsWith('/') ? item.path + name : `${item.path}/${name}`,
            depth: item.depth + 1,
          }))
          .reverse()
      }
      // In depth-first order a directory is come back to when all below it is done.
      if (parsed.deepFirst && isDirectory && !item.seen) {
        data.todo[data.todo.length - 1] = { ...item, seen: true }
        data.todo.push(...below())
        continue
      }
      const judge = new Judge(call, data, item, status)
      const matched = item.depth >= parsed.least && judge.holds(parsed.term)
      if (matched && parsed.prints) call.out(`${item.path}\n`)
      data.todo.pop()
      data.results = []
      if (isDirectory && !parsed.deepFirst && !judge.pruned) data.todo.push(...below())
      if (judge.quits) data.todo = []
    } catch (waits) {
      if (!(waits instanceof Waits)) throw waits
      const outcome = start(call, data, waits.argv)
      if (outcome !== undefined) return outcome
      continue
    }
    if (!system.spend(1)) return 'again'
  }
}

function start(call: Call, data: Find, argv: readonly string[]): Outcome | undefined {
  const stuck = call.flush()
  if (stuck) return stuck
  const pid = call.system.spawn(argv)
  if (isFailure(pid)) {
    call.say(`${argv[0]}: ${errorText(pid)}`)
    data.results.push(false)
  } else data.pid = pid
  return undefined
}

/** Decides one path; what was already done for it is not done again. */
class Judge {
  pruned = false
  quits = false
  private next = 0
  private readonly call: Call
  private readonly data: Find
  private readonly item: Item
  private readonly status: FileStatus

  constructor(call: Call, data: Find, item: Item, status: FileStatus) {
    this.call = call
    this.data = data
    this.item = item
    this.status = status
  }

  holds(term: Term): boolean {
    switch (term.op) {
      case 'and':
        return this.holds(term.left) && this.holds(term.right)
      case 'or':
        return this.holds(term.left) || this.holds(term.right)
      case 'not':
        return !this.holds(term.inner)
      case 'exec': {
        if (term.together) {
          const key = JSON.stringify(term.argv)
          if (this.next++ >= this.data.results.length) {
            ;(this.data.together[key] ??= []).push(this.item.path)
            this.data.results.push(true)
          }
          return true
        }
        const known = this.data.results[this.next++]
        if (known !== undefined) return known
        throw new Waits(term.argv.map((word) => word.replaceAll('{}', this.item.path)))
      }
      case 'test':
        return this.test(term.name, term.value)
    }
  }

  /** An action that is done once, though the path may be looked at again. */
  private once(act: () => boolean): boolean {
    const index = this.next++
    if (index >= this.data.results.length) this.data.results.push(act())
    return this.data.results[index]!
  }

  private test(name: string, value: string): boolean {
    const { path } = this.item
    const { status, call } = this
    const base =
      path
        .replace(/(.)\/+$/, '$1')
        .split('/')
        .at(-1) || path
    const age = (unit: number, ms = status.mtime) => compared(value, Math.floor((call.system.wall() - ms) / unit))
    switch (name) {
      case 'name':
        return matchesGlob(value, base)
      case 'iname':
        return matchesGlob(value.toLowerCase(), base.toLowerCase())
      case 'path':
      case 'wholename':
        return matchesGlob(value, path)
      case 'ipath':
        return matchesGlob(value.toLowerCase(), path.toLowerCase())
      case 'type':
        return { f: 'file', d: 'directory', l: 'link', c: 'device' }[value] === status.type
      case 'size': {
        const match = /^([-+]?)(\d+)([bckwMG]?)$/.exec(value)
        if (!match) return false
        const unit = { b: 512, c: 1, k: 1024, w: 2, M: 1 << 20, G: 1 << 30, '': 512 }[match[3]!]!
        return compared(match[1]! + match[2]!, Math.ceil(status.size / unit))
      }
      case 'mtime':
      case 'ctime':
      case 'atime':
        return age(86_400_000)
      case 'mmin':
      case 'cmin':
      case 'amin':
        return age(60_000)
      case 'newer': {
        const other = call.system.status(value)
        return !isFailure(other) && status.mtime > other.mtime
      }
      case 'perm': {
        const wanted = Number.parseInt(value.replace(/^[-/]/, ''), 8)
        const mode = status.mode & 0o7777
        return value.startsWith('-')
          ? (mode & wanted) === wanted
          : value.startsWith('/')
            ? (mode & wanted) !== 0
            : mode === wanted
      }
      case 'user':
        return String(status.uid) === value || (value === 'root' && status.uid === 0)
      case 'group':
        return String(status.gid) === value || (value === 'root' && status.gid === 0)
      case 'empty': {
        const names = status.type === 'directory' ? call.system.list(path) : undefined
        return names ? !isFailure(names) && names.length === 0 : status.type === 'file' && status.size === 0
      }
      case 'executable':
        return call.system.allowed(path, 'execute')
      case 'readable':
        return call.system.allowed(path, 'read')
      case 'writable':
        return call.system.allowed(path, 'write')
      case 'print':
      case 'print0':
        return this.once(() => (call.out(path + (name === 'print' ? '\n' : '\0')), true))
      case 'ls':
        return this.once(() => (call.out(`${modeText(status)} ${status.size} ${path}\n`), true))
      case 'delete':
        return this.once(() => path === '.' || call.tried(path, call.system.remove(path)))
      case 'prune':
        return (this.pruned = true)
      case 'quit':
        return (this.quits = true)
      case 'false':
        return false
    }
    return true
  }
}

function compared(wanted: string, value: number): boolean {
  const number = Number(wanted.replace(/^[-+]/, ''))
  return wanted.startsWith('+') ? value > number : wanted.startsWith('-') ? value < number : value === number
}

/** find. */
export const findTools = tools({ find })
