import type { ServerResponse } from 'node:http'
import type { ResponseStream } from '../sim/apiserver/http/watch-stream.ts'

/** A reader that leaves so much unread is let go: it can list again. */
const longestUnread = 8 * 1024 * 1024
const mostStreams = 2_000

interface Open {
  readonly stream: ResponseStream
  /** Real milliseconds. */
  readonly until: number
}

/** Brings what watches have to say to those who read them, piece by piece. */
export class StreamPump {
  private readonly open = new Map<ServerResponse, Open>()

  get size(): number {
    return this.open.size
  }

  add(response: ServerResponse, stream: ResponseStream, lastsMs: number): void {
    if (this.open.size >= mostStreams) {
      stream.close()
      response.end()
      return
    }
    this.open.set(response, { stream, until: Date.now() + lastsMs })
    response.on('close', () => this.drop(response))
    response.on('error', () => this.drop(response))
  }

  /** Called after each piece of virtual time. */
  flush(): void {
    const now = Date.now()
    for (const [response, { stream, until }] of this.open) {
      // What a slow reader has not taken stays in the watch, until that is too old as well.
      if (response.writableLength > longestUnread) {
        response.destroy()
        this.drop(response)
        continue
      }
      if (response.writableNeedDrain) continue
      const text = stream.read()
      if (text) response.write(text)
      if (stream.closed || now >= until) {
        this.drop(response)
        response.end()
      }
    }
  }

  close(): void {
    for (const response of [...this.open.keys()]) {
      this.drop(response)
      response.end()
    }
  }

  private drop(response: ServerResponse): void {
    this.open.get(response)?.stream.close()
    this.open.delete(response)
  }
}
