import { errorText } from '../../tools/errors.ts'
import { inPath } from '../external.ts'
import { ShellFault } from '../expand.ts'
import { isReserved } from '../reserved.ts'
import { quoted } from '../quoting.ts'
import type { Shell } from '../shell.ts'
import { type Builtin, isSpecial } from './builtin.ts'
import { byName, halves } from './variables.ts'

type IsBuiltin = (shell: Shell, name: string) => boolean

const typeWith =
  (isBuiltin: IsBuiltin): Builtin =>
  (shell, names) => {
    let status = 0
    for (const name of names) {
      const told = describe(shell, name, isBuiltin)
      // Even what is not found is told on standard output.
      if (told === undefined) status = 127
      shell.write(1, `${name}${told === undefined ? ': not found' : ` is ${told}`}\n`)
    }
    return status
  }

function describe(shell: Shell, name: string, isBuiltin: IsBuiltin): string | undefined {
  const { memory } = shell
  if (isReserved(name)) return 'a shell keyword'
  if (Object.hasOwn(memory.aliases, name)) return `an alias for ${memory.aliases[name]}`
  if (Object.hasOwn(memory.functions, name)) return shell.ash ? 'a function' : 'a shell function'
  if (isBuiltin(shell, name)) return isSpecial(name) ? 'a special shell builtin' : 'a shell builtin'
  return inPath(shell, name)
}

const commandWith =
  (isBuiltin: IsBuiltin): Builtin =>
  (shell, [option, ...names], work, context) => {
    if (option === '-V') return typeWith(isBuiltin)(shell, names, work, context)
    if (option !== '-v') return 0
    const { memory } = shell
    let status = 0
    for (const name of names) {
      const found = Object.hasOwn(memory.aliases, name)
        ? `alias ${name}=${quoted(memory.aliases[name]!)}`
        : isReserved(name) || Object.hasOwn(memory.functions, name) || isBuiltin(shell, name)
          ? name
          : inPath(shell, name)
      if (found === undefined) status = 127
      else shell.write(1, `${found}\n`)
    }
    return status
  }

const alias: Builtin = (shell, args) => {
  const { aliases } = shell.memory
  const show = (name: string) => shell.write(1, `${name}=${quoted(aliases[name]!)}\n`)
  if (args.length === 0) for (const [name] of Object.entries(aliases).sort(byName)) show(name)
  let status = 0
  for (const arg of args) {
    const [name, value] = halves(arg)
    if (value !== undefined) aliases[name] = value
    else if (Object.hasOwn(aliases, name)) show(name)
    else {
      shell.write(2, `alias: ${name} not found\n`)
      status = 1
    }
  }
  return status
}

const unalias: Builtin = (shell, args) => {
  const { memory } = shell
  let status = 0
  for (const name of args) {
    if (name === '-a') memory.aliases = {}
    else if (Object.hasOwn(memory.aliases, name)) delete memory.aliases[name]
    else {
      shell.write(2, `unalias: ${name} not found\n`)
      status = 1
    }
  }
  return status
}

const cd: Builtin = (shell, given) => {
  const { system } = shell
  const args = given.filter((arg) => !/^-[LP]$/.test(arg) && arg !== '--')
  const back = args[0] === '-'
  const wanted = back ? shell.parameter('OLDPWD') : (args[0] ?? shell.parameter('HOME'))
  if (wanted === undefined) return 0
  const path = wanted.startsWith('/') ? wanted : `${shell.parameter('PWD') ?? system.process.cwd}/${wanted}`
  const before = shell.parameter('PWD') ?? system.process.cwd
  const failure = wanted === '' ? undefined : system.changeDirectory(system.resolve(path))
  if (failure) {
    shell.say(`can't cd to ${wanted}${shell.ash ? `: ${errorText(failure)}` : ''}`)
    return 2
  }
  const now = given.includes('-P') ? system.process.cwd : system.resolve(path)
  shell.assign('OLDPWD', before)
  shell.assign('PWD', now)
  if (back) shell.write(1, `${now}\n`)
  return 0
}

const pwd: Builtin = (shell, args) => {
  shell.write(
    1,
    `${args.includes('-P') ? shell.system.process.cwd : (shell.parameter('PWD') ?? shell.system.process.cwd)}\n`,
  )
  return 0
}

const umask: Builtin = (shell, args) => {
  const { system } = shell
  const mask = system.process.umask
  if (args.length === 0) shell.write(1, `${mask.toString(8).padStart(4, '0')}\n`)
  else if (args[0] === '-S') {
    const letters = (bits: number) => ['r', 'w', 'x'].filter((_, index) => (bits & (4 >> index)) === 0).join('')
    shell.write(1, `u=${letters(mask >> 6)},g=${letters(mask >> 3)},o=${letters(mask)}\n`)
  } else if (/^[0-7]+$/.test(args[0]!)) system.setMask(Number.parseInt(args[0]!, 8) & 0o777)
  else {
    const changed = symbolic(mask, args[0]!)
    if (changed === undefined) throw new ShellFault(`${shell.ash ? 'illegal mode' : 'Illegal mode'}: ${args[0]}`)
    system.setMask(changed)
  }
  return 0
}

/** `u=rwx,g-w`: which bits stay, as a mask of those that do not. */
function symbolic(mask: number, text: string): number | undefined {
  let allowed = ~mask & 0o777
  for (const clause of text.split(',')) {
    const found = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause)
    if (!found) return undefined
    const who = /a/.test(found[1]!) || found[1] === '' ? 'ugo' : found[1]!
    const bits = [...found[3]!].reduce((sum, letter) => sum | { r: 4, w: 2, x: 1 }[letter as 'r' | 'w' | 'x'], 0)
    for (const [index, letter] of [...'ugo'].entries()) {
      if (!who.includes(letter)) continue
      const shift = 6 - index * 3
      if (found[2] === '=') allowed = (allowed & ~(7 << shift)) | (bits << shift)
      else if (found[2] === '+') allowed |= bits << shift
      else allowed &= ~(bits << shift)
    }
  }
  return ~allowed & 0o777
}

const ulimit: Builtin = (shell, args) => {
  if (args.some((arg) => !arg.startsWith('-'))) return 0
  const limits: Record<string, string> = { n: '1048576', c: 'unlimited', s: '8192' }
  shell.write(1, `${limits[args.join('').replace(/[-HS]/g, '')] ?? 'unlimited'}\n`)
  return 0
}

const times: Builtin = (shell) => {
  const none = shell.ash ? '0m0.000s' : '0m0.000000s'
  shell.write(1, `${none} ${none}\n${none} ${none}\n`)
  return 0
}

/** Builtins about names and places; `isBuiltin` tells which there are. */
export const names = (isBuiltin: IsBuiltin) =>
  ({
    type: typeWith(isBuiltin),
    command: commandWith(isBuiltin),
    alias,
    unalias,
    cd,
    pwd,
    umask,
    ulimit,
    times,
    hash: () => 0,
  }) satisfies Record<string, Builtin>
