import { isFailure } from '../kernel/walk.ts'
import { dateOf } from './date-format.ts'
import { errorText } from './errors.ts'
import { writeFile } from './inputs.ts'
import { namesOf } from './list.ts'
import { options } from './options.ts'
import { type Body, type Call, tools } from './tool.ts'

const join = (directory: string, name: string) => (directory.endsWith('/') ? directory + name : `${directory}/${name}`)
const baseName = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/'
const isDirectory = (call: Call, path: string) => {
  const status = call.system.status(path)
  return !isFailure(status) && status.type === 'directory'
}

const mkdir: Body = (call) => {
  const given = options(call, 'm:p', { parents: 'p', mode: 'm' })
  if (!given) return 1
  if (given.rest.length === 0) return call.usage('[-m MODE] [-p] DIRECTORY...')
  let code = 0
  for (const path of given.rest) {
    const mode = given.has('m') ? Number.parseInt(given.get('m')!, 8) : 0o777
    let failure
    if (given.has('p')) {
      const names = path.split('/')
      for (let end = 1; end <= names.length && !failure; end++) {
        const part = names.slice(0, end).join('/')
        if (part === '' || names[end - 1] === '' || isDirectory(call, part)) continue
        failure = call.system.makeDirectory(part, end === names.length ? mode : 0o777)
      }
    } else failure = call.system.makeDirectory(path.replace(/(.)\/+$/, '$1'), mode)
    if (failure) code = call.complain(`can't create directory '${path}'`, failure)
    else if (given.has('m')) call.system.change(path, { mode })
  }
  return code
}

/** Removes a path with all below it; what fails is told. */
function removeAll(call: Call, path: string, depth = 0): boolean {
  const status = call.system.status(path, { follow: false })
  let ok = true
  if (!isFailure(status) && status.type === 'directory' && depth < 100) {
    const names = call.system.list(path)
    for (const name of isFailure(names) ? [] : names) ok = removeAll(call, join(path, name), depth + 1) && ok
    if (!ok) return false
  }
  const failure = call.system.remove(path)
  if (failure) call.complain(`can't remove '${path}'`, failure)
  return !failure
}

const rm: Body = (call) => {
  const given = options(call, 'firR', { force: 'f', recursive: 'r' })
  if (!given) return 1
  if (given.rest.length === 0) return given.has('f') ? 0 : call.usage('[-irf] FILE...')
  let code = 0
  for (const path of given.rest) {
    if (/^\.\.?$/.test(baseName(path))) {
      call.say(`can't remove '.' or '..'`)
      code = 1
      continue
    }
    const status = call.system.status(path, { follow: false })
    if (isFailure(status)) {
      if (!given.has('f') || (status.errno !== 'ENOENT' && status.errno !== 'ENOTDIR'))
        code = call.complain(`can't remove '${path}'`, status)
    } else if (status.type === 'directory' && !given.has('r') && !given.has('R')) {
      call.say(`'${path}' is a directory`)
      code = 1
    } else if (!removeAll(call, path)) code = 1
  }
  return code
}

const rmdir: Body = (call) => {
  const given = options(call, 'p', { parents: 'p', 'ignore-fail-on-non-empty': 'p' })
  if (!given) return 1
  let code = 0
  for (const path of given.rest) {
    const status = call.system.status(path, { follow: false })
    const names = call.system.list(path)
    const failure = isFailure(status)
      ? status
      : status.type !== 'directory'
        ? ({ errno: 'ENOTDIR' } as const)
        : !isFailure(names) && names.length > 0
          ? ({ errno: 'ENOTEMPTY' } as const)
          : call.system.remove(path)
    if (failure) code = call.complain(`'${path}'`, failure)
  }
  return code
}

interface CopyOptions {
  readonly deep: boolean
  readonly links: boolean
  readonly keep: boolean
}

/** Copies a file or a tree; what fails is told. */
export function copy(call: Call, from: string, to: string, how: CopyOptions, depth = 0): boolean {
  const { system } = call
  const status = system.status(from, { follow: !how.links })
  if (isFailure(status)) {
    call.complain(`can't stat '${from}'`, status)
    return false
  }
  const keep = () => {
    if (how.keep) system.change(to, { mode: status.mode, uid: status.uid, gid: status.gid, mtime: status.mtime })
    return true
  }
  if (status.type === 'directory') {
    if (!how.deep) {
      call.say(`omitting directory '${from}'`)
      return false
    }
    const failure = isDirectory(call, to) ? undefined : system.makeDirectory(to, status.mode)
    if (failure) return (call.complain(`can't create directory '${to}'`, failure), false)
    const names = system.list(from)
    if (isFailure(names)) return (call.complain(`can't open '${from}'`, names), false)
    let ok = depth < 100
    for (const name of names) ok = copy(call, join(from, name), join(to, name), how, depth + 1) && ok
    keep()
    return ok
  }
  if (status.type === 'link') {
    const target = system.readLink(from)
    system.remove(to)
    const failure = isFailure(target) ? target : system.link(target, to)
    return failure ? (call.complain(`can't create symlink '${to}'`, failure), false) : true
  }
  const source = system.open(from, { read: true })
  if (isFailure(source)) return (call.complain(`can't open '${from}'`, source), false)
  const target = system.open(to, { write: true, create: true, truncate: true }, status.mode & 0o777)
  if (isFailure(target)) {
    system.close(source)
    call.complain(`can't create '${to}'`, target)
    return false
  }
  let failed = false
  for (
    let chunk = system.read(source);
    typeof chunk === 'string' && chunk !== '' && !failed;
    chunk = system.read(source)
  ) {
    const written = system.write(target, chunk)
    if (isFailure(written)) {
      failed = true
      call.say(`write error: ${errorText(written)}`)
    }
  }
  system.close(source)
  system.close(target)
  return !failed && keep()
}

/** Where each of the operands goes; undefined (and said) when that makes no sense. */
function targets(
  call: Call,
  rest: readonly string[],
  directory: string | undefined,
  flat: boolean,
): [string, string][] | number {
  const list = directory === undefined ? rest.slice(0, -1) : rest
  const last = directory ?? rest.at(-1)
  if (last === undefined || list.length === 0) return call.usage('[OPTIONS] SOURCE... DEST')
  const into = directory !== undefined || (!flat && isDirectory(call, last))
  if (list.length > 1 && !into) {
    call.say(`target '${last}' is not a directory`)
    return 1
  }
  return list.map((from) => [from, into ? join(last, baseName(from)) : last])
}

const cp: Body = (call) => {
  const given = options(call, 'arRdPLHpflsinuTt:v', {
    recursive: 'r',
    archive: 'a',
    force: 'f',
    'no-clobber': 'n',
    verbose: 'v',
    parents: 'v',
  })
  if (!given) return 1
  const deep = ['a', 'r', 'R'].some((one) => given.has(one))
  const pairs = targets(call, given.rest, given.get('t'), given.has('T'))
  if (typeof pairs === 'number') return pairs
  let code = 0
  for (const [from, to] of pairs) {
    if (call.system.resolve(from) === call.system.resolve(to)) {
      call.say(`'${from}' and '${to}' are the same file`)
      code = 1
      continue
    }
    if (given.has('n') && !isFailure(call.system.status(to))) continue
    if (given.has('v')) call.out(`'${from}' -> '${to}'\n`)
    if (
      !copy(call, from.replace(/\/\.?$/, '') || '/', to.replace(/\/\.$/, ''), {
        deep,
        links: (deep || given.has('d') || given.has('P')) && !given.has('L'),
        keep: given.has('a') || given.has('p'),
      })
    )
      code = 1
  }
  return code
}

const mv: Body = (call) => {
  const given = options(call, 'finTt:v', { force: 'f', verbose: 'v', 'no-clobber': 'n' })
  if (!given) return 1
  const pairs = targets(call, given.rest, given.get('t'), given.has('T'))
  if (typeof pairs === 'number') return pairs
  let code = 0
  for (const [from, to] of pairs) {
    if (given.has('n') && !isFailure(call.system.status(to))) continue
    const failure = call.system.rename(from, to)
    if (!failure) continue
    if (failure.errno !== 'EXDEV') code = call.complain(`can't rename '${from}'`, failure)
    else if (!copy(call, from, to, { deep: true, links: true, keep: true }) || !removeAll(call, from)) code = 1
  }
  return code
}

const ln: Body = (call) => {
  const given = options(call, 'sfnbTvr', { symbolic: 's', force: 'f', 'no-dereference': 'n' })
  if (!given) return 1
  if (given.rest.length === 0) return call.usage('[-sfnbtv] [-S SUF] TARGET... LINK|DIR')
  const rest = given.rest.length === 1 ? [...given.rest, baseName(given.rest[0]!)] : given.rest
  const pairs = targets(call, rest, undefined, given.has('n') || given.has('T'))
  if (typeof pairs === 'number') return pairs
  let code = 0
  for (const [target, path] of pairs) {
    if (given.has('f') && !isDirectory(call, path)) call.system.remove(path)
    let failure
    if (given.has('s')) failure = call.system.link(target, path)
    else {
      // There are no hard links here: a copy does for what scripts want of one.
      const status = call.system.status(target)
      if (isFailure(status)) failure = status
      else if (!isFailure(call.system.status(path, { follow: false }))) failure = { errno: 'EEXIST' } as const
      else copy(call, target, path, { deep: false, links: false, keep: true })
    }
    if (failure) code = call.complain(path, failure)
  }
  return code
}

const touch: Body = (call) => {
  const given = options(call, 'camhfd:r:t:', { date: 'd', reference: 'r', 'no-create': 'c' })
  if (!given) return 1
  if (given.rest.length === 0) return call.usage('[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...')
  let time = call.system.wall()
  if (given.has('d')) time = dateOf(given.get('d')!, time) ?? time
  if (given.has('r')) {
    const status = call.system.status(given.get('r')!)
    if (isFailure(status)) return call.complain(given.get('r')!, status)
    time = status.mtime
  }
  let code = 0
  for (const path of given.rest) {
    if (isFailure(call.system.status(path))) {
      if (given.has('c')) continue
      const fd = call.system.open(path, { write: true, create: true })
      if (isFailure(fd)) {
        code = call.complain(path, fd)
        continue
      }
      call.system.close(fd)
    }
    const failure = call.system.change(path, { mtime: time })
    if (failure) code = call.complain(path, failure)
  }
  return code
}

/** A mode as chmod writes it (`755`, `u+x,go-w`); undefined when it is none. */
export function modeFrom(text: string, before: number, isDirectory: boolean): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8)
  let mode = before
  for (const part of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(part)
    if (!match) return undefined
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!
    for (const [, operator, letters] of match[2]!.matchAll(/([-+=])([rwxXst]*)/g)) {
      for (const one of who) {
        const shift = { u: 6, g: 3, o: 0 }[one as 'u' | 'g' | 'o']
        let bits = 0
        for (const letter of letters!) {
          if (letter === 'r') bits |= 4 << shift
          if (letter === 'w') bits |= 2 << shift
          if (letter === 'x' || (letter === 'X' && (isDirectory || before & 0o111))) bits |= 1 << shift
          if (letter === 's') bits |= one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0
          if (letter === 't') bits |= 0o1000
        }
        if (operator === '=') mode &= ~(7 << shift)
        mode = operator === '-' ? mode & ~bits : mode | bits
      }
    }
  }
  return mode
}

/** Does something to each path, and to all below it with -R. */
function each(call: Call, paths: readonly string[], deep: boolean, act: (path: string) => boolean): number {
  let code = 0
  const visit = (path: string, depth: number) => {
    if (!act(path)) code = 1
    const status = call.system.status(path, { follow: false })
    if (!deep || isFailure(status) || status.type !== 'directory' || depth > 60) return
    const names = call.system.list(path)
    for (const name of isFailure(names) ? [] : names) visit(join(path, name), depth + 1)
  }
  for (const path of paths) visit(path, 0)
  return code
}

const chmod: Body = (call) => {
  // A mode that takes away begins as an option does.
  const args = call.args.map((arg) => (/^-[rwxXst]+$/.test(arg) ? `a${arg}` : arg))
  const given = options(call, 'Rvcf', { recursive: 'R' }, args)
  if (!given) return 1
  const [text, ...paths] = given.rest
  if (text === undefined || paths.length === 0) return call.usage('[-Rcvf] MODE[,MODE]... FILE...')
  if (modeFrom(text, 0, false) === undefined) {
    call.say(`invalid mode '${text}'`)
    return 1
  }
  return each(call, paths, given.has('R'), (path) => {
    const status = call.system.status(path)
    const failure = isFailure(status)
      ? status
      : call.system.change(path, { mode: modeFrom(text, status.mode & 0o7777, status.type === 'directory')! })
    return call.tried(path, failure)
  })
}

const chown: Body = (call) => {
  const given = options(call, 'RhLHPcvf', { recursive: 'R' })
  if (!given) return 1
  const [owner, ...paths] = given.rest
  if (owner === undefined || paths.length === 0) return call.usage('[-RhLHPcvf]... USER[:[GRP]] FILE...')
  const [user = '', group = ''] = call.name === 'chgrp' ? ['', owner] : owner.split(/[:.]/)
  const idOf = (name: string, file: '/etc/passwd' | '/etc/group') =>
    /^\d+$/.test(name) ? Number(name) : [...namesOf(call, file)].find(([, one]) => one === name)?.[0]
  const uid = user === '' ? undefined : idOf(user, '/etc/passwd')
  const gid = group === '' ? undefined : idOf(group, '/etc/group')
  for (const [name, id, kind] of [
    [user, uid, 'user'],
    [group, gid, 'group'],
  ] as const)
    if (name !== '' && id === undefined) {
      call.say(`unknown ${kind} ${name}`)
      return 1
    }
  return each(call, paths, given.has('R'), (path) =>
    call.tried(
      path,
      call.system.change(path, { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) }),
    ),
  )
}

const mktemp: Body = (call) => {
  const given = options(call, 'dqtup:')
  if (!given) return 1
  const directory = given.get('p') ?? call.system.process.env['TMPDIR'] ?? '/tmp'
  const template = given.rest[0] ?? join(directory, 'tmp.XXXXXX')
  const blank = /X+$/.exec(template)?.[0].length ?? 0
  if (blank < 6) {
    call.say('Invalid argument')
    return 1
  }
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  let path = template.slice(0, -blank)
  for (let at = 0; at < blank; at++) path += letters[call.system.below(62)]
  if (given.has('p') || given.has('t')) path = path.includes('/') ? path : join(directory, path)
  const made = given.has('d')
    ? call.system.makeDirectory(path, 0o700)
    : call.system.open(path, { write: true, create: true, exclusive: true }, 0o600)
  if (isFailure(made)) return call.complain('(null)', made)
  if (typeof made === 'number') call.system.close(made)
  call.out(`${path}\n`)
  return 0
}

/** Tools that change files. */
export const changeTools = tools({
  mkdir,
  rm,
  rmdir,
  cp,
  mv,
  ln,
  touch,
  chmod,
  chown,
  chgrp: chown,
  mktemp,
  unlink: (call) => (call.tried(`can't remove file '${call.args[0]}'`, call.system.remove(call.args[0] ?? '')) ? 0 : 1),
  truncate: (call) => {
    const given = options(call, 'cs:', { size: 's' })
    if (!given) return 1
    let code = 0
    for (const path of given.rest)
      if (!writeFile(call, path, '\0'.repeat(Math.min(1 << 24, Number(given.get('s') ?? 0) || 0)))) code = 1
    return code
  },
  mkfifo: (call) => {
    call.say(`${call.args[0]}: Operation not permitted`)
    return 1
  },
  install: (call) => {
    const given = options(call, 'cdDpsm:o:g:t:')
    if (!given) return 1
    if (given.has('d')) {
      let code = 0
      for (const path of given.rest) {
        const names = path.split('/')
        for (let end = 1; end <= names.length; end++)
          if (
            names[end - 1] &&
            !isDirectory(call, names.slice(0, end).join('/')) &&
            call.system.makeDirectory(names.slice(0, end).join('/'), 0o755)
          )
            code = 1
      }
      return code
    }
    const pairs = targets(call, given.rest, given.get('t'), false)
    if (typeof pairs === 'number') return pairs
    let code = 0
    for (const [from, to] of pairs) {
      if (!copy(call, from, to, { deep: false, links: false, keep: false })) code = 1
      else call.system.change(to, { mode: Number.parseInt(given.get('m') ?? '755', 8) })
    }
    return code
  },
})
