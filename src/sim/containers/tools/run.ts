import type { Signal, Wait } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { errorText } from './errors.ts'
import { inputsOf, type Inputs, readInputs } from './inputs.ts'
import { options } from './options.ts'
import { signalNamed } from './signal-names.ts'
import { type Body, type Call, type Outcome, tools } from './tool.ts'
import { xargs } from './xargs.ts'

/** `1.5`, `2m`, `1h`: milliseconds; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2]!]!
}

const sleep: Body = (call) => {
  const data = call.data<{ until?: number; bad?: string; forever?: true }>(() => {
    let ms = 0
    for (const arg of call.args) {
      if (/^inf(inity)?$/.test(arg)) return { forever: true }
      const one = durationMs(arg)
      if (one === undefined) return { bad: arg }
      ms += one
    }
    return { until: call.system.now() + ms }
  })
  if (call.args.length === 0) return call.usage('[N]...')
  if (data.bad !== undefined) {
    call.say(`invalid number '${data.bad}'`)
    return 1
  }
  if (data.forever) return { for: 'signal' }
  return call.system.now() >= data.until! ? 0 : { for: 'time', until: data.until! }
}

/** Becomes another command; the exit code when that fails. */
export function become(call: Call, argv: readonly string[], env?: Readonly<Record<string, string>>): Outcome {
  const stuck = call.flush()
  if (stuck) return stuck
  const failure = call.system.exec(argv, env)
  if (!failure) return 'again'
  call.say(`can't execute '${argv[0]}': ${errorText(failure)}`)
  return failure.errno === 'ENOENT' ? 127 : 126
}

const env: Body = (call) => {
  const given = options(
    call,
    '+iu:0',
    { 'ignore-environment': 'i', unset: 'u' },
    call.args[0] === '-' ? ['-i', ...call.args.slice(1)] : call.args,
  )
  if (!given) return 125
  const vars: Record<string, string> = given.has('i') ? {} : { ...call.system.process.env }
  for (const name of given.all('u')) delete vars[name]
  const rest = [...given.rest]
  while (rest[0]?.includes('=')) {
    const [name] = rest[0].split('=', 1)
    vars[name!] = rest.shift()!.slice(name!.length + 1)
  }
  if (rest.length > 0) return become(call, rest, vars)
  for (const [name, value] of Object.entries(vars)) call.out(`${name}=${value}${given.has('0') ? '\0' : '\n'}`)
  return 0
}

const timeout: Body = (call) => {
  interface Timeout {
    pid?: number
    until: number
    killAt?: number
    signal: Signal
    after?: number
    fired?: true
    rest: string[]
    bad?: string
  }
  const data = call.data<Timeout | { code: number }>(() => {
    const given = options(call, '+s:k:', { signal: 's', 'kill-after': 'k', foreground: 'f', 'preserve-status': 'f' })
    if (!given) return { code: 125 }
    const [time, ...rest] = given.rest
    const ms = time === undefined ? undefined : durationMs(time)
    if (time === undefined || rest.length === 0) return { code: call.usage('[-s SIG] [-k KILL_SECS] SECS PROG ARGS') }
    if (ms === undefined) return { code: 1, rest, until: 0, signal: 'TERM', bad: time }
    const after = given.has('k') ? durationMs(given.get('k')!) : undefined
    return {
      until: ms === 0 ? Number.MAX_SAFE_INTEGER : call.system.now() + ms,
      signal: signalNamed(given.get('s') ?? 'TERM') ?? 'TERM',
      rest,
      ...(after !== undefined && { after }),
    }
  })
  if ('code' in data) {
    if ('bad' in data) call.say(`invalid number '${data.bad as string}'`)
    return data.code
  }
  if (data.pid === undefined) {
    const pid = call.system.spawn(data.rest)
    if (isFailure(pid)) {
      call.say(`can't execute '${data.rest[0]}': ${errorText(pid)}`)
      return pid.errno === 'ENOENT' ? 127 : 126
    }
    data.pid = pid
    for (const signal of ['TERM', 'INT', 'HUP', 'QUIT'] as const) call.system.handle(signal, 'catch')
  }
  const signal = call.system.nextSignal()
  if (signal) call.system.kill(data.pid, signal)
  const ended = call.system.reap(data.pid)
  // Upstream: busybox's timeout is the command's own process: it ends by the signal that ends that, 143 and not 124.
  if (ended?.status.signal) {
    call.system.handle(ended.status.signal, 'default')
    call.system.kill(call.system.process.pid, ended.status.signal)
  }
  if (ended) return ended.status.code
  const now = call.system.now()
  if (!data.fired && now >= data.until) {
    data.fired = true
    call.system.kill(data.pid, data.signal)
    if (data.after !== undefined) data.killAt = now + data.after
    return 'again'
  }
  if (data.killAt !== undefined && now >= data.killAt) {
    call.system.kill(data.pid, 'KILL')
    delete data.killAt
    return 'again'
  }
  return {
    for: 'child',
    pid: data.pid,
    ...(data.fired
      ? data.killAt !== undefined && { until: data.killAt }
      : data.until < Number.MAX_SAFE_INTEGER && { until: data.until }),
  }
}

const tee: Body = (call) => {
  const data = call.data<{ fds?: number[]; code: number; inputs: Inputs }>(() => ({ code: 0, inputs: inputsOf([]) }))
  if (!data.fds) {
    const given = options(call, 'aip', { append: 'a' })
    if (!given) return 1
    data.fds = []
    for (const path of given.rest) {
      const fd = call.system.open(
        path,
        given.has('a') ? { write: true, create: true, append: true } : { write: true, create: true, truncate: true },
      )
      if (isFailure(fd)) data.code = call.complain(path, fd)
      else data.fds.push(fd)
    }
  }
  const wait = readInputs(call, data.inputs, {
    text: (chunk) => {
      call.out(chunk)
      for (const fd of data.fds!) call.system.write(fd, chunk)
    },
  })
  return wait ?? data.code
}

const watch: Body = (call) => {
  const data = call.data<{ pid?: number; next?: number; every: number; rest: string[]; bad?: 1; title: boolean }>(
    () => {
      const given = options(call, '+n:te', { interval: 'n' })
      return given
        ? { every: (Number(given.get('n') ?? 2) || 2) * 1000, rest: given.rest, title: !given.has('t') }
        : { every: 0, rest: [], bad: 1, title: false }
    },
  )
  if (data.bad || data.rest.length === 0) return call.usage('[-n SEC] [-t] PROG ARGS')
  for (;;) {
    if (data.pid !== undefined) {
      if (!call.system.reap(data.pid)) return { for: 'child', pid: data.pid }
      delete data.pid
    }
    if (data.next !== undefined && call.system.now() < data.next) return { for: 'time', until: data.next }
    data.next = call.system.now() + data.every
    call.out(`\x1b[H\x1b[J${data.title ? `Every ${(data.every / 1000).toFixed(1)}s: ${data.rest.join(' ')}\n\n` : ''}`)
    const stuck = call.flush()
    if (stuck) return stuck
    const pid = call.system.spawn(['sh', '-c', data.rest.join(' ')])
    if (isFailure(pid)) return 127
    data.pid = pid
  }
}

const time: Body = (call) => {
  const data = call.data<{ pid?: number; began: number }>(() => ({ began: call.system.now() }))
  if (call.args.length === 0) return call.usage('[-vpao] PROG ARGS')
  if (data.pid === undefined) {
    const pid = call.system.spawn(call.args.filter((arg, at) => at > 0 || arg !== '-p'))
    if (isFailure(pid)) {
      call.say(`can't execute '${call.args[0]}': ${errorText(pid)}`)
      return 127
    }
    data.pid = pid
  }
  const ended = call.system.reap(data.pid)
  if (!ended) return { for: 'child', pid: data.pid }
  const seconds = (call.system.now() - data.began) / 1000
  call.err(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`)
  return ended.status.code
}

/** Runs what follows its options as it is. */
const passing =
  (letters: string, first: (call: Call) => void = () => {}): Body =>
  (call) => {
    const given = options(
      call,
      `+${letters}`,
      {},
      call.args.map((arg, at) => (at === 0 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
    )
    if (!given) return 1
    if (given.rest.length === 0) return call.name === 'nice' ? (call.out('0\n'), 0) : call.usage('PROG ARGS')
    first(call)
    return become(call, given.rest)
  }

const wait =
  (wait: Wait): Body =>
  () =>
    wait

/** Tools that run others, or wait. */
export const runTools = tools({
  sleep,
  usleep: (call) => {
    const data = call.data(() => ({ until: call.system.now() + (Number(call.args[0]) || 0) / 1000 }))
    return call.system.now() >= data.until ? 0 : { for: 'time', until: data.until }
  },
  env,
  printenv: (call) => {
    const { env: vars } = call.system.process
    if (call.args.length === 0) for (const [name, value] of Object.entries(vars)) call.out(`${name}=${value}\n`)
    let code = 0
    for (const name of call.args)
      if (Object.hasOwn(vars, name)) call.out(`${vars[name]}\n`)
      else code = 1
    return code
  },
  timeout,
  xargs,
  tee,
  watch,
  time,
  nice: passing('n:'),
  ionice: passing('c:n:p:'),
  nohup: passing('', (call) => call.system.handle('HUP', 'ignore')),
  setsid: passing('c'),
  stdbuf: passing('i:o:e:'),
  'su-exec': (call) => become(call, call.args.slice(1)),
  gosu: (call) => become(call, call.args.slice(1)),
  // What containers have as their first process: it passes on what it gets, which exec does as well.
  tini: passing('gvwse:p:'),
  'dumb-init': passing('cvr:'),
  chroot: (call) => become(call, call.args.slice(1)),
  busybox: (call) => {
    if (call.args.length === 0) {
      call.out('BusyBox v1.36.1 (2024-09-26 21:31:42 UTC) multi-call binary.\n')
      return 0
    }
    const stuck = call.flush()
    if (stuck) return stuck
    if (!call.system.exec(call.args)) return 'again'
    call.err(`${call.args[0]}: applet not found\n`)
    return 127
  },
  pause: wait({ for: 'signal' }),
})
