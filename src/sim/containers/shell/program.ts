import type { Program, Step, System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from '../tools/errors.ts'
import { readOptions } from './builtins/options.ts'
import { complete } from './completion.ts'
import { ShellFault } from './expand.ts'
import { Shell } from './shell.ts'
import type { Flavour } from './syntax.ts'

/** A shell as a program: `sh` of busybox and alpine images speaks as ash does, that of Debian's as dash. */
export function shellProgram(name: string, flavour: Flavour): Program {
  return {
    name,
    step: (system) => {
      const shell = new Shell(system, flavour)
      if (shell.memory.pid === system.process.pid && !shell.memory.started) {
        const failed = start(shell)
        if (failed) return failed
      }
      return shell.run()
    },
    complete: (system, line) => complete(new Shell(system, flavour), line),
    usage: () => ({ memoryBytes: 880 * 1024, milliCPU: 0 }),
  }
}

/** ash, as busybox has it. */
export const ash = shellProgram('sh', 'ash')
export const dash = shellProgram('dash', 'dash')

/** Reads the command line. */
function start(shell: Shell): Step | undefined {
  const { memory, system } = shell
  memory.started = true
  memory.name = system.process.argv[0] ?? 'sh'
  const login = memory.name.startsWith('-')
  shell.assign('PWD', system.process.cwd)
  if (shell.parameter('PATH') === undefined) shell.assign('PATH', '/sbin:/usr/sbin:/bin:/usr/bin')
  if (shell.ash && system.process.uid === 0 && system.process.env['PS1'] === undefined) shell.assign('PS1', '\\w \\$ ')
  else if (system.process.uid === 0 && system.process.env['PS1'] === undefined) shell.assign('PS1', '# ')
  let rest: readonly string[] | undefined
  try {
    rest = readOptions(shell, system.process.argv.slice(1), true)
  } catch (thrown) {
    if (!(thrown instanceof ShellFault)) throw thrown
    memory.line = 0
    shell.say(thrown.message)
    shell.flush()
    return { exit: 2 }
  }
  rest ??= []
  if (memory.options['c']) return command(shell, rest)
  if (rest.length > 0 && !memory.options['s']) return file(shell, rest)
  memory.params = rest
  const terminal = memory.options['i'] || (system.isTerminal(0) && system.isTerminal(2))
  memory.input = { text: '', ...(terminal && { terminal: true as const }) }
  if (terminal) {
    memory.options['i'] = true
    memory.options['m'] = true
    system.handle('INT', 'catch')
    system.handle('TERM', 'ignore')
    system.handle('QUIT', 'ignore')
  }
  if (login) memory.name = memory.name.slice(1)
  return undefined
}

function command(shell: Shell, [text, name, ...params]: readonly string[]): Step | undefined {
  const { memory } = shell
  if (text === undefined) {
    memory.line = 0
    shell.say(shell.ash ? '-c requires an argument' : '-c requires an argument')
    shell.flush()
    return { exit: 2 }
  }
  if (name !== undefined) memory.name = name
  memory.params = params
  shell.pushScript('script', text, 1)
  return undefined
}

function file(shell: Shell, [path, ...params]: readonly string[]): Step | undefined {
  const { memory, system } = shell
  const text = readAll(system, path!)
  if (typeof text !== 'string') {
    const why = text.errno === 'ENOENT' ? (shell.ash ? 'No such file or directory' : 'No such file') : errorText(text)
    memory.line = 0
    shell.say(shell.ash ? `can't open '${path}': ${why}` : `cannot open ${path}: ${why}`)
    shell.flush()
    return { exit: shell.ash ? 2 : 2 }
  }
  memory.name = path!
  memory.script = path!
  memory.params = params
  shell.pushScript('script', text, 1)
  return undefined
}

function readAll(system: System, path: string) {
  const fd = system.open(path, { read: true })
  if (isFailure(fd)) return fd
  let all = ''
  for (;;) {
    const text = system.read(fd)
    if (isFailure(text)) return text
    if (text === undefined || text === '') break
    all += text
  }
  system.close(fd)
  return all
}
