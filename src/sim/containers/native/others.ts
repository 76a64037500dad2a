import type { Program, Step, System } from '../kernel/types.ts'
import { serving } from './grpc.ts'
import { python } from './python.ts'
import { stress } from './stress.ts'
import type { Server } from './types.ts'

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
  // Whoever is asked so is known to answer: its manifest says that it does.
  grpc: () => serving,
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

/** Programs that are no servers. */
export const others: readonly Program[] = [quick, hello, perl, stress, python, { ...python, name: 'python' }]
