import { isFailure } from '../kernel/walk.ts'
import { dateOf } from './date-format.ts'
import { writeFile } from './inputs.ts'
import { options } from './options.ts'
import { baseName, isDirectory, join } from './paths.ts'
import { type Body, type Call, tools } from './tool.ts'

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
export function removeAll(call: Call, path: string, depth = 0): boolean {
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

/** Tools that make files and take them away. */
export const changeTools = tools({
  mkdir,
  rm,
  rmdir,
  touch,
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
})
