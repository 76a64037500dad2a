import type { Program, Step, System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { durationOf } from './behaviour.ts'
import { flagged } from './arguments.ts'
import { filled, type Server } from './server.ts'
import { milliValue, parseQuantity } from '../../../machinery/quantity.ts'

const mebibyte = 1024 * 1024

/** What runs where nobody knows the program: it serves what the container declares, or does what it is for and ends. */
export const unknownServer: Server = {
  name: 'unknown',
  memoryMiB: 48,
  milliCPU: 10,
  cpuMs: 2,
  shareOfRequest: 0.2,
  begin(system) {
    const { argv } = system.process
    // A command of an exec, a probe or a script with a server beside it is a tool; so is an init container's.
    const isTool =
      (system.process.session ?? '') !== '' || system.isToEnd || system.children().length > 0 || serves(system)
    if (isTool) return { ports: [], startupMs: system.isToEnd ? 1500 : 20, exit: 0 }
    return {
      ports: [0],
      startupMs: 400,
      ready: `${argv[0]!
        .split('/')
        .at(-1)!
        .replace(/^entrypoint$/, 'the server')} is up`,
    }
  },
  http({ path }, system) {
    return { status: 200, body: `${system.hostname} ${path}\n` }
  },
  access: ({ method, path, query, headers }, { status }, _system, tookMs) =>
    (headers['user-agent'] ?? '').startsWith('kube-probe/')
      ? ''
      : `${method} ${path}${query} ${status} ${Math.round(tookMs)}ms`,
}

/** Does another process of the container do so already? */
const serves = (system: System): boolean =>
  system
    .processes()
    .some((one) => one.pid !== system.process.pid && Object.values(one.fds).some(({ kind }) => kind === 'listener'))

/** Waits for ever, without listening: a server that nobody calls. */
const idle = (name: string, stopCode = 0): Server => ({
  name,
  memoryMiB: 1,
  milliCPU: 0,
  stop: { TERM: { code: stopCode, ms: 1 }, INT: { code: stopCode, ms: 1 } },
  begin: () => ({ ports: [] }),
})

/** `pause` ends well when it is told to, as the real one does. */
export const pauseServer = idle('pause-server')

/** A tool that does something that is not simulated, and is done. */
const quick: Program = after('quick', ({ process: { argv } }) => {
  const name = argv[0]!.split('/').at(-1)!
  if (/^grpc[_-]health/.test(name)) return { ms: 5, out: 'status: SERVING\n' }
  if (argv.includes('--version') || argv[1] === 'version') return { ms: 5, out: `${name} 1.0.0\n` }
  if (name === 'apt-get' || name === 'apt' || name === 'apk' || name === 'yum' || name === 'dnf')
    return { ms: 2500, out: 'Reading package lists... Done\n' }
  return { ms: 1200, out: '' }
})

/** A program that writes something after a while, and ends. */
function after(
  name: string,
  plan: (system: System) => { readonly ms: number; readonly out: string; readonly exit?: number },
): Program {
  return {
    name,
    step: (system): Step => {
      const until = system.process.memory as number | null
      const { ms, out, exit = 0 } = plan(system)
      if (until === null) {
        system.process.memory = system.now() + ms
        return { for: 'time', until: system.now() + ms }
      }
      if (system.now() < until) return { for: 'time', until }
      if (out !== '') system.write(1, out)
      return { exit }
    },
  }
}

const hello: Program = after('hello', () => ({
  ms: 5,
  out: '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n\n',
}))

/** Digits of pi, by Gibbons' spigot with whole numbers. */
function digitsOfPi(count: number): string {
  let [q, r, t, k, n, l] = [1n, 0n, 1n, 1n, 3n, 3n]
  let out = ''
  while (out.length <= count) {
    if (4n * q + r - t < n * t) {
      out += n
      const next = 10n * (r - n * t)
      n = (10n * (3n * q + r)) / t - 10n * n
      q *= 10n
      r = next
    } else {
      const next = (2n * q + r) * l
      n = (q * (7n * k) + 2n + r * l) / (t * l)
      q *= k
      t *= l
      l += 2n
      k += 1n
      r = next
    }
  }
  return `${out[0]}.${out.slice(1)}`
}

/** perl prints digits of pi, the documentation's Job, and what `print` is given. */
const perl: Program = after('perl', ({ process: { argv } }) => {
  const code = argv.find((_, index) => /^-\w*e$/.test(argv[index - 1] ?? '')) ?? ''
  const pi = /bpi\((\d+)\)/.exec(code)
  if (pi) return { ms: 4000, out: `${digitsOfPi(Math.min(3000, Number(pi[1])))}\n` }
  const printed = /print\s*\(?\s*"([^"]*)"/.exec(code)
  const exit = Number(/exit\s*\(?\s*(\d+)/.exec(code)?.[1] ?? 0)
  return { ms: 20, out: printed ? printed[1]!.replaceAll('\\n', '\n') : '', exit }
})

interface StressMemory {
  bytes: number
  most: number
  grow: number
  every: number
  at: number
  until?: number
}

/** `stress` and its kin: memory that grows until it is enough or too much, and CPU that is burnt. */
const stress: Program = {
  name: 'stress',
  step: (system) => {
    const { argv } = system.process
    const memory = (system.process.memory ??= stressPlan(system) as never) as unknown as StressMemory
    const now = system.now()
    if (memory.until !== undefined && now >= memory.until) {
      if (argv[0]!.includes('stress') && flagged(argv, ['vm', 'm', 'cpu', 'c']))
        system.write(
          1,
          `stress: info: [1] successful run completed in ${Math.round((now - system.process.startedMs) / 1000)}s\n`,
        )
      return { exit: 0 }
    }
    if (memory.bytes < memory.most && now >= memory.at) {
      memory.bytes = Math.min(memory.most, memory.bytes + memory.grow)
      memory.at = now + memory.every
    }
    const next = Math.min(memory.bytes < memory.most ? memory.at : Infinity, memory.until ?? Infinity)
    return next === Infinity ? { for: 'signal' } : { for: 'time', until: next }
  },
  usage: ({ argv, memory }) => ({
    memoryBytes: mebibyte + ((memory as unknown as StressMemory | null)?.bytes ?? 0),
    milliCPU: stressCPU(argv),
  }),
}

function stressPlan(system: System): StressMemory {
  const { argv } = system.process
  const vm = flagged(argv, ['vm', 'm'])
  const total = flagged(argv, ['mem-total'])
  const bytes = (text: string | undefined) => {
    const upper = (text ?? '')
      .toUpperCase()
      .replace(/^(\d+)([KMG])B?$/, '$1$2i')
      .replace('Ki', 'Ki')
    return parseQuantity(upper.replace('KI', 'Ki'))
      ? milliValue(upper.replace('KI', 'Ki')) / 1000
      : parseQuantity(text ?? '')
        ? milliValue(text) / 1000
        : 256 * mebibyte
  }
  const timeout = durationOf(flagged(argv, ['timeout', 't']))
  const until = timeout === undefined ? {} : { until: system.now() + timeout }
  if (total !== undefined) {
    const step = flagged(argv, ['mem-alloc-size'])
    system.write(
      2,
      filled(
        `I{%m%d %H:%M:%S}.000000       1 main.go:26] Allocating "${total}" memory, in "${step ?? '4Ki'}" chunks, with a ${flagged(argv, ['mem-alloc-sleep']) ?? '1ms'} sleep between allocations\n`,
        system,
      ),
    )
    const every = Math.max(1, durationOf(flagged(argv, ['mem-alloc-sleep']), 'ms') ?? 1)
    // Many small steps are taken together, or they would be the cluster's whole work.
    const together = Math.max(1, Math.ceil(100 / every))
    return {
      bytes: 0,
      most: bytes(total),
      grow: Math.max(bytes(step), mebibyte) * together,
      every: every * together,
      at: 0,
      ...until,
    }
  }
  const workers = Number(vm ?? 0)
  const cpus = flagged(argv, ['cpu', 'c', 'cpus'])
  system.write(1, `stress: info: [1] dispatching hogs: ${cpus ?? 0} cpu, 0 io, ${workers} vm, 0 hdd\n`)
  const most = workers * bytes(flagged(argv, ['vm-bytes']))
  return { bytes: 0, most, grow: most / 4 + 1, every: 100, at: system.now() + 100, ...until }
}

function stressCPU(argv: readonly string[]): number {
  const cpus = flagged(argv, ['cpu', 'c', 'cpus'])
  const vm = flagged(argv, ['vm', 'm'])
  return (Number(cpus ?? 0) + Number(vm ?? 0)) * 1000
}

/** An image's entrypoint: options alone go to its own program, and anything else is run as it is. */
export function entryProgram(name: string): Program {
  return {
    name: `entry:${name}`,
    step: (system) => {
      const [self, ...args] = system.process.argv
      const argv = args.length === 0 || args[0]!.startsWith('-') ? [name, ...args] : args
      if (name === 'nginx' && argv[0] === 'nginx') system.write(1, nginxEntry)
      const failure = system.exec(argv)
      if (!failure) return 'again'
      system.write(2, `${self}: line 47: exec: ${argv[0]}: not found\n`)
      return { exit: 127 }
    },
  }
}

const nginxEntry = `/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh
/docker-entrypoint.sh: Configuration complete; ready for start up
`

/** A language's runtime: what is found of a server in its command line runs, a small script ends. */
const python: Program = {
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

/** Programs that are no servers. */
export const others: readonly Program[] = [quick, hello, perl, stress, python, { ...python, name: 'python' }]
