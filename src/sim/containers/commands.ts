/** What a command line would do, as far as its shape tells: how long it runs, how it ends, what it prints, whom it waits for. */
export interface CommandOutcome {
  /** Undefined: it runs until it is stopped. */
  readonly exit?: { readonly afterMs: number; readonly code: number }
  readonly waitsFor?: { readonly host: string; readonly port?: number; readonly everyMs: number }
  readonly log: readonly { readonly atMs: number; readonly text: string }[]
}

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh'])
const tools = new Set([
  'echo',
  'printf',
  'true',
  'ls',
  'cat',
  'cp',
  'mv',
  'mkdir',
  'rm',
  'touch',
  'chmod',
  'chown',
  'env',
  'printenv',
  'date',
  'hostname',
  'id',
  'pwd',
  'wget',
  'curl',
  'nslookup',
  'dig',
  'ping',
  'test',
  'seq',
  'expr',
  'uname',
  'whoami',
  'perl',
  'openssl',
])
const forever =
  /\bwhile\s+(true|:|\[\s*1\s*\]|sleep\b)|\btail\s+-[fF]|\bsleep\s+(inf|infinity)\b|\bfor\s*\(\(\s*;;\s*\)\)|\buntil\s+false\b/

/** Reads a command with its arguments; undefined means that it names a program of the image's own. */
export function outcomeOf(argv: readonly string[]): CommandOutcome | undefined {
  const program = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1)
  if (shells.has(program)) {
    const script = scriptOf(argv)
    return script === undefined ? undefined : outcomeOfScript(script)
  }
  if (program === 'sleep') return sleepOutcome(argv.slice(1))
  if (program === 'tail' && argv.some((one) => one === '-f' || one === '-F')) return { log: [] }
  if (program === 'false') return { exit: { afterMs: 5, code: 1 }, log: [] }
  if (program === 'echo') return { exit: { afterMs: 5, code: 0 }, log: [{ atMs: 2, text: argv.slice(1).join(' ') }] }
  if (tools.has(program)) return { exit: { afterMs: program === 'perl' ? 4000 : 20, code: 0 }, log: [] }
  return undefined
}

/** The text after `-c`, whatever options stand with it (`-exc`). */
function scriptOf(argv: readonly string[]): string | undefined {
  for (let i = 1; i < argv.length; i++) {
    if (!argv[i]!.startsWith('-')) return undefined
    if (/^-[a-z]*c$/.test(argv[i]!)) return argv[i + 1] ?? ''
  }
  return undefined
}

function sleepOutcome(args: readonly string[]): CommandOutcome {
  const ms = args.reduce((sum, one) => sum + durationMs(one), 0)
  return Number.isFinite(ms) ? { exit: { afterMs: ms, code: 0 }, log: [] } : { log: [] }
}

function outcomeOfScript(script: string): CommandOutcome {
  const log: { atMs: number; text: string }[] = []
  const wait = waitOf(script)
  let at = 5
  for (const statement of script.split(/[;\n]|&&/)) {
    const text = statement.trim()
    const echo = /^echo\s+(?:-[ne]+\s+)?["']?([^"'>|]*)["']?\s*$/.exec(text)
    if (echo) log.push({ atMs: at, text: echo[1]! })
    if (!wait && (forever.test(text) || /^exec\s+(?!sleep)/.test(text))) return { log }
    const sleep = /^(?:exec\s+)?sleep\s+(\S+)/.exec(text)
    if (sleep && !wait) at += durationMs(sleep[1]!)
    const exit = /^exit(?:\s+(\d+))?/.exec(text)
    if (exit && !wait) return { exit: { afterMs: at, code: Number(exit[1] ?? 0) & 255 }, log }
    const own = /^(?:exec\s+)?([\w./-]+)/.exec(text)?.[1]
    if (own && isServer(own)) return { log }
  }
  if (!Number.isFinite(at) || (!wait && forever.test(script))) return { log }
  return { exit: { afterMs: at, code: 0 }, ...(wait && { waitsFor: wait }), log }
}

/** Programs that stay. */
function isServer(word: string): boolean {
  return /(^|\/)(nginx|httpd|python3?|node|java|mysqld|postgres|redis-server|mongod|gunicorn|uvicorn|php-fpm|apache2-foreground)$/.test(
    word,
  )
}

/** `until nslookup db; do sleep 2; done`, `until nc -z db 5432; …`, a loop around wget or curl on a host. */
function waitOf(script: string): CommandOutcome['waitsFor'] {
  const loop = /\b(until|while|for)\b/.test(script)
  if (!loop) return undefined
  const everyMs = durationMs(/\bsleep\s+(\S+?)(?:;|\s|$)/.exec(script)?.[1] ?? '1')
  const netcat = /\bnc\s+(?:-\w+\s+(?:\d+\s+)?)*([\w.-]+)\s+(\d+)/.exec(script)
  if (netcat) return { host: netcat[1]!, port: Number(netcat[2]), everyMs }
  const lookup = /\b(?:nslookup|getent\s+hosts|ping\s+-c\s*\d+|mysqladmin\b.*-h|pg_isready\b.*-h)\s*([\w.-]+)/.exec(
    script,
  )
  if (lookup) return { host: lookup[1]!, everyMs }
  const http = /\b(?:wget|curl)\b[^;|&\n]*?(?:https?:\/\/)([\w.-]+)(?::(\d+))?/.exec(script)
  if (http) return { host: http[1]!, ...(http[2] && { port: Number(http[2]) }), everyMs }
  return undefined
}

function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text.replace(/["']/g, ''))
  if (!match) return text.startsWith('inf') ? Infinity : 1000
  const unit = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2]!]!
  return Number(match[1]) * unit
}
