import { isFailure } from '../kernel/walk.ts'
import type { Errno } from '../kernel/types.ts'
import { errorText } from './errors.ts'
import { options } from './options.ts'
import { durationMs } from './run.ts'
import { type Body, type Call, type Outcome, tools } from './tool.ts'

interface Netcat {
  bad?: number
  listen: boolean
  again: boolean
  verbose: boolean
  probe: boolean
  waitMs?: number
  run?: string[]
  host: string
  ports: number[]
  /** The port that is tried. */
  at: number
  listener?: number
  fd?: number
  until?: number
  inputEnded?: true
  /** The program of -e. */
  pid?: number
  code: number
}

function begin(call: Call): Netcat {
  const args = [...call.args]
  const at = args.findIndex((arg) => /^-\w*e$/.test(arg))
  const run = at < 0 ? undefined : args.splice(at + 1)
  const given = options(call, run ? 'lkvznuNp:w:i:s:q:e46' : 'lkvznuNp:w:i:s:q:46', {}, args)
  const [host = '', port] = given?.rest ?? []
  const listen = given?.has('l') ?? false
  const number = given?.get('p') ?? (listen ? (port ?? host) : port)
  const [from, to] = (number ?? '').split('-').map(Number)
  const waitMs = given?.has('w') ? durationMs(given.get('w')!) : undefined
  const missing = given && (number === undefined || number === '' || !(from! >= 0) || (!listen && host === ''))
  return {
    ...(!given && { bad: 1 }),
    ...(missing && {
      bad: call.usage('[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen'),
    }),
    listen,
    again: given?.has('k') === true || given?.order.filter((one) => one === 'l').length === 2,
    verbose: given?.has('v') ?? false,
    probe: given?.has('z') ?? false,
    ...(waitMs !== undefined && { waitMs }),
    ...(run && { run }),
    host,
    ports: Array.from(
      { length: Math.min(1000, (to ?? from ?? 0) - (from ?? 0) + 1) },
      (_, index) => (from ?? 0) + index,
    ),
    at: 0,
    code: 0,
  }
}

const nc: Body = (call) => {
  const data = call.data(() => begin(call))
  if (data.bad) return data.bad
  return data.listen ? serve(call, data) : ask(call, data)
}

function ask(call: Call, data: Netcat): Outcome {
  const { system } = call
  while (data.at < data.ports.length) {
    const port = data.ports[data.at]!
    if (data.fd === undefined) {
      const address = system.lookUp(data.host)[0]
      if (address === undefined) {
        call.say(`bad address '${data.host}'`)
        return 1
      }
      data.fd = system.connect(address, port)
      if (data.waitMs !== undefined) data.until = system.now() + data.waitMs
    }
    const { fd } = data
    const socket = system.socket(fd)
    const name = `${data.host} (${socket?.peer.address}:${port})`
    const late = data.until !== undefined && system.now() >= data.until
    if (socket?.status === 'connecting' && !late)
      return { for: 'connected', fd, ...(data.until !== undefined && { until: data.until }) }
    if (socket?.status === 'open' && !data.probe) {
      if (data.verbose) call.err(`${name} open\n`)
      return converse(call, data)
    }
    const open = socket?.status === 'open'
    if (open && data.verbose) call.err(`${name} open\n`)
    if (!open) {
      data.code = 1
      const why = late ? 'Operation timed out' : errorText({ errno: (socket?.status ?? 'ECONNREFUSED') as Errno })
      if (late && !data.verbose) call.say('timed out')
      else if (data.verbose) call.say(`${name}: ${why}`)
    }
    system.close(fd)
    delete data.fd
    data.at++
  }
  return data.code
}

function serve(call: Call, data: Netcat): Outcome {
  const { system } = call
  if (data.listener === undefined) {
    const fd = system.listen(data.ports[0]!)
    if (isFailure(fd)) {
      call.say(`bind: ${errorText(fd)}`)
      return 1
    }
    data.listener = fd
    if (data.verbose) call.err(`listening on 0.0.0.0:${data.ports[0]} ...\n`)
  }
  for (;;) {
    if (data.fd === undefined) {
      const fd = system.accept(data.listener)
      if (fd === undefined) return { for: 'readable', fd: data.listener }
      data.fd = fd
      delete data.inputEnded
      const peer = system.socket(fd)?.peer
      if (data.verbose)
        call.err(`connect to ${system.addresses[0]}:${data.ports[0]} from ${peer?.address}:${peer?.port}\n`)
      if (!data.again) system.close(data.listener)
    }
    const outcome = converse(call, data)
    if (typeof outcome !== 'number' || !data.again) return outcome
    delete data.fd
  }
}

/** What is typed goes there, what comes is printed, until the other side ends it. */
function converse(call: Call, data: Netcat): Outcome {
  const { system } = call
  const fd = data.fd!
  if (data.run) return handOver(call, data, data.run, fd)
  for (;;) {
    const text = system.read(fd)
    if (typeof text !== 'string') {
      system.close(fd)
      return isFailure(text) ? 1 : 0
    }
    if (text !== '') {
      call.out(text)
      const stuck = call.flush()
      if (stuck) return stuck
      if (data.waitMs !== undefined) data.until = system.now() + data.waitMs
    }
    const typed = data.inputEnded ? undefined : system.read(0)
    if (typeof typed === 'string' && typed !== '') {
      const sent = system.write(fd, typed)
      if (isFailure(sent)) return 1
    } else if (typed !== '' && !data.inputEnded) {
      data.inputEnded = true
      system.shut(fd)
    }
    if (text === '' && (typed === '' || data.inputEnded)) {
      if (data.until !== undefined && system.now() >= data.until) return 1
      return {
        for: 'any',
        of: [
          { for: 'readable', fd, ...(data.until !== undefined && { until: data.until }) },
          ...(data.inputEnded ? [] : [{ for: 'readable', fd: 0 } as const]),
        ],
      }
    }
    if (!system.spend(2)) return 'again'
  }
}

/** -e: a program speaks with who called. */
function handOver(call: Call, data: Netcat, run: readonly string[], fd: number): Outcome {
  const { system } = call
  if (data.pid === undefined) {
    const pid = system.spawn(run, { fds: { 0: fd, 1: fd, 2: 2 } })
    if (isFailure(pid)) {
      call.say(`can't execute '${run[0]}': ${errorText(pid)}`)
      return 127
    }
    data.pid = pid
  }
  const ended = system.reap(data.pid)
  if (!ended) return { for: 'child', pid: data.pid }
  delete data.pid
  system.close(fd)
  return ended.status.code
}

/** nc and telnet, as busybox has them. */
export const ncTools = tools({
  nc,
  netcat: nc,
  telnet: (call) => {
    const data = call.data<Netcat & { greeted?: true }>(() => begin(call))
    if (data.bad) return data.bad
    const outcome = ask(call, data)
    const socket = data.fd === undefined ? undefined : call.system.socket(data.fd)
    if (socket?.status === 'open' && !data.greeted) {
      data.greeted = true
      call.err(`\nConnected to ${data.host}\n`)
    }
    if (outcome === 1 && !data.greeted) call.say("can't connect to remote host: Connection refused")
    return outcome
  },
})
