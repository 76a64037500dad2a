import { clusterSoftware } from '../software.ts'
import { type BootSpec, Kernel } from '../kernel/kernel.ts'
import type { KernelHost } from '../kernel/host.ts'
import type { DirectoryNode, ExitStatus, Signal } from '../kernel/types.ts'

interface Started extends Partial<BootSpec> {
  readonly annotations?: Readonly<Record<string, string>>
  readonly ports?: readonly number[]
  readonly isToEnd?: boolean
  readonly volumes?: Record<string, DirectoryNode>
  /** Names that others answer to, with what they answer on any port; those that refuse are there with ''. */
  readonly others?: Readonly<Record<string, string>>
}

/** For tests: a container of an image of the catalogue, with a node around it that has a clock. */
export class TestContainer {
  readonly kernel: Kernel
  output = ''
  exec = ''
  ended: ExitStatus | undefined
  execEnded: number | undefined
  time = 0
  private wake = Infinity
  private random = 1
  private readonly sent: Record<string, string> = {}
  private readonly shut = new Set<string>()
  private connections = 0

  constructor(image: string, started: Started = {}) {
    const found = clusterSoftware.images.find(image)!
    const { annotations = {}, others = {}, volumes = {} } = started
    const host: KernelHost = {
      now: () => this.time,
      wall: () => 1_767_225_600_000 + this.time,
      below: (bound) => (this.random = (this.random * 48271) % 2147483647) % bound,
      imageRoot: () => found.root,
      volume: (name) => volumes[name],
      wakeAt: (time) => (this.wake = Math.min(this.wake, time)),
      output: (stream, _channel, text) => {
        if (stream === '') this.output += text
        else this.exec += text
      },
      ended: (stream, status) => {
        if (stream === '') this.ended = status
        else this.execEnded = status.code
      },
      addresses: () => ['10.1.0.5'],
      lookUp: (name) => (Object.hasOwn(others, name) ? ['10.9.0.1'] : []),
      annotation: (name) => annotations[name],
      ports: () => started.ports ?? [],
      isToEnd: started.isToEnd ?? false,
      ...(found.unknownProgram !== undefined && { unknownProgram: found.unknownProgram }),
      connect: (socket, address) => {
        const name = `out-${socket}`
        const answer = address === '127.0.0.1' ? undefined : Object.values(others)[0]
        this.later.push(() => {
          if (answer === undefined) this.loop(name)
          else if (answer === '') this.kernel.refused(name, 'ECONNREFUSED')
          else {
            this.kernel.connected(name)
            this.kernel.received(name, answer)
          }
        })
        return name
      },
      send: (connection, text) => {
        this.sent[connection] = (this.sent[connection] ?? '') + text
        const peer = this.pairs[connection]
        if (peer) this.later.push(() => this.kernel.received(peer, text))
      },
      shut: (connection) => {
        this.shut.add(connection)
        const peer = this.pairs[connection]
        if (peer) this.later.push(() => this.kernel.disconnected(peer))
      },
    }
    const argv = started.argv ?? [...(found.entrypoint ?? []), ...(found.cmd ?? [])]
    const spec = { hostname: 'box', mounts: [], cwd: found.workingDir ?? '/', ...started }
    const state = Kernel.boot({ ...spec, argv, env: { ...found.env, ...started.env } }, host, clusterSoftware.programs)
    if ('failure' in state) throw new Error(state.failure)
    this.kernel = new Kernel(state, host, clusterSoftware.programs)
    this.runFor(0)
  }

  private readonly pairs: Record<string, string> = {}
  private later: (() => void)[] = []

  /** A connection to the container's own server. */
  private loop(name: string): void {
    const socket = Object.values(this.kernel.state.sockets).find(({ connection }) => connection === name)
    const other = `in-${name}`
    if (!socket || !this.kernel.incoming(other, socket.peer.port, { address: '127.0.0.1', port: 40_000 }))
      return this.kernel.refused(name, 'ECONNREFUSED')
    Object.assign(this.pairs, { [name]: other, [other]: name })
    this.kernel.connected(name)
  }

  runFor(ms: number): this {
    const until = this.time + ms
    for (let round = 0; round < 100_000; round++) {
      this.wake = Infinity
      this.kernel.run()
      const events = this.later
      this.later = []
      for (const one of events) one()
      if (events.length > 0) continue
      if (this.wake > until || this.ended) break
      this.time = Math.max(this.time, this.wake)
    }
    this.time = until
    return this
  }

  /** Asks over HTTP; the answer's text, or undefined when nobody listens. */
  get(port: number, path = '/', headers = ''): string | undefined {
    return this.ask(port, `GET ${path} HTTP/1.1\r\nHost: box\r\n${headers}Connection: close\r\n\r\n`)
  }

  ask(port: number, text: string, waitMs = 0): string | undefined {
    const name = `c${this.connections++}`
    if (!this.kernel.incoming(name, port, { address: '10.1.0.9', port: 40_000 })) return undefined
    this.kernel.received(name, text)
    this.runFor(waitMs)
    return this.sent[name] ?? ''
  }

  signal(signal: Signal): this {
    this.kernel.signal(signal)
    return this.runFor(20_000)
  }

  /** Runs a command beside it; what it printed. */
  run(...argv: string[]): string {
    this.exec = ''
    this.execEnded = undefined
    const failure = this.kernel.exec('session', argv)
    if (failure !== undefined) return failure
    this.runFor(15_000)
    return this.exec
  }
}
