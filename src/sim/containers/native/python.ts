import type { Program, Step, System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'

/** A language's runtime: what is found of a server in its command line runs, a small script ends. */
export const python: Program = {
  name: 'python3',
  step: (system) => {
    const { argv } = system.process
    if (argv.includes('http.server')) return become(system, 'python-http')
    const code = argv[1] === '-c' ? (argv[2] ?? '') : undefined
    if (argv[1] === '--version' || argv[1] === '-V') return say(system, 'Python 3.13.7\n', 0)
    if (code === undefined && argv.length === 1 && !system.isTerminal(0)) return { exit: 0 }
    if (code === undefined) {
      const file = argv.slice(1).find((one) => !one.startsWith('-'))
      if (file?.endsWith('.py') && isFailure(system.status(file)) && system.process.pid === 1 && argv[1] === file)
        return say(
          system,
          `python3: can't open file '${system.resolve(file)}': [Errno 2] No such file or directory\n`,
          2,
        )
      return become(system, 'unknown')
    }
    return script(system, code)
  },
}

function become(system: System, program: string): Step {
  system.process.program = program
  system.process.memory = null
  return 'again'
}

function say(system: System, text: string, exit: number): Step {
  system.write(exit === 0 ? 1 : 2, text)
  return { exit }
}

/** A line or two of Python: prints, sleeps, exits, and conditions on the environment. Others are taken to end well. */
function script(system: System, code: string): Step {
  const memory = (system.process.memory ??= { line: 0 } as never) as unknown as {
    line: number
    until?: number
    skip?: number
    taken?: number
  }
  const lines = code.split(/\n|;\s*(?=\w)/)
  for (; memory.line < lines.length; memory.line++) {
    const line = lines[memory.line]!
    const depth = line.length - line.trimStart().length
    const text = line.trim()
    if (text === '' || text.startsWith('#') || /^(import|from)\b/.test(text)) continue
    if (memory.skip !== undefined) {
      if (depth > memory.skip) continue
      delete memory.skip
    }
    const branch = /^(if|elif|else|while)\b\s*(.*?)\s*:\s*(.*)$/.exec(text)
    if (branch) {
      const [, word, condition] = branch
      const isTaken =
        (word === 'if' || word === 'while' || memory.taken !== depth) &&
        (word === 'else' || holds(condition!, lines, system))
      if (isTaken && word !== 'while') memory.taken = depth
      else if (word === 'if' && !isTaken) delete memory.taken
      if (!isTaken) memory.skip = depth
      if (word === 'while' && isTaken) return { for: 'signal' }
      continue
    }
    const exit = /\bexit\((\d*)\)/.exec(text)
    if (exit) return { exit: Number(exit[1] || 0) }
    if (/^raise\b/.test(text)) return say(system, 'Traceback (most recent call last):\n', 1)
    const print = /^print\(\s*f?(["'])(.*?)\1\s*(?:,.*)?\)$/.exec(text)
    if (print) system.write(1, `${print[2]}\n`)
    const sleep = /\bsleep\((\d+(?:\.\d+)?)\)/.exec(text)
    if (sleep) {
      memory.until ??= system.now() + Number(sleep[1]) * 1000
      if (system.now() < memory.until) return { for: 'time', until: memory.until }
      delete memory.until
    }
  }
  return { exit: 0 }
}

/** `os.environ.get("X") == "2"`, `index == 0`, `True`. */
function holds(condition: string, lines: readonly string[], system: System): boolean {
  if (/^(True|1)$/.test(condition)) return true
  const match = /^(.+?)\s*(==|!=)\s*(.+)$/.exec(condition)
  if (!match) return true
  const same = valueOf(match[1]!, lines, system) === valueOf(match[3]!, lines, system)
  return (match[2] === '==') === same
}

function valueOf(text: string, lines: readonly string[], system: System, depth = 0): string {
  const variable = /environ(?:\.get\(|\[)\s*["'](\w+)["']/.exec(text)
  if (variable) return Object.hasOwn(system.process.env, variable[1]!) ? system.process.env[variable[1]!]! : ''
  const quoted = /^["'](.*)["']$/.exec(text.trim())
  if (quoted) return quoted[1]!
  if (!/^[A-Za-z_]\w*$/.test(text.trim()) || depth > 4) return text.trim()
  const set = lines.find((line) => line.trim().startsWith(`${text.trim()} =`))
  return set === undefined ? '' : valueOf(set.slice(set.indexOf('=') + 1), lines, system, depth + 1)
}
