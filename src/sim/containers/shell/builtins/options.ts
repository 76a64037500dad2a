import { ShellFault } from '../expand.ts'
import { quoted } from '../quoting.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { byName } from './variables.ts'

const named: Readonly<Record<string, string>> = {
  errexit: 'e',
  noglob: 'f',
  ignoreeof: 'I',
  interactive: 'i',
  monitor: 'm',
  noexec: 'n',
  stdin: 's',
  xtrace: 'x',
  verbose: 'v',
  vi: 'V',
  noclobber: 'C',
  allexport: 'a',
  notify: 'b',
  nounset: 'u',
}

/** Reads options as `set` and a shell's own command line have them; returns what is left, undefined when nothing is. */
export function readOptions(shell: Shell, args: readonly string[], startup = false): readonly string[] | undefined {
  const { options } = shell.memory
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (arg === '--') return args.slice(at + 1)
    if (arg === '-') {
      delete options['x']
      delete options['v']
      return args.slice(at + 1)
    }
    if (!/^[-+]./.test(arg)) return args.slice(at)
    const on = arg.startsWith('-')
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = args[++at]
        if (name === undefined) list(shell, on)
        else turn(shell, options, name, on)
      } else if (Object.values(named).includes(letter) || (startup && 'cl'.includes(letter)))
        setOption(options, letter, on)
      else throw new ShellFault(shell.ash ? `illegal option ${arg[0]}${letter}` : `Illegal option ${arg[0]}${letter}`)
    }
  }
  return undefined
}

function turn(shell: Shell, options: Record<string, true>, name: string, on: boolean): void {
  const letter = Object.hasOwn(named, name) ? named[name]! : name === 'pipefail' && shell.ash ? 'pipefail' : undefined
  if (letter === undefined)
    throw new ShellFault(
      shell.ash ? `illegal option ${on ? '-' : '+'}o ${name}` : `Illegal option ${on ? '-' : '+'}o ${name}`,
      shell.ash ? 1 : 2,
    )
  setOption(options, letter, on)
}

function setOption(options: Record<string, true>, letter: string, on: boolean): void {
  if (on) options[letter] = true
  else delete options[letter]
}

function list(shell: Shell, shown: boolean): void {
  const { options } = shell.memory
  if (shown && !shell.ash) shell.write(1, 'Current option settings\n')
  const rows = Object.entries({ ...named, ...(shell.ash && { pipefail: 'pipefail' }) })
  for (const [name, letter] of rows)
    shell.write(
      1,
      shown ? `${name.padEnd(16)}${options[letter] ? 'on' : 'off'}\n` : `set ${options[letter] ? '-' : '+'}o ${name}\n`,
    )
}

const set: Builtin = (shell, args) => {
  const { memory } = shell
  if (args.length === 0) {
    for (const [name, { value }] of Object.entries(memory.variables).sort(byName))
      if (value !== undefined) shell.write(1, `${name}=${quoted(value)}\n`)
    return 0
  }
  const rest = readOptions(shell, args)
  if (rest) memory.params = rest
  return 0
}

export const options = { set } satisfies Record<string, Builtin>
