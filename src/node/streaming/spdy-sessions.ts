import { resize } from './channels.ts'
import type { PodSession, PortConnection, SessionOptions } from '../../sim/machines/pod-sessions.ts'
import { endStatus, type Pumped } from './sessions.ts'
import type { SpdyConnection, SpdyHandler, SpdyStream } from './spdy.ts'

const nothing = Buffer.alloc(0)

/** exec and attach over SPDY: a stream for each of stdin, stdout and stderr, one for errors and one for sizes. */
export class SpdySession implements SpdyHandler, Pumped {
  connection!: SpdyConnection
  private readonly session: PodSession
  private readonly expected: readonly string[]
  private readonly done: () => void
  private readonly streams = new Map<string, SpdyStream>()
  private isComplete = false
  private isOver = false

  constructor(parts: { session: PodSession; options: SessionOptions; done(): void }) {
    const { stdin, stdout, stderr, tty } = parts.options
    this.session = parts.session
    this.done = parts.done
    this.expected = [
      'error',
      ...(stdin ? ['stdin'] : []),
      ...(stdout ? ['stdout'] : []),
      ...(stderr && !tty ? ['stderr'] : []),
    ]
  }

  opened(stream: SpdyStream): void {
    this.streams.set(stream.headers.streamtype ?? '', stream)
    this.isComplete ||= this.expected.every((name) => this.streams.has(name))
  }

  received(stream: SpdyStream, data: Buffer): void {
    const { streamtype } = stream.headers
    if (streamtype === 'stdin') this.session.write(data.toString('latin1'))
    else if (streamtype === 'resize') resize(this.session, data)
  }

  ended(stream: SpdyStream): void {
    if (stream.headers.streamtype === 'stdin') this.session.closeInput()
  }

  pump(): boolean {
    if (this.isOver) return false
    if (!this.isComplete) return true
    const { stdout, stderr, end } = this.session.read()
    this.send('stdout', stdout)
    this.send('stderr', stderr)
    if (!end) return true
    this.isOver = true
    const error = this.streams.get('error')!
    this.connection.send(error, Buffer.from(JSON.stringify(endStatus(end))), true)
    for (const name of ['stdout', 'stderr']) {
      const stream = this.streams.get(name)
      if (stream) this.connection.send(stream, nothing, true)
    }
    this.done()
    return false
  }

  close(): void {
    if (!this.isOver) this.session.close()
    this.isOver = true
  }

  private send(name: string, text: string): void {
    const stream = text ? this.streams.get(name) : undefined
    if (stream) this.connection.send(stream, Buffer.from(text, 'latin1'))
  }
}

interface Forwarded {
  data?: SpdyStream
  error?: SpdyStream
  connection?: PortConnection
  isOver: boolean
}

/** Port forwarding over SPDY: for each connection of the client a stream of data and one for what went wrong. */
export class SpdyPorts implements SpdyHandler, Pumped {
  connection!: SpdyConnection
  private readonly dial: (port: number) => PortConnection
  private readonly byRequest = new Map<string, Forwarded>()
  private isOver = false

  constructor(dial: (port: number) => PortConnection) {
    this.dial = dial
  }

  opened(stream: SpdyStream): void {
    const { streamtype, requestid = '', port = '' } = stream.headers
    const one = this.byRequest.get(requestid) ?? { isOver: false }
    this.byRequest.set(requestid, one)
    if (streamtype === 'error') one.error = stream
    else if (streamtype === 'data') one.data = stream
    if (!one.data || !one.error || one.connection) return
    try {
      one.connection = this.dial(Number(port))
    } catch (error) {
      this.finish(one, error instanceof Error ? error.message : String(error))
    }
  }

  received(stream: SpdyStream, data: Buffer): void {
    if (stream.headers.streamtype === 'data') this.of(stream)?.connection?.write(data.toString('latin1'))
  }

  ended(stream: SpdyStream): void {
    if (stream.headers.streamtype === 'data') this.of(stream)?.connection?.closeInput()
  }

  pump(): boolean {
    if (this.isOver) return false
    for (const [request, one] of this.byRequest) {
      if (!one.connection || one.isOver) continue
      const { text, ended, failure } = one.connection.read()
      if (text) this.connection.send(one.data!, Buffer.from(text, 'latin1'))
      if (!ended && failure === undefined) continue
      this.finish(one, failure)
      this.byRequest.delete(request)
    }
    return true
  }

  close(): void {
    this.isOver = true
    for (const { connection } of this.byRequest.values()) connection?.close()
  }

  private finish(one: Forwarded, failure: string | undefined): void {
    one.isOver = true
    if (one.error) this.connection.send(one.error, Buffer.from(failure ?? ''), true)
    if (one.data) this.connection.send(one.data, nothing, true)
  }

  private of({ headers }: SpdyStream): Forwarded | undefined {
    return this.byRequest.get(headers.requestid ?? '')
  }
}
