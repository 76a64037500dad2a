import { isFailure } from '../kernel/walk.ts'
import { removeAll } from './change.ts'
import { errorText } from './errors.ts'
import { options } from './options.ts'
import { baseName, isDirectory, join } from './paths.ts'
import { type Body, type Call, tools } from './tool.ts'

interface CopyOptions {
  readonly deep: boolean
  readonly links: boolean
  readonly keep: boolean
}

/** Copies a file or a tree; what fails is told. */
function copy(call: Call, from: string, to: string, how: CopyOptions, depth = 0): boolean {
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

const install: Body = (call) => {
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
}

/** Tools that copy, move and link files. */
export const copyTools = tools({ cp, mv, ln, install })
