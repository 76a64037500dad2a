import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { StatusError } from '../../machinery/errors.ts'
import { admitConnect, type PodConnect } from '../../sim/apiserver/http.ts'
import type { Cluster } from '../../sim/cluster.ts'
import { refusal } from '../gate.ts'
import { ChannelPorts } from './channel-ports.ts'
import { ChannelSession, channelProtocols } from './channels.ts'
import type { PodSession, SessionOptions } from '../../sim/machines/pod-sessions.ts'
import type { Pumped, Sessions } from './sessions.ts'
import { SpdyConnection, type SpdyHandler } from './spdy.ts'
import { SpdyPorts, SpdySession } from './spdy-sessions.ts'

const tunnel = 'SPDY/3.1+portforward.k8s.io'
const longestMessage = 4 * 1024 * 1024
const mostSessions = 500
const mostPorts = 16

/** Takes over connections that exec, attach and port-forward keep open: WebSockets, SPDY, and SPDY in a WebSocket. */
export class Upgrades {
  private readonly cluster: () => Cluster
  private readonly sessions: () => Sessions
  private readonly hosts: readonly string[]
  private served: Cluster
  private readonly pumped = new Set<Pumped>()
  private readonly open = new Set<{ close(): void }>()
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    handleProtocols: (offered) => channelProtocols.find((one) => offered.has(one)) ?? false,
  })

  constructor(parts: { cluster: () => Cluster; sessions: () => Sessions; hosts: readonly string[] }) {
    this.cluster = parts.cluster
    this.served = parts.cluster()
    this.sessions = parts.sessions
    this.hosts = parts.hosts
    // ws takes no protocol with a slash, so it never hears of this one; the client must.
    this.sockets.on('headers', (headers, request) => {
      if (tunnels.has(request)) headers.push(`Sec-WebSocket-Protocol: ${tunnel}`)
    })
  }

  /** How many connections are open. */
  get size(): number {
    return this.open.size
  }

  /** Called after each piece of virtual time. */
  pump(): void {
    // Another cluster is served now (an earlier moment, a new one): sessions with the one before are over.
    if (this.served !== this.cluster()) {
      for (const one of [...this.open]) one.close()
      this.served = this.cluster()
    }
    for (const one of this.pumped) if (!one.pump()) this.pumped.delete(one)
  }

  close(): void {
    for (const one of [...this.open]) one.close()
    this.sockets.close()
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    try {
      const refused = refusal(request.headers, this.hosts)
      if (refused) return refuse(socket, 403, refused)
      if (this.pumped.size >= mostSessions) return refuse(socket, 429, 'Too many sessions are open.')
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(request.headers))
        if (value !== undefined) headers[name] = String(value)
      const { method = 'GET', url = '/' } = request
      const connect = admitConnect(this.cluster().api, { method, path: url, headers })
      if (!connect) return refuse(socket, 404, 'Nothing is kept open here.')
      if (/^websocket$/i.test(headers.upgrade ?? '')) this.webSocket(connect, request, socket, head)
      else if (/^SPDY\/3\.1$/i.test(headers.upgrade ?? '')) this.spdy(connect, headers, socket, head)
      else refuse(socket, 400, 'Upgrade to a WebSocket or to SPDY/3.1.')
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      refuse(socket, error.status.code ?? 500, JSON.stringify(error.status), 'application/json')
    }
  }

  private webSocket(connect: PodConnect, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
    if (connect.subresource === 'portforward') {
      if (!offered.includes(tunnel)) return this.channelled(connect, request, socket, head)
      tunnels.add(request)
      delete request.headers['sec-websocket-protocol']
      this.sockets.handleUpgrade(request, socket, head, (client) => this.tunnelled(connect, client))
      return
    }
    if (!channelProtocols.some((one) => offered.includes(one)))
      return refuse(socket, 400, `One of ${channelProtocols.join(', ')} is spoken here.`)
    const session = this.start(connect)
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      this.keep(client, { close: () => client.terminate() })
      this.pumped.add(new ChannelSession(client, session))
    })
  }

  private channelled(
    { namespace, pod, query }: PodConnect,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    const ports = query.all('ports').flatMap((one) => one.split(',').map(Number))
    if (
      ports.length === 0 ||
      ports.length > mostPorts ||
      !ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536)
    )
      return refuse(socket, 400, `Say which ports, at most ${mostPorts}: ?ports=80; or speak ${tunnel}.`)
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      this.keep(client, { close: () => client.terminate() })
      this.pumped.add(new ChannelPorts(client, ports, (port) => this.sessions().port(`${namespace}/${pod}`, port)))
    })
  }

  private tunnelled(connect: PodConnect, client: WebSocket): void {
    this.keep(client, { close: () => client.terminate() })
    const connection = this.ports(
      connect,
      (bytes) => client.send(bytes),
      () => client.close(1002),
    )
    client.on('message', (data: Buffer) => connection.receive(data))
    client.on('close', () => connection.end())
    client.on('error', () => client.terminate())
  }

  private spdy(connect: PodConnect, headers: Record<string, string>, socket: Duplex, head: Buffer): void {
    const isPorts = connect.subresource === 'portforward'
    const version = isPorts ? 'portforward.k8s.io' : 'v4.channel.k8s.io'
    const offered = (headers['x-stream-protocol-version'] ?? '').split(',').map((one) => one.trim())
    if (!offered.includes(version)) return refuse(socket, 403, `X-Stream-Protocol-Version: ${version} is spoken here.`)
    const write = (bytes: Buffer) => void (socket.writable && socket.write(bytes))
    const end = () => socket.end()
    const session = isPorts ? undefined : this.start(connect)
    const connection = session ? this.program(connect, session, write, end) : this.ports(connect, write, end)
    this.keep(socket, { close: () => socket.destroy() })
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${version}\r\n\r\n`,
    )
    socket.on('data', (bytes: Buffer) => connection.receive(bytes))
    socket.on('close', () => connection.end())
    if (head.length > 0) connection.receive(head)
  }

  private program({ query }: PodConnect, session: PodSession, write: (bytes: Buffer) => void, end: () => void) {
    return this.speaking(new SpdySession({ session, options: optionsOf(query), done: end }), write, end)
  }

  private ports({ namespace, pod }: PodConnect, write: (bytes: Buffer) => void, end: () => void) {
    const dial = (port: number) => this.sessions().port(`${namespace}/${pod}`, port)
    return this.speaking(new SpdyPorts(dial), write, end)
  }

  private speaking(handler: SpdySession | SpdyPorts, write: (bytes: Buffer) => void, end: () => void) {
    const connection = new SpdyConnection({ write, fail: end, handler: handler satisfies SpdyHandler })
    handler.connection = connection
    this.pumped.add(handler)
    return {
      receive: (bytes: Buffer) => connection.receive(bytes),
      end: () => {
        handler.close()
        connection.close()
      },
    }
  }

  /** The session, started before the upgrade, so that what is refused is answered in HTTP. */
  private start({ namespace, pod, subresource, query }: PodConnect): PodSession {
    const key = `${namespace}/${pod}`
    const options = optionsOf(query)
    const sessions = this.sessions()
    return subresource === 'exec' ? sessions.exec(key, options) : sessions.attach(key, options)
  }

  private keep(emitter: { on(event: 'close', listener: () => void): unknown }, one: { close(): void }): void {
    this.open.add(one)
    emitter.on('close', () => this.open.delete(one))
  }
}

/** Requests whose WebSocket carries SPDY. */
const tunnels = new WeakSet<IncomingMessage>()

function optionsOf(query: PodConnect['query']): SessionOptions {
  return {
    container: query.get('container') || undefined,
    command: query.all('command'),
    stdin: query.flag('stdin'),
    stdout: query.flag('stdout'),
    stderr: query.flag('stderr'),
    tty: query.flag('tty'),
  }
}

function refuse(socket: Duplex, code: number, text: string, type = 'text/plain'): void {
  const body = Buffer.from(text)
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${text}`,
  )
}
