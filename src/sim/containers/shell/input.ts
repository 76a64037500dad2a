import type { Step } from '../kernel/types.ts'
import { ShellFault } from './expand.ts'
import { parse } from './parser.ts'
import type { Shell } from './shell.ts'
import { SyntaxFault } from './syntax.ts'

/** Reads the next command from standard input, asking for it when somebody sits there. */
export function nextCommand(shell: Shell): Step | undefined {
  const { memory, system } = shell
  const input = memory.input!
  if (input.terminal && !input.prompted) {
    input.prompted = true
    shell.write(2, prompt(shell, shell.parameter(input.text === '' ? 'PS1' : 'PS2') ?? ''))
    return undefined
  }
  // One byte at a time: what comes after the line is for the commands in it.
  let line = ''
  while (!line.endsWith('\n')) {
    const text = system.read(0, input.terminal ? 4096 : 1)
    if (text === '') {
      input.text += line
      return { for: 'readable', fd: 0 }
    }
    if (typeof text !== 'string') return ended(shell, line)
    line += text
    if (!system.spend(0)) {
      input.text += line
      return 'again'
    }
  }
  input.text += line
  delete input.prompted
  return begin(shell, false)
}

function ended(shell: Shell, line: string): undefined {
  const { memory } = shell
  const input = memory.input!
  input.text += line
  if (input.text.trim() !== '') return begin(shell, true)
  if (input.terminal && input.text === '') shell.write(2, '\n')
  memory.exiting = { status: memory.status }
  return undefined
}

/** Runs what was read when it is a whole command; else more lines are asked for. */
function begin(shell: Shell, atEnd: boolean): undefined {
  const { memory } = shell
  const { text } = memory.input!
  try {
    if (!atEnd)
      for (let at = 0; at < text.length;) {
        const unit = parse(text, at, 1, memory.flavour, memory.aliases)
        if (unit.open) return undefined
        at = unit.end
      }
    if (!atEnd && /(^|[^\\])(\\\\)*\\\n$/.test(text)) return undefined
  } catch (thrown) {
    if (!(thrown instanceof SyntaxFault)) throw thrown
    if (/end of file|[Uu]nterminated|EOF|[Mm]issing/.test(thrown.message)) return undefined
  }
  memory.input!.text = ''
  if (text.length > 1_000_000) throw new ShellFault('Out of space')
  shell.pushScript('script', text, memory.line)
  return undefined
}

/** A prompt's \w, \h, \u and \$. */
export function prompt(shell: Shell, text: string): string {
  const { system } = shell
  const home = shell.parameter('HOME') ?? '/'
  const { cwd } = system.process
  const shown = cwd === home ? '~' : cwd.startsWith(`${home}/`) && home !== '/' ? `~${cwd.slice(home.length)}` : cwd
  return text.replace(/\\([whu$W])/g, (_all, what: string) =>
    what === 'w'
      ? shown
      : what === 'W'
        ? shown.split('/').at(-1) || '/'
        : what === 'h'
          ? system.hostname
          : what === 'u'
            ? 'root'
            : system.process.uid === 0
              ? '#'
              : '$',
  )
}
