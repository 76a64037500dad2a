import { calculate, ShellFault } from '../expand.ts'
import { isName, type Variable } from '../memory.ts'
import { quoted } from '../quoting.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './registry.ts'

/** Marks variables, and gives them values: export and readonly. */
const marking =
  (verb: string, mark: 'exported' | 'readOnly'): Builtin =>
  (shell, args) => {
    const { variables } = shell.memory
    const list = args.filter((arg) => !/^-[pn]*$/.test(arg) && arg !== '--')
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
  if (!frame) throw new ShellFault('not in a function')
  for (const arg of args) {
    const [name, value] = halves(arg)
    if (!isName(name)) throw new ShellFault(`${name}: bad variable name`)
    if (!Object.hasOwn(frame.locals!, name))
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
  let letterAt = memory.option ?? 0
  const setIndex = (value: number, option: number) => {
    shell.assign('OPTIND', String(value))
    if (option > 0) memory.option = option
    else delete memory.option
  }
  const word = args[index - 1]
  if (letterAt === 0) {
    if (word === undefined || !/^-./.test(word) || word === '--') {
      setIndex(word === '--' ? index + 1 : index, 0)
      shell.unset('OPTARG')
      shell.assign(variable, '?')
      return 1
    }
    letterAt = 1
  }
  const letter = word![letterAt]!
  const at = letter === ':' ? -1 : wanted.indexOf(letter, quiet ? 1 : 0)
  const more = letterAt + 1 < word!.length
  if (at < 0) {
    setIndex(more ? index : index + 1, more ? letterAt + 1 : 0)
    if (quiet) shell.assign('OPTARG', letter)
    else {
      shell.unset('OPTARG')
      complain(shell, shell.ash ? `illegal option -${letter}` : `Illegal option -${letter}`)
    }
    shell.assign(variable, '?')
    return 0
  }
  if (wanted[at + 1] !== ':') {
    setIndex(more ? index : index + 1, more ? letterAt + 1 : 0)
    shell.unset('OPTARG')
    shell.assign(variable, letter)
    return 0
  }
  const value = more ? word!.slice(letterAt + 1) : args[index]
  setIndex(more ? index + 1 : index + 2, 0)
  if (value === undefined) {
    setIndex(index + 1, 0)
    if (quiet) shell.assign('OPTARG', letter)
    else {
      shell.unset('OPTARG')
      complain(shell, shell.ash ? `no arg for -${letter} option` : `No arg for -${letter} option`)
    }
    shell.assign(variable, quiet ? ':' : '?')
    return 0
  }
  shell.assign('OPTARG', value)
  shell.assign(variable, letter)
  return 0
}

const complain = (shell: Shell, message: string) => shell.write(2, `${message}\n`)

export const variables = {
  export: marking('export', 'exported'),
  readonly: marking('readonly', 'readOnly'),
  local,
  unset,
  let: letBuiltin,
  getopts,
} satisfies Record<string, Builtin>
