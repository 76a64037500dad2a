import { isFailure } from '../kernel/walk.ts'
import { namesOf } from './list.ts'
import { options } from './options.ts'
import { join } from './paths.ts'
import { type Body, type Call, tools } from './tool.ts'

/** A mode as chmod writes it (`755`, `u+x,go-w`); undefined when it is none. */
function modeFrom(text: string, before: number, isDirectory: boolean): number | undefined {
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

/** Tools that change who may do what with files. */
export const permissionTools = tools({ chmod, chown, chgrp: chown })
