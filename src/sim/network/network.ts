import { keyOf } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import type { Clock } from '../clock/clock.ts'
import { lookUp } from './dns.ts'
import { backendOf, indexServices, serviceAt } from './services.ts'
import type { Caller, ConnectFailure, End, Ends, Flow, NetworkEvent, Place } from './types.ts'

const actor = 'network'
/** How long a client waits for an answer that never comes. Upstream: Linux with its usual number of SYN retries. */
const connectTimeoutMs = 127_000
/** A node that answers says that nobody has an address once nobody has claimed it. */
const noRouteMs = 3_000
/** How often, and how many times, what was lost is sent again: some 15 minutes, as Linux does. */
const retransmitMs = 5_000
const longestTries = 180
const ephemeralPorts = { first: 32_768, count: 28_232 }

/** A connection between two ends. Plain data. */
interface Connection {
  readonly id: number
  readonly caller: Caller
  readonly port: number
  /** Who answered; undefined while it is being made. */
  callee?: End
  /** Sides that send no more. */
  readonly shut: { caller: boolean; callee: boolean }
  /** The end that has heard that the other sends no more. */
  told?: string
}

export interface NetworkSnapshot {
  readonly next: number
  readonly connections: readonly Connection[]
}

interface Attempt {
  readonly connect: number
  readonly host: string
  readonly port: number
}

/** Bytes, or the end of them, on their way to an end. */
interface Delivery {
  readonly to: string
  readonly text?: string
  readonly reset?: boolean
  /** How often they were sent again. */
  readonly tries?: number
}

type Step = Attempt | Delivery | { readonly fail: number; readonly errno: ConnectFailure }

/**
 * The cluster's network as its programs see it: names, addresses, Services, and connections whose bytes arrive a moment
 * after they were sent. What is on the way is in tasks, so it is saved with the cluster.
 */
export class Network {
  private readonly connections = new Map<number, Connection>()
  private next = 1
  private readonly parts: {
    readonly clock: Clock
    readonly client: Client
    readonly latencyMs: number
    readonly below: (bound: number) => number
  }
  private ends!: Ends
  /** Looks on. It is no part of the state, and must change nothing. */
  onFlow: ((flow: Flow) => void) | undefined

  constructor(parts: Network['parts'], snapshot?: NetworkSnapshot) {
    this.parts = parts
    indexServices(parts.client)
    parts.clock.register(actor, (step: Step) => this.task(step))
    for (const connection of snapshot?.connections ?? [])
      this.connections.set(connection.id, { ...connection, shut: { ...connection.shut } })
    this.next = snapshot?.next ?? 1
  }

  /** The machines; they are made after the network, which they use. */
  attach(ends: Ends): void {
    this.ends = ends
  }

  snapshot(): NetworkSnapshot {
    const connections = [...this.connections.values()].sort((a, b) => a.id - b.id)
    return { next: this.next, connections: connections.map((one) => ({ ...one, shut: { ...one.shut } })) }
  }

  /** Addresses of a name as a pod reads it. */
  lookUp(name: string, { namespace, clusterNames }: Pick<Caller, 'namespace' | 'clusterNames'>): readonly string[] {
    const found = lookUp(name, namespace, this.parts.client)
    return clusterNames || found[0] === name || found[0] === '127.0.0.1' ? found : []
  }

  /** Asks for a connection; its caller is told what becomes of it. Returns the caller's name of it. */
  connect(caller: Caller, host: string, port: number): string {
    const id = this.next++
    this.connections.set(id, { id, caller, port, shut: { caller: false, callee: false } })
    this.tellFlow(id, { what: 'asked', ...this.serviceOf(host, port, caller) })
    this.later({ connect: id, host, port }, isLocal(host) ? 0 : this.parts.latencyMs)
    return `${id}a`
  }

  /** The port that a caller has at its end of a connection. */
  portOf(name: string): number {
    return ephemeralPort(idOf(name))
  }

  /** Sends bytes; lost when the other side is gone. */
  send(name: string, text: string): void {
    const connection = this.connections.get(idOf(name))
    if (connection && !connection.shut[sideOf(name)]) this.toOther(connection, name, { text })
  }

  /** This side sends no more; `reset`: nor does it listen. */
  shut(name: string, reset = false): void {
    const connection = this.connections.get(idOf(name))
    if (!connection || (connection.shut[sideOf(name)] && !reset)) return
    connection.shut[sideOf(name)] = true
    this.toOther(connection, name, { reset })
    // What is still on the way to the other side names the connection, and is told by it.
    if (reset) connection.shut.caller = connection.shut.callee = true
  }

  /** A container ended: whoever was connected to it hears so. */
  endOf(matches: (end: End) => boolean): void {
    for (const { id, caller, callee } of [...this.connections.values()]) {
      if (matches(caller.end)) this.shut(`${id}a`, true)
      if (callee && matches(callee)) this.shut(`${id}b`, true)
    }
  }

  private toOther(connection: Connection, name: string, what: { text?: string; reset?: boolean }): void {
    const to = `${connection.id}${sideOf(name) === 'caller' ? 'b' : 'a'}`
    this.later({ to, ...what }, this.latencyOf(connection))
  }

  private latencyOf({ caller, callee }: Connection): number {
    if (callee && caller.end.node === callee.node) return 0
    const lagMs = this.ends.lagMs(caller.end.node) + (callee ? this.ends.lagMs(callee.node) : 0)
    return this.parts.latencyMs + lagMs
  }

  private tellFlow(id: number, more: Pick<Flow, 'what'> & Partial<Flow>): void {
    const connection = this.onFlow && this.connections.get(id)
    if (!connection) return
    const { caller, callee, port } = connection
    this.onFlow!({ id, caller: caller.end, port, ...(callee && { callee }), ...more })
  }

  /** Whose address it is, for who looks on. */
  private serviceOf(host: string, port: number, caller: Caller): { service?: string } {
    if (!this.onFlow) return {}
    const address = this.lookUp(host, caller)[0]
    const behind = address === undefined ? undefined : serviceAt(address, port, false, this.parts.client)
    return behind ? { service: keyOf(behind.service) } : {}
  }

  private later(step: Step, delayMs: number): void {
    this.parts.clock.schedule(actor, delayMs, { ...step })
  }

  private task(step: Step): void {
    if ('connect' in step) this.attempt(step)
    else if ('fail' in step) this.fail(step.fail, step.errno)
    else this.deliver(step)
  }

  private attempt({ connect: id, host, port }: Attempt): void {
    const connection = this.connections.get(id)
    if (!connection) return
    const { caller } = connection
    const place = this.find(host, port, caller)
    if (place === 'refused') return this.fail(id, 'ECONNREFUSED')
    if (place.found === 'closed') return this.fail(id, 'ECONNREFUSED')
    if (place.found === 'nobody') return this.later({ fail: id, errno: 'EHOSTUNREACH' }, noRouteMs)
    if (place.found === 'silence') return this.later({ fail: id, errno: 'ETIMEDOUT' }, connectTimeoutMs)
    connection.callee = place.end
    const peer = { address: caller.address, port: ephemeralPort(id) }
    const incoming: NetworkEvent = { type: 'incoming', connection: `${id}b`, port: place.port, peer }
    if (!this.ends.tell(place.end, incoming)) return this.fail(id, 'ECONNREFUSED')
    const connected: NetworkEvent = { type: 'connected', connection: `${id}a`, address: host, port }
    this.tellFlow(id, { what: 'connected' })
    if (!this.ends.tell(caller.end, connected)) this.shut(`${id}a`, true)
  }

  private fail(id: number, errno: ConnectFailure): void {
    const connection = this.connections.get(id)
    if (!connection) return
    this.tellFlow(id, { what: 'failed', errno })
    this.connections.delete(id)
    this.ends.tell(connection.caller.end, { type: 'failed', connection: `${id}a`, errno })
  }

  /** A pod, or the pod that a Service's address leads to. */
  private find(host: string, port: number, caller: Caller): Place | 'refused' {
    const { client, below } = this.parts
    const address = this.lookUp(host, caller)[0]
    if (address === undefined) return { found: 'nobody' }
    const from = caller.end.node
    const local = isLocal(address) ? caller.address : address
    const direct = this.ends.locate(local, port, from)
    if (direct.found === 'listener' || direct.found === 'silence') return direct
    const behind = serviceAt(address, port, direct.found === 'closed', client)
    if (!behind) return direct
    // A Service's address takes its own ports only; other packets go nowhere.
    if (!behind.port) return { found: 'silence' }
    const backend = backendOf(behind.service, behind.port, client, caller.address, below)
    return backend === 'refused' ? 'refused' : this.ends.locate(backend.address, backend.port, from)
  }

  private deliver(delivery: Delivery): void {
    const { to, text, reset = false, tries = 0 } = delivery
    const connection = this.connections.get(idOf(to))
    if (!connection) return
    const { caller, callee } = connection
    const end = sideOf(to) === 'caller' ? caller.end : callee
    if (!end) return
    const other = end === callee ? caller.end : callee
    if (other && !this.ends.reaches(other.node, end.node)) {
      // What a cut cable loses is sent again, until the sender gives up.
      if (tries < longestTries) this.later({ ...delivery, tries: tries + 1 }, retransmitMs)
      else this.connections.delete(connection.id)
      return
    }
    const status = this.onFlow && end === caller.end && text ? /^HTTP\/1\.[01] (\d{3})/.exec(text) : null
    if (status) this.tellFlow(connection.id, { what: 'answered', status: Number(status[1]) })
    const event: NetworkEvent =
      text === undefined ? { type: 'ended', connection: to, reset } : { type: 'received', connection: to, text }
    if (!this.ends.tell(end, event) && text !== undefined) this.shut(to, true)
    if (text !== undefined) return
    // What one side had sent before it was done may still be on the way when the other side's end arrives.
    if (reset || (connection.told !== undefined && connection.told !== to)) this.connections.delete(connection.id)
    else connection.told = to
  }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.')
}

function ephemeralPort(id: number): number {
  return ephemeralPorts.first + (id % ephemeralPorts.count)
}

function idOf(name: string): number {
  return Number.parseInt(name, 10)
}

function sideOf(name: string): 'caller' | 'callee' {
  return name.endsWith('a') ? 'caller' : 'callee'
}
