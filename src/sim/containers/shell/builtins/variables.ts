import { calculate, ShellFault } from '../expand.ts'
import { isName, type Variable } from '../memory.ts'
import { quoted } from '../quoting.ts'
import type { Builtin } from './builtin.ts'

/** Marks variables, and gives them values: export and readonly. */
const marking =
  (verb: string, mark: 'exported' | 'readOnly'): Builtin =>
  (shell, args) => {
    const { variables } = shell.memory
    const known = shell.ash ? /^-[pn]*$/ : /^-p*$/
    const list = args.filter((arg) => !known.test(arg) && arg !== '--')
    const remove = args.includes('-n') && verb === 'export'
    if (list.length === 0) {
      for (const [name, variable] of Object.entries(variables).sort(byName))
        if (variable[mark])
          shell.write(1, `${verb} ${name}${variable.value === undefined ? '' : `=${quoted(variable.value)}`}\n`)
      return 0
    }
    for (const arg of list) {
      if (arg.startsWith('-'))
        throw new ShellFault(shell.ash ? `illegal option ${arg.slice(0, 2)}` : `Illegal option ${arg.slice(0, 2)}`)
      const [name, value] = halves(arg)
      if (!isName(name)) throw new ShellFault(`${name}: bad variable name`)
      if (value !== undefined) shell.assign(name, value)
      const { [mark]: _old, ...rest } =
        (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? ({} as Variable)
      variables[name] = remove ? rest : { ...rest, [mark]: true }
    }
    return 0
  }

export const byName = (one: readonly [string, unknown], other: readonly [string, unknown]) =>
  one[0] < other[0] ? -1 : 1

export function halves(arg: string): [string, string | undefined] {
  const at = arg.indexOf('=')
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

const local: Builtin = (shell, args) => {
  const { memory } = shell
  const frame = memory.frames.findLast(({ kind }) => kind === 'function')
  if (!frame && !memory.inFunction) throw new ShellFault('not in a function')
  for (const arg of args) {
    const [name, value] = halves(arg)
    if (!isName(name)) throw new ShellFault(`${name}: bad variable name`)
    if (frame && !Object.hasOwn(frame.locals!, name))
      frame.locals![name] = Object.hasOwn(memory.variables, name) ? memory.variables[name]! : null
    if (value !== undefined) shell.assign(name, value)
    else if (shell.ash) delete memory.variables[name]
  }
  return 0
}

const unset: Builtin = (shell, args) => {
  const { memory } = shell
  let functions = false
  for (const arg of args) {
    if (arg === '-f' || arg === '-v') functions = arg === '-f'
    else if (arg.startsWith('-')) throw new ShellFault(shell.ash ? `illegal option ${arg}` : `Illegal option ${arg}`)
    else if (functions) delete memory.functions[arg]
    else if (!isName(arg)) throw new ShellFault(`${arg}: bad variable name`)
    else shell.unset(arg)
  }
  return 0
}

const letBuiltin: Builtin = (shell, args) => {
  let value = 0n
  for (const arg of args) value = calculate(shell, arg)
  return value === 0n ? 1 : 0
}

/** getopts: one option a call; where it stands is in OPTIND, and inside a word in the shell. */
const getopts: Builtin = (shell, [wanted, variable, ...given]) => {
  const { memory } = shell
  if (wanted === undefined || variable === undefined)
    throw new ShellFault(shell.ash ? 'usage: getopts optstring var [arg]' : 'Usage: getopts optstring var [arg...]')
  const args = given.length > 0 ? given : memory.params
  const quiet = wanted.startsWith(':')
  let index = Math.max(1, Number(shell.parameter('OPTIND')) || 1)
  let at = memory.option ?? 0
  // OPTIND is that of the next word as soon as one is begun.
  const inside = at > 0 && index >= 2 && at < (args[index - 2] ?? '').length
  const word = args[inside ? index - 2 : index - 1]
  const done = (option: string, value: string | undefined, complaint?: string) => {
    shell.assign('OPTIND', String(index))
    if (word !== undefined && at < word.length && option !== '') memory.option = at
    if (value === undefined) shell.unset('OPTARG')
    else shell.assign('OPTARG', value)
    if (complaint !== undefined) shell.write(2, `${complaint}\n`)
    shell.assign(variable, option || '?')
    return option === '' ? 1 : 0
  }
  if (!inside) {
    if (word === undefined || !/^-./.test(word) || word === '--') {
      if (word === '--') index++
      return done('', undefined)
    }
    index++
    at = 1
  }
  const letter = word![at++]!
  const known = letter === ':' ? -1 : wanted.indexOf(letter, quiet ? 1 : 0)
  if (known < 0) return quiet ? done('?', letter) : done('?', undefined, `Illegal option -${letter}`)
  if (wanted[known + 1] !== ':') return done(letter, undefined)
  const value = at < word!.length ? word!.slice(at) : args[index++ - 1]
  at = word!.length
  if (value !== undefined) return done(letter, value)
  index--
  return quiet ? done(':', letter) : done('?', undefined, `No arg for -${letter} option`)
}

export const variables = {
  export: marking('export', 'exported'),
  readonly: marking('readonly', 'readOnly'),
  local,
  unset,
  let: letBuiltin,
  getopts,
} satisfies Record<string, Builtin>
