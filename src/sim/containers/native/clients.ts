import type { Program, Step, System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { flagged } from './arguments.ts'

/** A client as data: whom it asks what, and what it makes of the answer. */
interface Client {
  readonly name: string
  readonly port: number
  /** What it sends; 'nothing' when being connected is enough; a text to print when it does not even ask. */
  ask(
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    input: string | undefined,
  ): string | { print: string; exit: number }
  /** Does it read what it sends from its input? */
  reads?(argv: readonly string[]): boolean
  /** Is the answer all there? */
  isWhole(text: string): boolean
  show(text: string, argv: readonly string[]): { readonly out: string; readonly exit: number }
  failed(host: string, port: number, why: string): { readonly out: string; readonly exit: number }
  readonly hostNames?: readonly string[]
  readonly portNames?: readonly string[]
}

interface Memory {
  fd?: number
  sent?: true
  got: string
  input?: string
  until: number
}

const timeoutMs = 10_000

function clientProgram(client: Client): Program {
  return {
    name: client.name,
    step: (system) => {
      const { argv, env } = system.process
      const memory = (system.process.memory ??= {
        got: '',
        until: system.now() + timeoutMs,
      } as never) as unknown as Memory
      const host = flagged(argv, client.hostNames ?? ['h', 'host']) ?? env['PGHOST'] ?? '127.0.0.1'
      const port = Number(flagged(argv, client.portNames ?? ['p', 'port', 'P']) ?? client.port)
      if (client.reads?.(argv) && memory.fd === undefined) {
        const text = system.read(0)
        if (text === '') return { for: 'readable', fd: 0 }
        if (typeof text === 'string') {
          memory.input = (memory.input ?? '') + text
          return 'again'
        }
      }
      const question = client.ask(argv, env, memory.input)
      if (typeof question !== 'string') return end(system, { out: question.print, exit: question.exit })
      memory.fd ??= system.connect(host, port)
      const status = system.socket(memory.fd)?.status
      if (system.now() >= memory.until) return end(system, client.failed(host, port, 'Connection timed out'))
      if (status === 'connecting') return { for: 'connected', fd: memory.fd, until: memory.until }
      if (status !== 'open' && !memory.sent)
        return end(
          system,
          client.failed(
            host,
            port,
            status === 'ECONNREFUSED'
              ? 'Connection refused'
              : system.lookUp(host).length === 0
                ? 'Name or service not known'
                : 'No route to host',
          ),
        )
      if (!memory.sent) {
        if (question !== '') system.write(memory.fd, question)
        memory.sent = true
      }
      const text = system.read(memory.fd)
      const ended = text === undefined || isFailure(text)
      if (!ended) memory.got += text
      if (!ended && !client.isWhole(memory.got)) {
        return { for: 'readable', fd: memory.fd, until: memory.until }
      }
      system.close(memory.fd)
      return end(system, client.show(memory.got, argv))
    },
  }
}

function end(system: System, { out, exit }: { readonly out: string; readonly exit: number }): Step {
  if (out !== '') system.write(exit === 0 ? 1 : 2, out)
  return { exit }
}

/** Arguments that are no options; those of the options that take a value are left out. */
function rest(argv: readonly string[], valued: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 1; at < argv.length; at++) {
    const one = argv[at]!
    if (found.length === 0 && one.startsWith('-') && one.length > 1) {
      if (valued.includes(one)) at++
    } else found.push(one)
  }
  return found
}

const resp = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((one) => `$${one.length}\r\n${one}\r\n`).join('')}`

/** A reply of Redis as redis-cli prints it when nobody looks on. */
function readable(text: string, at = 0, depth = 0): { readonly out: string; readonly next: number } | undefined {
  const end = text.indexOf('\r\n', at)
  if (end < 0 || depth > 8) return undefined
  const line = text.slice(at + 1, end)
  if (text[at] === '$') {
    const size = Number(line)
    if (size < 0) return { out: '\n', next: end + 2 }
    return text.length < end + 4 + size
      ? undefined
      : { out: `${text.slice(end + 2, end + 2 + size)}\n`, next: end + 4 + size }
  }
  if (text[at] !== '*') return { out: `${line}\n`, next: end + 2 }
  let out = ''
  let next = end + 2
  for (let i = 0; i < Number(line); i++) {
    const one = readable(text, next, depth + 1)
    if (!one) return undefined
    out += one.out
    next = one.next
  }
  return { out: out || '\n', next }
}

const redisValued = ['-h', '-p', '-a', '-n', '-u', '--user', '--pass', '-r', '-i']
const redisCli: Client = {
  name: 'redis-cli',
  port: 6379,
  reads: (argv) => rest(argv, redisValued).length === 0,
  ask(argv, env, input) {
    const words = rest(argv, redisValued)
    const password = flagged(argv, ['a', 'pass']) ?? env['REDISCLI_AUTH']
    const lines =
      words.length > 0 ? [words] : (input ?? '').split('\n').map((line) => line.trim().split(/\s+/).filter(Boolean))
    const asked = lines.filter((line) => line.length > 0)
    if (asked.length === 0) return { print: '', exit: 0 }
    return (password ? resp(['AUTH', password]) : '') + asked.map(resp).join('') + resp(['QUIT'])
  },
  isWhole: () => false,
  show(text, argv) {
    const skips = flagged(argv, ['a', 'pass']) !== undefined ? 1 : 0
    const outs: string[] = []
    for (let at = 0; at < text.length;) {
      const one = readable(text, at)
      if (!one) break
      outs.push(one.out)
      at = one.next
    }
    const shown = outs.slice(skips, -1)
    return { out: shown.join(''), exit: 0 }
  },
  failed: (host, port, why) => ({ out: `Could not connect to Redis at ${host}:${port}: ${why}\n`, exit: 1 }),
}

const nothing = { ask: () => '', isWhole: () => true } as const

/** What SQL comes to, as far as a server without tables can say; undefined for what changes something. */
function sqlAnswer(sql: string): string | undefined {
  const match = /^\s*select\s+(.+?)\s*;?\s*$/i.exec(sql)
  if (!match) return undefined
  const what = match[1]!
  if (/^[\d\s+*()-]+$/.test(what)) {
    const sum = /^(\d+)\s*([+*-])\s*(\d+)$/.exec(what)
    if (!sum) return what
    const [left, right] = [Number(sum[1]), Number(sum[3])]
    return String(sum[2] === '+' ? left + right : sum[2] === '*' ? left * right : left - right)
  }
  return /^'[^']*'$/.test(what) ? what.slice(1, -1) : ''
}

const sqlOf = (argv: readonly string[], names: readonly string[], input: string | undefined): string =>
  flagged(argv, names) ?? input ?? ''

const psql: Client = {
  name: 'psql',
  port: 5432,
  hostNames: ['h', 'host'],
  reads: (argv) =>
    !argv.some((one) => /^-[A-Za-z]*c$/.test(one)) &&
    flagged(argv, ['c', 'command', 'f', 'file', 'l', 'V', 'version']) === undefined &&
    !argv.includes('-l') &&
    !argv.includes('--version'),
  ask: (argv) =>
    argv.includes('--version') || argv.includes('-V') ? { print: 'psql (PostgreSQL) 17.6\n', exit: 0 } : '',
  isWhole: () => true,
  show(_text, argv) {
    const sql = sqlOf(
      argv,
      ['command'],
      argv.find((_, at) => /^-[A-Za-z]*c$/.test(argv[at - 1] ?? '')),
    )
    const plain = argv.some((one) => /^-[A-Za-z]*[tA]/.test(one))
    const value = sqlAnswer(sql)
    if (value === undefined)
      return {
        out:
          sql === ''
            ? ''
            : `${/^\s*(\w+(?:\s+(?:table|database|user|role|index|extension))?)/i.exec(sql)?.[1]?.toUpperCase() ?? ''}\n`,
        exit: 0,
      }
    const width = Math.max(8, value.length)
    return {
      out: plain ? `${value}\n` : ` ?column? \n${'-'.repeat(width + 2)}\n ${value.padStart(width)}\n(1 row)\n\n`,
      exit: 0,
    }
  },
  failed: (host, port, why) => ({
    out: `psql: error: connection to server at "${host}", port ${port} failed: ${why}\n\tIs the server running on that host and accepting TCP/IP connections?\n`,
    exit: 2,
  }),
}

const pgIsReady: Client = {
  name: 'pg_isready',
  port: 5432,
  ...nothing,
  show: (_text, argv) => {
    const host = flagged(argv, ['h', 'host']) ?? '/var/run/postgresql'
    const quiet = argv.includes('-q')
    return { out: quiet ? '' : `${host}:${flagged(argv, ['p', 'port']) ?? 5432} - accepting connections\n`, exit: 0 }
  },
  failed: (host, port) => ({
    out: `${host === '127.0.0.1' ? '/var/run/postgresql' : host}:${port} - no response\n`,
    exit: 2,
  }),
}

const mysqladmin = (name: string): Client => ({
  name,
  port: 3306,
  portNames: ['P', 'port'],
  ...nothing,
  show: (_text, argv) =>
    argv.includes('status')
      ? {
          out: 'Uptime: 100  Threads: 2  Questions: 5  Slow queries: 0  Opens: 119  Flush tables: 3  Open tables: 38  Queries per second avg: 0.05\n',
          exit: 0,
        }
      : { out: 'mysqld is alive\n', exit: 0 },
  failed: (host, port, why) => ({
    out: `${name}: connect to server at '${host}' failed\nerror: 'Can't connect to ${host === '127.0.0.1' ? "local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)'\nCheck that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!" : `MySQL server on '${host}:${port}' (${why === 'Connection refused' ? 111 : 110})'`}\n`,
    exit: 1,
  }),
})

const mysql = (name: string): Client => ({
  name,
  port: 3306,
  portNames: ['P', 'port'],
  reads: (argv) => flagged(argv, ['e', 'execute']) === undefined && !argv.some((one) => /^-e./.test(one)),
  ask: () => '',
  isWhole: () => true,
  show(_text, argv) {
    const sql = sqlOf(argv, ['e', 'execute'], argv.find((one) => /^-e./.test(one))?.slice(2))
    const value = sqlAnswer(sql)
    return { out: value === undefined ? '' : `${/^\s*select\s+(.+?)\s*;?\s*$/i.exec(sql)![1]!}\n${value}\n`, exit: 0 }
  },
  failed: (host, port, why) => ({
    out: `ERROR ${host === '127.0.0.1' ? `2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)` : why.startsWith('Name') ? `2005 (HY000): Unknown MySQL server host '${host}' (-2)` : `2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (${why === 'Connection refused' ? 111 : 110})`}\n`,
    exit: 1,
  }),
})

const mongosh = (name: string): Client => ({
  name,
  port: 27017,
  ...nothing,
  show: (_text, argv) => {
    const code = flagged(argv, ['eval']) ?? ''
    return { out: /ping/.test(code) ? (/\.ok\b/.test(code) ? '1\n' : '{ ok: 1 }\n') : '', exit: 0 }
  },
  failed: (host, port) => ({ out: `MongoNetworkError: connect ECONNREFUSED ${host}:${port}\n`, exit: 1 }),
})

const rabbit = (name: string): Client => ({
  name,
  port: 5672,
  ...nothing,
  show: (_text, argv) =>
    argv.includes('ping') || argv.includes('check_running')
      ? { out: 'Ping succeeded\n', exit: 0 }
      : { out: '', exit: 0 },
  failed: () => ({
    out: 'Error: unable to perform an operation on node. Please see diagnostics information and suggestions below.\n',
    exit: 69,
  }),
})

/** Tools with which people ask the servers of well-known images. */
export const clients: readonly Program[] = [
  redisCli,
  { ...redisCli, name: 'valkey-cli' },
  psql,
  pgIsReady,
  mysqladmin('mysqladmin'),
  mysqladmin('mariadb-admin'),
  mysql('mysql'),
  mysql('mariadb'),
  mongosh('mongosh'),
  mongosh('mongo'),
  rabbit('rabbitmq-diagnostics'),
  rabbit('rabbitmqctl'),
].map(clientProgram)
