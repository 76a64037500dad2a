import type { WebSocket } from 'ws'
import type { PodSession } from '../../sim/machines/pod-sessions.ts'
import { endStatus, type Pumped } from './sessions.ts'

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

/** Subprotocols by which exec and attach speak over a WebSocket, the best first. */
export const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const

/** A session over a WebSocket: the first byte of each message says which of its streams it belongs to. */
export class ChannelSession implements Pumped {
  private readonly socket: WebSocket
  private readonly session: PodSession
  private isOver = false

  constructor(socket: WebSocket, session: PodSession) {
    this.socket = socket
    this.session = session
    socket.on('message', (data: Buffer) => this.receive(data))
    socket.on('close', () => this.over())
    socket.on('error', () => this.over())
  }

  pump(): boolean {
    if (this.isOver) return false
    const { stdout, stderr, end } = this.session.read()
    if (stdout) this.send(channel.stdout, stdout)
    if (stderr) this.send(channel.stderr, stderr)
    if (!end) return true
    this.send(channel.error, JSON.stringify(endStatus(end)))
    this.isOver = true
    this.socket.close(1000)
    return false
  }

  private send(to: number, text: string): void {
    this.socket.send(Buffer.concat([Buffer.from([to]), Buffer.from(text, 'latin1')]))
  }

  private receive(data: Buffer): void {
    if (data.length === 0 || this.isOver) return
    const text = data.subarray(1)
    if (data[0] === channel.stdin) this.session.write(text.toString('latin1'))
    else if (data[0] === channel.close && text[0] === channel.stdin) this.session.closeInput()
    else if (data[0] === channel.resize) resize(this.session, text)
  }

  private over(): void {
    if (!this.isOver) this.session.close()
    this.isOver = true
  }
}

/** `{"Width":80,"Height":24}` */
export function resize(session: PodSession, data: Buffer): void {
  try {
    const { Width, Height } = JSON.parse(data.toString('utf8'))
    if (Number.isInteger(Width) && Number.isInteger(Height)) session.resize(Width, Height)
  } catch {
    // A size that cannot be read changes nothing.
  }
}
