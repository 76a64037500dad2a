import { unitsPerMs } from '../kernel/cpu.ts'
import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { callsOf, cpuPerRequestOf, isToFail, latencyOf } from './behaviour.ts'
import { greeting as grpcGreeting, healthAnswer, healthAsked } from './grpc.ts'
import { answerText, type HttpAnswer, type HttpRequest, readAnswer, readRequest } from './http.ts'
import { write } from './log.ts'
import type { Asked, Asking, Conversation, Question, Server, ServerMemory } from './types.ts'

const askMs = 60_000

/** Takes new connections, hears what came on all of them, and answers what can be answered. */
export function converse(server: Server, system: System, memory: ServerMemory): void {
  for (const listener of memory.listeners ?? [])
    for (let fd = system.accept(listener); fd !== undefined; fd = system.accept(listener)) {
      const what = system.process.fds[listener]
      const port = what?.kind === 'listener' ? what.port : 0
      const peer = system.socket(fd)?.peer.address ?? ''
      const open = (memory.open ??= {})
      open[fd] = { input: '', port, peer }
      const greeting = server.greeting?.(system, memory, port)
      if (greeting) system.write(fd, greeting)
    }
  if (!memory.open) return
  for (const [fd, one] of Object.entries(memory.open)) {
    if (hold(server, system, memory, Number(fd), one)) continue
    system.close(Number(fd))
    delete memory.open[fd]
  }
  if (Object.keys(memory.open).length === 0) delete memory.open
}

/** Everything that is open is closed. */
export function hangUp(system: System, memory: ServerMemory): void {
  for (const fd of Object.keys(memory.open ?? {})) system.close(Number(fd))
  delete memory.open
}

/** Goes on with one connection; false when it is over. */
function hold(server: Server, system: System, memory: ServerMemory, fd: number, one: Conversation): boolean {
  for (;;) {
    if (one.asking) {
      if (!heard(system, one.asking)) return true
      const asked = one.asking.filter(({ called }) => called === undefined).map(({ came }) => came!)
      const lost = one.asking.find(({ called, came }) => called !== undefined && !isFine(came!))
      delete one.asking
      const answer = lost
        ? { status: 502, body: `${lost.called}: ${sayOf(lost.came!)}\n` }
        : server.http!(one.request!, system, memory, asked)
      if ('ask' in answer) ask(system, one, answer)
      else later(system, one, answer)
      continue
    }
    if (one.answer) {
      if (system.now() < one.due!) return true
      if (!send(server, system, fd, one)) return false
      continue
    }
    if (one.said !== undefined) {
      if (system.now() < one.due!) return true
      system.write(fd, one.said)
      delete one.said
      delete one.due
    }
    const text = system.read(fd)
    const ended = text === undefined || isFailure(text)
    if (!ended) one.input += text
    if (one.input !== '' && server.grpc && isCall(server, system, memory, fd, one)) {
      if (one.said !== undefined) continue
      if (ended) return false
      if (text === '') return true
      continue
    }
    if (one.input !== '' && server.talk) {
      const reply = server.talk(one.input, system, memory, one)
      if (reply !== 'http') {
        if (reply) {
          burn(server, system)
          one.input = reply.rest
          if (reply.text !== '') system.write(fd, reply.text)
          if (reply.close) return false
        }
        if (ended || one.input.length > 8 * 1024 * 1024) return false
        if (!reply || text === '') return true
        continue
      }
    }
    if (one.input !== '') {
      const found = server.http ? readRequest(one.input, one.peer, one.port) : undefined
      if (found === 'bad') {
        system.write(fd, answerText({ status: 400, body: '400 Bad Request' }, { wall: system.wall(), close: true }))
        return false
      }
      if (found) {
        one.input = found.rest
        receive(server, system, memory, one, found.request)
        continue
      }
    }
    if (ended) return false
    if (text === '') return true
  }
}

/** Is what comes a call of gRPC? When all of it is there, it is answered. */
function isCall(server: Server, system: System, memory: ServerMemory, fd: number, one: Conversation): boolean {
  const asked = healthAsked(one.input)
  if (!asked || !server.grpc!('', system, memory, one.port)) return false
  if (asked === 'more') return one.input.length < 4096
  burn(server, system)
  system.write(fd, grpcGreeting)
  one.input = ''
  one.said = healthAnswer(server.grpc!(asked.service, system, memory, one.port)!)
  one.due = system.now() + latencyOf(system)
  return true
}

/** A request is all there. */
function receive(server: Server, system: System, memory: ServerMemory, one: Conversation, request: HttpRequest): void {
  one.request = request
  one.since = system.now()
  burn(server, system)
  // Probes ask how the server is, not for what it serves.
  const isProbe = (request.headers['user-agent'] ?? '').startsWith('kube-probe/')
  if (!isProbe && isToFail(system))
    return later(system, one, { status: 500, body: 'the annotation kubecosm.dev/errorRate says that this one fails\n' })
  const calls = isProbe ? [] : callsOf(system)
  const answer = calls.length > 0 ? { ask: [] } : server.http!(request, system, memory)
  if (!('ask' in answer)) return later(system, one, answer)
  ask(system, one, answer)
  for (const { host, port, path } of calls)
    one.asking!.push({
      ...question(system, { host, port, request: requestText('GET', path, host, port) }),
      called: `${host}:${port}${path}`,
    })
}

const requestText = (method: string, path: string, host: string, port: number): string =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}${port === 80 ? '' : `:${port}`}\r\nUser-Agent: kubecosm\r\nConnection: close\r\n\r\n`

function burn(server: Server, system: System): void {
  system.spend(Math.round((cpuPerRequestOf(system) ?? server.cpuMs ?? 0.5) * unitsPerMs))
}

function ask(system: System, one: Conversation, { ask: wanted }: Asking): void {
  one.asking = wanted.map((each) => question(system, each))
}

function question(system: System, { host, port, request }: Asking['ask'][number]): Question {
  return { fd: system.connect(host, port), request, until: system.now() + askMs, received: '' }
}

/** Hears those who were asked; true when all have answered, or will not. */
function heard(system: System, asking: Question[]): boolean {
  for (const one of asking) {
    if (one.came) continue
    const status = system.socket(one.fd)?.status
    if (status === 'open' && !one.sent) {
      system.write(one.fd, one.request)
      one.sent = true
    }
    if (status === 'open' && one.sent) {
      const text = system.read(one.fd)
      const ended = text === undefined || isFailure(text)
      if (!ended) one.received += text
      const answer = readAnswer(one.received, ended)
      if (answer) one.came = answer
      else if (ended) one.came = 'refused'
    } else if (status !== 'connecting')
      one.came = status === 'ECONNREFUSED' || status === 'closed' ? 'refused' : 'unreachable'
    if (!one.came && system.now() >= one.until) one.came = 'timeout'
    if (one.came) system.close(one.fd)
  }
  return asking.every(({ came }) => came)
}

const isFine = (came: Asked): boolean => typeof came !== 'string' && came.status < 500

/** What came of asking, in words. */
export const sayOf = (came: Asked): string => (typeof came === 'string' ? came : `status ${came.status}`)

function later(system: System, one: Conversation, answer: HttpAnswer): void {
  one.answer = answer
  one.due = system.now() + latencyOf(system)
}

function send(server: Server, system: System, fd: number, one: Conversation): boolean {
  const { request, answer, since } = one
  const { headers, version, method } = request!
  const wish = headers['connection']?.toLowerCase()
  const close = wish === 'close' || (version === 'HTTP/1.0' && wish !== 'keep-alive')
  system.write(fd, answerText(answer!, { method, server: server.serverHeader, wall: system.wall(), close }))
  const line = server.access?.(request!, answer!, system, system.now() - since!)
  if (line) write(system, line)
  delete one.request
  delete one.since
  delete one.answer
  delete one.due
  return !close
}
