import type { System } from '../kernel/types.ts'
import { fnv1a } from '../../../lib/fnv1a.ts'
import { flagged } from './arguments.ts'
import type { Conversation } from './types.ts'
import { readText } from './files.ts'
import type { Reply, Server, ServerMemory } from './types.ts'

type Value = string | readonly string[] | Readonly<Record<string, string>>

interface Kept {
  data: Record<string, { value: Value; kind: 'string' | 'list' | 'set' | 'hash'; expires?: number }>
  bytes: number
}

const stamp = '{%d %b %Y %H:%M:%S}.000 '
const simple = (text: string) => `+${text}\r\n`
const fault = (text: string) => `-${text}\r\n`
const integer = (value: number) => `:${value}\r\n`
const bulk = (text: string | undefined) => (text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`)
const array = (list: readonly string[]) => `*${list.length}\r\n${list.map(bulk).join('')}`
const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value'

/** Redis, as far as people try it: strings, counters, lists, sets, hashes, expiry. What it holds is saved in /data. */
export const redisServer: Server = {
  name: 'redis-server',
  memoryMiB: 4,
  milliCPU: 2,
  cpuMs: 0.02,
  stop: {
    TERM: stopRule('SIGTERM'),
    INT: stopRule('SIGINT'),
  },
  begin(system) {
    const { argv } = system.process
    const file = argv[1] && !argv[1].startsWith('-') ? argv[1] : undefined
    const text = file === undefined ? '' : readText(system, file)
    if (typeof text !== 'string')
      return {
        ports: [],
        log: `1:C ${stamp}# Fatal error, can't open config file '${file}': No such file or directory`,
        exit: 1,
      }
    const said = (name: string) =>
      flagged(argv, [name]) ?? new RegExp(`^\\s*${name}\\s+"?([^"\\s]*)`, 'm').exec(text)?.[1]
    const port = Number(said('port') ?? 6379)
    const password = said('requirepass')
    const dir = said('dir') ?? system.process.cwd
    const dump = readText(system, `${dir}/dump.rdb`)
    const config = { dir, ...(password && { password }), ...(typeof dump === 'string' && { load: true }) }
    return {
      ports: [port],
      startupMs: 50,
      config,
      log:
        `1:C ${stamp}* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n1:C ${stamp}* Redis version=8.2.1, bits=64, commit=00000000, modified=0, pid=1, just started\n` +
        `1:C ${stamp}${file ? '* Configuration loaded' : '# Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf'}`,
      ready: `1:M ${stamp}* Running mode=standalone, port=${port}.\n1:M ${stamp}* Server initialized\n1:M ${stamp}* Ready to accept connections tcp`,
    }
  },
  taken: (port) => ({
    log: `1:M ${stamp}# Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use\n1:M ${stamp}# Failed listening on port ${port} (tcp), aborting.`,
  }),
  stopping(system, memory) {
    if (memory.kept) save(system, memory.config as { dir: string }, memory.kept as Kept)
  },
  held: ({ kept }) => (kept as Kept | undefined)?.bytes ?? 0,
  talk(input, system, memory, connection): Reply | undefined {
    let text = ''
    let rest = input
    for (;;) {
      const found = commandIn(rest)
      if (found === 'bad') return { text: `${text}${fault('ERR Protocol error')}`, rest: '', close: true }
      if (!found) break
      rest = found.rest
      if (found.argv.length === 0) continue
      if (found.argv[0]!.toUpperCase() === 'QUIT') return { text: text + simple('OK'), rest, close: true }
      text += run(found.argv, system, memory, connection)
    }
    return text === '' ? undefined : { text, rest }
  },
}

function stopRule(name: string) {
  return {
    ms: 30,
    log: `1:signal-handler ({%s}) Received ${name} scheduling shutdown...\n1:M ${stamp}* User requested shutdown...\n1:M ${stamp}* Saving the final RDB snapshot before exiting.\n1:M ${stamp}* DB saved on disk\n1:M ${stamp}# Redis is now ready to exit, bye bye...`,
  }
}

/** One command: an array of bulk strings, or a line of words. */
function commandIn(text: string): { argv: string[]; rest: string } | 'bad' | undefined {
  const end = text.indexOf('\r\n') >= 0 ? text.indexOf('\r\n') : text.indexOf('\n')
  if (end < 0) return undefined
  const after = end + (text[end] === '\r' ? 2 : 1)
  if (!text.startsWith('*'))
    return { argv: text.slice(0, end).trim().split(/\s+/).filter(Boolean), rest: text.slice(after) }
  const count = Number(text.slice(1, end))
  if (!(count >= 0 && count <= 1_000_000)) return 'bad'
  const argv: string[] = []
  let at = after
  for (let i = 0; i < count; i++) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number(text.slice(at + 1, line))
    if (text[at] !== '$' || !(size >= 0)) return 'bad'
    if (text.length < line + 2 + size + 2) return undefined
    argv.push(text.slice(line + 2, line + 2 + size))
    at = line + 4 + size
  }
  return { argv, rest: text.slice(at) }
}

function run(
  [name, ...args]: readonly string[],
  system: System,
  memory: ServerMemory,
  connection: Conversation,
): string {
  const config = memory.config as { password?: string; dir: string; load?: true }
  const kept: Kept = (memory.kept ??= loaded(system, config))
  const command = name!.toUpperCase()
  if (command === 'AUTH') {
    if (config.password === undefined)
      return fault(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      )
    if (args.at(-1) !== config.password) return fault('WRONGPASS invalid username-password pair or user is disabled.')
    connection.known = true
    return simple('OK')
  }
  if (config.password !== undefined && !connection.known) return fault('NOAUTH Authentication required.')
  const [key = '', ...rest] = args
  if (!Object.hasOwn(arity, command))
    return fault(`ERR unknown command '${name}', with args beginning with: ${args.map((one) => `'${one}' `).join('')}`)
  if (args.length < arity[command]!)
    return fault(`ERR wrong number of arguments for '${command.toLowerCase()}' command`)
  const { data } = kept
  const entry = Object.hasOwn(data, key) ? data[key] : undefined
  if (entry?.expires !== undefined && entry.expires <= system.wall()) delete data[key]
  const live = Object.hasOwn(data, key) ? data[key] : undefined
  const put = (value: Value, kind: Kept['data'][string]['kind'], expires = live?.expires) => {
    const next = { value, kind, ...(expires !== undefined && { expires }) }
    kept.bytes += JSON.stringify(next).length - (live ? JSON.stringify(live).length : -64 - key.length)
    if (key !== '__proto__') data[key] = next
  }
  const text = live?.kind === 'string' ? (live.value as string) : undefined
  const list = live && (live.kind === 'list' || live.kind === 'set') ? (live.value as readonly string[]) : []
  const hash = live?.kind === 'hash' ? (live.value as Record<string, string>) : {}
  const wants = kinds[command]
  if (live && wants && wants !== live.kind) return fault(wrongType)
  switch (command) {
    case 'PING':
      return key ? bulk(key) : simple('PONG')
    case 'ECHO':
      return bulk(key)
    case 'SELECT':
    case 'CLIENT':
    case 'FLUSHALL':
    case 'FLUSHDB':
    case 'SAVE':
    case 'BGSAVE':
      if (command.startsWith('FLUSH')) Object.assign(kept, { data: {}, bytes: 0 })
      save(system, config, kept)
      return command === 'BGSAVE' ? simple('Background saving started') : simple('OK')
    case 'HELLO':
      return array(['server', 'redis', 'version', '8.2.1', 'proto', '2', 'mode', 'standalone', 'role', 'master'])
    case 'COMMAND':
      return '*0\r\n'
    case 'CONFIG':
      return key.toUpperCase() === 'GET' ? array([rest[0] ?? '', '']) : simple('OK')
    case 'INFO':
      return bulk(
        `# Server\r\nredis_version:8.2.1\r\nredis_mode:standalone\r\ntcp_port:6379\r\nuptime_in_seconds:${Math.floor((system.now() - system.process.startedMs) / 1000)}\r\n\r\n# Clients\r\nconnected_clients:${Object.keys(memory.open ?? {}).length}\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n# Keyspace\r\ndb0:keys=${Object.keys(data).length},expires=0,avg_ttl=0\r\n`,
      )
    case 'DBSIZE':
      return integer(Object.keys(data).length)
    case 'SET': {
      const options = rest.slice(1).map((one) => one.toUpperCase())
      if ((options.includes('NX') && live) || (options.includes('XX') && !live)) return bulk(undefined)
      const at = options.findIndex((one) => one === 'EX' || one === 'PX')
      const expires = at < 0 ? undefined : system.wall() + Number(options[at + 1]) * (options[at] === 'EX' ? 1000 : 1)
      if (live) delete live.expires
      put(rest[0]!, 'string', expires)
      return simple('OK')
    }
    case 'SETEX':
      put(rest[1]!, 'string', system.wall() + Number(rest[0]) * 1000)
      return simple('OK')
    case 'SETNX':
      if (!live) put(rest[0]!, 'string')
      return integer(live ? 0 : 1)
    case 'GET':
      return bulk(text)
    case 'MGET':
      return `*${args.length}\r\n${args.map((one) => bulk(Object.hasOwn(data, one) && typeof data[one]!.value === 'string' ? data[one]!.value : undefined)).join('')}`
    case 'APPEND':
      put((text ?? '') + rest[0]!, 'string')
      return integer((text ?? '').length + rest[0]!.length)
    case 'STRLEN':
      return integer((text ?? '').length)
    case 'INCR':
    case 'DECR':
    case 'INCRBY':
    case 'DECRBY': {
      const by = (command.endsWith('BY') ? Number(rest[0]) : 1) * (command.startsWith('DECR') ? -1 : 1)
      const next = Number(text ?? 0) + by
      if (!Number.isSafeInteger(next)) return fault('ERR value is not an integer or out of range')
      put(String(next), 'string')
      return integer(next)
    }
    case 'DEL':
    case 'UNLINK': {
      const found = args.filter((one) => Object.hasOwn(data, one))
      for (const one of found) {
        kept.bytes -= JSON.stringify(data[one]).length + 64 + one.length
        delete data[one]
      }
      return integer(found.length)
    }
    case 'EXISTS':
      return integer(args.filter((one) => Object.hasOwn(data, one)).length)
    case 'TYPE':
      return simple(live?.kind ?? 'none')
    case 'EXPIRE':
      if (live) live.expires = system.wall() + Number(rest[0]) * 1000
      return integer(live ? 1 : 0)
    case 'TTL':
      return integer(!live ? -2 : live.expires === undefined ? -1 : Math.ceil((live.expires - system.wall()) / 1000))
    case 'KEYS':
      return array(Object.keys(data).filter((one) => like(one, key)))
    case 'SCAN':
      return `*2\r\n${bulk('0')}${array(Object.keys(data))}`
    case 'LPUSH':
    case 'RPUSH': {
      const next = command === 'LPUSH' ? [...rest.toReversed(), ...list] : [...list, ...rest]
      put(next, 'list')
      return integer(next.length)
    }
    case 'LPOP':
    case 'RPOP':
    case 'BLPOP':
    case 'BRPOP': {
      const left = command.endsWith('LPOP')
      if (list.length === 0) return command.startsWith('B') ? '*-1\r\n' : bulk(undefined)
      const popped = left ? list[0]! : list.at(-1)!
      const next = left ? list.slice(1) : list.slice(0, -1)
      if (next.length > 0) put(next, 'list')
      else delete data[key]
      return command.startsWith('B') ? array([key, popped]) : bulk(popped)
    }
    case 'LLEN':
    case 'SCARD':
      return integer(list.length)
    case 'LRANGE': {
      const [from, to] = [Number(rest[0]), Number(rest[1])]
      return array(
        list.slice(from < 0 ? Math.max(0, list.length + from) : from, to < 0 ? list.length + to + 1 : to + 1),
      )
    }
    case 'SADD': {
      const next = [...new Set([...list, ...rest])]
      put(next, 'set')
      return integer(next.length - list.length)
    }
    case 'SREM': {
      const next = list.filter((one) => !rest.includes(one))
      if (live) put(next, 'set')
      return integer(list.length - next.length)
    }
    case 'SMEMBERS':
      return array(list)
    case 'SISMEMBER':
      return integer(list.includes(rest[0]!) ? 1 : 0)
    case 'HSET': {
      const next = { ...hash }
      for (let at = 0; at + 1 < rest.length; at += 2) if (rest[at] !== '__proto__') next[rest[at]!] = rest[at + 1]!
      put(next, 'hash')
      return integer(Object.keys(next).length - Object.keys(hash).length)
    }
    case 'HGET':
      return bulk(Object.hasOwn(hash, rest[0]!) ? hash[rest[0]!] : undefined)
    case 'HGETALL':
      return array(Object.entries(hash).flat())
    case 'HDEL': {
      const next = Object.fromEntries(Object.entries(hash).filter(([field]) => !rest.includes(field)))
      if (live) put(next, 'hash')
      return integer(Object.keys(hash).length - Object.keys(next).length)
    }
    case 'PUBLISH':
      return integer(0)
    default:
      return simple('OK')
  }
}

/** Commands, and the least number of arguments of each. */
const arity: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'PING0 ECHO1 SELECT1 CLIENT1 FLUSHALL0 FLUSHDB0 SAVE0 BGSAVE0 HELLO0 COMMAND0 CONFIG1 INFO0 DBSIZE0 SET2 SETEX3 SETNX2 GET1 MGET1 APPEND2 ' +
    'STRLEN1 INCR1 DECR1 INCRBY2 DECRBY2 DEL1 UNLINK1 EXISTS1 TYPE1 EXPIRE2 TTL1 KEYS1 SCAN1 LPUSH2 RPUSH2 LPOP1 RPOP1 BLPOP2 BRPOP2 LLEN1 SCARD1 ' +
    'LRANGE3 SADD2 SREM2 SMEMBERS1 SISMEMBER2 HSET3 HGET2 HGETALL1 HDEL2 PUBLISH2 REPLICAOF2 SLAVEOF2 MULTI0 EXEC0'
  )
    .split(' ')
    .map((one) => [one.slice(0, -1), Number(one.at(-1))]),
)

/** Of which kind a key must be. */
const kinds: Readonly<Record<string, string>> = {
  ...Object.fromEntries('GET APPEND STRLEN INCR DECR INCRBY DECRBY'.split(' ').map((one) => [one, 'string'])),
  ...Object.fromEntries('LPUSH RPUSH LPOP RPOP BLPOP BRPOP LLEN LRANGE'.split(' ').map((one) => [one, 'list'])),
  ...Object.fromEntries('SADD SREM SMEMBERS SISMEMBER SCARD'.split(' ').map((one) => [one, 'set'])),
  ...Object.fromEntries('HSET HGET HGETALL HDEL'.split(' ').map((one) => [one, 'hash'])),
}

/** A key's pattern: `*` and `?`. */
function like(text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  if (parts.length === 1) return text === pattern
  if (!text.startsWith(parts[0]!)) return false
  let at = parts[0]!.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - at >= parts.at(-1)!.length && text.endsWith(parts.at(-1)!)
}

function loaded(system: System, { dir, load }: { readonly dir: string; readonly load?: true }): Kept {
  const text = load ? readText(system, `${dir}/dump.rdb`) : ''
  if (typeof text === 'string' && text.startsWith('REDIS0012'))
    try {
      return JSON.parse(text.slice(text.indexOf('\n') + 1)) as Kept
    } catch {
      // A file that something else wrote is not read.
    }
  return { data: {}, bytes: 0 }
}

/** Saved as Redis would when it is asked to, and when it ends. */
function save(system: System, { dir }: { readonly dir: string }, kept: Kept): void {
  const fd = system.open(`${dir}/dump.rdb`, { write: true, create: true, truncate: true })
  if (typeof fd !== 'number') return
  const text = JSON.stringify(kept)
  system.write(fd, `REDIS0012 ${fnv1a(text)}\n${text}`)
  system.close(fd)
}
