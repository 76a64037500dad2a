import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'
import { spdyDictionary } from './spdy-dictionary.ts'

const type = { synStream: 1, synReply: 2, rst: 3, ping: 6, goAway: 7 } as const
const fin = 1
/** A frame is not longer than its sender's window; header blocks of kubectl are some hundred bytes. */
const longestFrame = 16 * 1024 * 1024
const longestHeaders = 64 * 1024
const mostStreams = 1_000

/** A stream that the client opened. */
export interface SpdyStream {
  readonly id: number
  readonly headers: Readonly<Record<string, string>>
}

export interface SpdyHandler {
  opened(stream: SpdyStream): void
  received(stream: SpdyStream, data: Buffer): void
  /** The client sends no more on it. */
  ended(stream: SpdyStream): void
}

/** The server's side of SPDY/3.1 as far as kubectl speaks it: streams that the client opens, without flow control. */
export class SpdyConnection {
  private readonly write: (bytes: Buffer) => void
  private readonly fail: (message: string) => void
  private readonly handler: SpdyHandler
  private readonly streams = new Map<number, SpdyStream>()
  // One stream of compression for each direction, for as long as the connection lasts.
  private readonly inflate: Inflate = createInflate({ dictionary: spdyDictionary })
  private readonly deflate: Deflate = createDeflate({ dictionary: spdyDictionary })
  private pending: Buffer = Buffer.alloc(0)
  /** Frames are worked on one after the other: headers are read in the background. */
  private work: Promise<void> = Promise.resolve()

  constructor(parts: { write(bytes: Buffer): void; fail(message: string): void; handler: SpdyHandler }) {
    this.write = parts.write
    this.fail = parts.fail
    this.handler = parts.handler
    this.inflate.on('error', () => this.fail('the headers of a stream cannot be read'))
  }

  /** Bytes from the client, however they were cut. */
  receive(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes])
    while (this.pending.length >= 8) {
      const length = this.pending.readUIntBE(5, 3)
      if (length > longestFrame) return this.fail('a frame is too long')
      if (this.pending.length < 8 + length) return
      const frame = this.pending.subarray(0, 8 + length)
      this.pending = this.pending.subarray(8 + length)
      this.work = this.work.then(() => this.frame(frame)).catch(() => this.fail('a frame cannot be read'))
    }
  }

  send(stream: SpdyStream, data: Buffer, isLast = false): void {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(stream.id, 0)
    head.writeUInt8(isLast ? fin : 0, 4)
    head.writeUIntBE(data.length, 5, 3)
    this.write(Buffer.concat([head, data]))
  }

  close(): void {
    this.inflate.close()
    this.deflate.close()
  }

  private async frame(frame: Buffer): Promise<void> {
    const isControl = (frame[0]! & 0x80) !== 0
    const flags = frame[4]!
    const body = frame.subarray(8)
    if (!isControl) {
      const stream = this.streams.get(frame.readUInt32BE(0) & 0x7fffffff)
      if (!stream) return
      if (body.length > 0) this.handler.received(stream, body)
      if (flags & fin) this.handler.ended(stream)
      return
    }
    switch (frame.readUInt16BE(2)) {
      case type.synStream:
        return this.open(body, flags)
      case type.ping:
        this.write(frame)
        return
      case type.rst: {
        const stream = this.streams.get(body.readUInt32BE(0) & 0x7fffffff)
        if (stream) this.handler.ended(stream)
        return
      }
      default:
        // Settings, windows and farewells ask for nothing.
        return
    }
  }

  private async open(body: Buffer, flags: number): Promise<void> {
    if (this.streams.size >= mostStreams) return this.fail('too many streams')
    const id = body.readUInt32BE(0) & 0x7fffffff
    const headers = readHeaders(await through(this.inflate, body.subarray(10)))
    const stream: SpdyStream = { id, headers }
    this.streams.set(id, stream)
    const block = await through(this.deflate, Buffer.alloc(4))
    const reply = Buffer.alloc(12)
    reply.writeUInt16BE(0x8003, 0)
    reply.writeUInt16BE(type.synReply, 2)
    reply.writeUIntBE(4 + block.length, 5, 3)
    reply.writeUInt32BE(id, 8)
    this.write(Buffer.concat([reply, block]))
    this.handler.opened(stream)
    if (flags & fin) this.handler.ended(stream)
  }
}

/** Brings bytes through a stream of compression that goes on afterwards. */
function through(stream: Inflate | Deflate, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const collect = (chunk: Buffer) => {
      length += chunk.length
      if (length > longestHeaders) reject(new Error('headers are too long'))
      else chunks.push(chunk)
    }
    stream.on('data', collect)
    stream.write(input)
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      // What was flushed is delivered before the next turn.
      setImmediate(() => {
        stream.off('data', collect)
        resolve(Buffer.concat(chunks))
      })
    })
  })
}

/** A count, then names and values with their lengths. */
function readHeaders(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  let at = 4
  const text = () => {
    const length = block.readUInt32BE(at)
    const value = block.toString('latin1', at + 4, at + 4 + length)
    if (at + 4 + length > block.length) throw new Error('a header is cut off')
    at += 4 + length
    return value
  }
  for (let count = block.readUInt32BE(0); count > 0; count--) {
    const name = text()
    headers[name] = text()
  }
  return headers
}
