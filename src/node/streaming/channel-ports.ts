import type { WebSocket } from 'ws'
import type { PortConnection } from '../../sim/machines/pod-sessions.ts'
import type { Pumped } from './sessions.ts'

/**
 * Port forwarding as client libraries other than kubectl's speak it over a WebSocket: two channels for each of the ports
 * in the query, one of data and one for what went wrong. Upstream: portforward/websocket.go.
 */
export class ChannelPorts implements Pumped {
  private readonly socket: WebSocket
  private readonly ports: readonly (PortConnection | undefined)[]
  private readonly over = new Set<number>()

  constructor(socket: WebSocket, ports: readonly number[], dial: (port: number) => PortConnection) {
    this.socket = socket
    for (const [index, port] of ports.entries())
      for (const channel of [2 * index, 2 * index + 1]) this.send(channel, Buffer.from([port & 255, port >> 8]))
    this.ports = ports.map((port, index) => {
      try {
        return dial(port)
      } catch (error) {
        this.finish(index, error instanceof Error ? error.message : String(error))
        return undefined
      }
    })
    if (this.over.size === ports.length) socket.close(1000)
    socket.on('message', (data: Buffer) => this.receive(data))
    socket.on('close', () => this.close())
    socket.on('error', () => this.close())
  }

  pump(): boolean {
    for (const [index, connection] of this.ports.entries()) {
      if (!connection || this.over.has(index)) continue
      const { text, ended, failure } = connection.read()
      if (text) this.send(2 * index, Buffer.from(text, 'latin1'))
      if (ended || failure !== undefined) this.finish(index, failure)
    }
    return this.over.size < this.ports.length
  }

  private receive(data: Buffer): void {
    const channel = data[0] ?? 255
    if (channel % 2 === 0) this.ports[channel / 2]?.write(data.subarray(1).toString('latin1'))
  }

  private finish(index: number, failure: string | undefined): void {
    if (failure) this.send(2 * index + 1, Buffer.from(failure))
    this.over.add(index)
    if (this.ports && this.over.size === this.ports.length) this.socket.close(1000)
  }

  private close(): void {
    for (const [index, connection] of this.ports.entries()) {
      this.over.add(index)
      connection?.close()
    }
  }

  private send(channel: number, bytes: Buffer): void {
    this.socket.send(Buffer.concat([Buffer.from([channel]), bytes]))
  }
}
