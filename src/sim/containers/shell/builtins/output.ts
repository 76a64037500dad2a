import { echoText, printfText, unescape } from '../../tools/echo.ts'
import { evaluateTest } from '../../tools/test-command.ts'
import { matches } from '../patterns.ts'
import { regex } from '../../tools/regex.ts'
import { ShellFault } from '../expand.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

const echo: Builtin = (shell, args) => {
  shell.write(1, shell.ash ? echoText(args) : dashEcho(args))
  return 0
}

/** dash's echo reads backslashes always, and -n alone. */
function dashEcho(args: readonly string[]): string {
  const newline = args[0] !== '-n'
  const { text, stop } = unescape((newline ? args : args.slice(1)).join(' '), true)
  return newline && !stop ? `${text}\n` : text
}

const printf: Builtin = (shell, given) => {
  const args = given[0] === '--' ? given.slice(1) : given
  if (args.length === 0) {
    if (!shell.ash) throw new ShellFault('usage: printf format [arg ...]')
    shell.write(2, `${shell.memory.name}: usage: printf FORMAT [ARGUMENT...]\n`)
    return 2
  }
  const { text, errors, stopped } = printfText(args[0]!, args.slice(1), !shell.ash)
  shell.write(1, text)
  for (const error of errors) tell(shell, error)
  return stopped && !shell.ash ? 2 : errors.length > 0 ? 1 : 0
}

/** Commands that are busybox' own speak in its name; dash's are builtins like others. */
function tell(shell: Shell, message: string): void {
  if (shell.ash) shell.write(2, `${shell.memory.name}: ${message}\n`)
  else shell.say(message)
}

const test =
  (bracket: boolean): Builtin =>
  (shell, args) => {
    if (bracket && args.at(-1) !== ']') {
      tell(shell, 'missing ]')
      return 2
    }
    const { code, message } = evaluateTest(bracket ? args.slice(0, -1) : args, shell.system, !shell.ash)
    if (message !== undefined) tell(shell, message)
    return code
  }

/** [[ … ]] as ash has it: == takes a pattern, =~ a regular expression, && and || join. */
const extended: Builtin = (shell, args) => {
  if (args.at(-1) !== ']]') {
    tell(shell, 'missing ]]')
    return 2
  }
  const inner = args.slice(0, -1)
  if (inner.length === 3 && (inner[1] === '==' || inner[1] === '=' || inner[1] === '!='))
    return matches(inner[2]!, inner[0]!) === (inner[1] !== '!=') ? 0 : 1
  if (inner.length === 3 && inner[1] === '=~') return regex(inner[2]!, true).exec(inner[0]!) ? 0 : 1
  const { code, message } = evaluateTest(
    inner.map((arg) => (arg === '&&' ? '-a' : arg === '||' ? '-o' : arg)),
    shell.system,
  )
  if (message !== undefined) tell(shell, message)
  return code
}

export const output = { echo, printf, test: test(false), '[': test(true), '[[': extended } satisfies Record<
  string,
  Builtin
>
