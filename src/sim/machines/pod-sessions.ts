import { StatusError } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { containerOf, nodeOf, unreachable } from '../apiserver/pod-containers.ts'
import { specOf } from '../kubelet/state.ts'
import type { Kubelet } from '../kubelet/kubelet.ts'
import type { Network } from '../network/network.ts'
import type { NetworkEvent } from '../network/types.ts'
import { addressOf } from './machine.ts'
import type { Machines } from './machines.ts'

/** How a program in a container ended. */
export interface SessionEnd {
  readonly exitCode: number
  /** It could not be started, or was lost: why. */
  readonly failure?: string
}

/** A program in a container that a client talks to. Text is bytes, a character each. */
export interface PodSession {
  write(text: string): void
  closeInput(): void
  resize(columns: number, rows: number): void
  /** What it wrote since the last read. */
  read(): { readonly stdout: string; readonly stderr: string; readonly end?: SessionEnd }
  /** The client is gone. */
  close(): void
  /** Why it never began. */
  readonly failure?: string
}

/** A connection to a port of a pod. */
export interface PortConnection {
  write(text: string): void
  closeInput(): void
  read(): { readonly text: string; readonly ended: boolean; readonly failure?: string }
  close(): void
}

export interface SessionOptions {
  readonly container: string | undefined
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

interface Client {
  /** The network's name of the connection. */
  connection: string
  waiting: string[]
  text: string
  isOpen: boolean
  ended: boolean
  shut: boolean
  failure?: string
}

/**
 * What clients do with pods over connections that stay open: exec, attach and port-forward. The commands and what they
 * write are the kubelets' state; the clients are outside the cluster, and nothing of them outlives a restore.
 */
export class PodSessions {
  private readonly api: ApiServer
  private readonly network: Network
  private readonly machines: Machines
  private readonly clients = new Map<number, Client>()
  private made = 0

  constructor(parts: { api: ApiServer; network: Network; machines: Machines }) {
    this.api = parts.api
    this.network = parts.network
    this.machines = parts.machines
    parts.machines.onClientEvent = (client, event) => this.tell(client, event)
  }

  /**
   * Runs a command in a container. Throws a StatusError where upstream answers one. Under a name of the client's own the
   * session can be gone on with after a restore.
   */
  exec(key: string, options: SessionOptions, wanted?: string): PodSession {
    const { container: asked, command, stdin, tty } = options
    if (command.length === 0)
      throw new StatusError(400, 'BadRequest', 'you must specify at least 1 command for the container')
    const { kubelet, name } = this.find(key, asked)
    const found = running(kubelet, key, name)
    if (!found) return lost(`unable to upgrade connection: container not found ("${name}")`)
    if (wanted && found.container.sessions?.[wanted]) return lost(`a session named ${wanted} is open`)
    const session = wanted ?? this.newName(found.container)
    const failure = found.containers.exec(found.pod, found.container, session, command, {
      stdin,
      tty,
      attached: 'command',
    })
    if (failure !== undefined) return lost(`Internal error occurred: error executing command in container: ${failure}`)
    return this.session(kubelet, key, name, session, session)
  }

  /** Joins a container's first process. */
  attach(key: string, { container: asked, stdin }: SessionOptions): PodSession {
    const { pod, kubelet, name } = this.find(key, asked)
    const found = running(kubelet, key, name)
    if (!found) return lost(`unable to upgrade connection: container ${name} not found in pod ${pod.metadata.name}`)
    const session = this.newName(found.container)
    found.containers.attach(found.container, session)
    return this.session(kubelet, key, name, session, stdin ? '' : undefined)
  }

  /** Goes on with a session that was opened under a name of its client's; undefined when it is not there. */
  resume(key: string, container: string, name: string): PodSession | undefined {
    const node = this.api.etcd.get('pods', key)?.spec?.nodeName
    const kubelet = node === undefined ? undefined : this.machines.kubelet(node)
    const sessions = kubelet?.container(key, container)?.container.sessions
    if (!kubelet || !sessions || !Object.hasOwn(sessions, name)) return undefined
    return this.session(kubelet, key, container, name, name)
  }

  /** A connection to a port inside a pod. */
  port(key: string, port: number): PortConnection {
    const { pod, kubelet, node } = this.find(key, undefined, false)
    const sandbox = kubelet.sandbox(key)
    if (!sandbox)
      throw new StatusError(500, 'InternalError', `pod not found ("${pod.metadata.name}_${pod.metadata.namespace}")`)
    const own = sandbox.ip ?? addressOf(this.machines.get(node)!)
    const id = ++this.made
    const caller = {
      end: { kind: 'client', node, client: id } as const,
      address: own,
      namespace: '',
      clusterNames: false,
    }
    const client: Client = {
      connection: this.network.connect(caller, own, port),
      waiting: [],
      text: '',
      isOpen: false,
      ended: false,
      shut: false,
    }
    this.clients.set(id, client)
    const where = `error forwarding port ${port} to pod ${sandbox.uid}, uid : failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace`
    return {
      write: (text) => (client.isOpen ? this.network.send(client.connection, text) : void client.waiting.push(text)),
      closeInput: () => {
        client.shut = true
        if (client.isOpen) this.network.shut(client.connection)
      },
      read: () => {
        const { text, ended, failure } = client
        client.text = ''
        return {
          text,
          ended,
          ...(failure && { failure: `${where}: dial tcp4 127.0.0.1:${port}: connect: ${failure}` }),
        }
      },
      close: () => {
        this.network.shut(client.connection, true)
        this.clients.delete(id)
      },
    }
  }

  private tell(id: number, event: NetworkEvent): boolean {
    const client = this.clients.get(id)
    if (!client) return false
    switch (event.type) {
      case 'connected':
        client.isOpen = true
        for (const text of client.waiting) this.network.send(client.connection, text)
        client.waiting = []
        if (client.shut) this.network.shut(client.connection)
        break
      case 'failed':
        client.ended = true
        client.failure = event.errno === 'ECONNREFUSED' ? 'connection refused' : 'i/o timeout'
        break
      case 'received':
        client.text += event.text
        break
      case 'ended':
        client.ended = true
        break
      default:
    }
    return true
  }

  private find(
    key: string,
    asked: string | undefined,
    named = true,
  ): { pod: KubeObject; kubelet: Kubelet; name: string; node: string } {
    const pod = this.api.get('pods', key)
    const name = named ? containerOf(pod, asked) : ''
    const node = nodeOf(pod)
    const machine = this.machines.get(node)
    if (!machine?.powered || !machine.plugged) throw unreachable(this.api, pod)
    return { pod, kubelet: this.machines.kubelet(node)!, name, node }
  }

  private newName({ sessions = {} }: { sessions?: Readonly<Record<string, unknown>> }): string {
    let name: string
    do name = `client-${++this.made}`
    while (Object.hasOwn(sessions, name))
    return name
  }

  /** `input`: where what the client types goes, undefined when it goes nowhere. */
  private session(
    kubelet: Kubelet,
    key: string,
    container: string,
    name: string,
    input: string | undefined,
  ): PodSession {
    const found = () => {
      const state = kubelet.container(key, container)
      return state?.container.sessions?.[name] ? state : undefined
    }
    const running = () => {
      const state = found()
      return state?.container.sessions![name]!.code === undefined ? state : undefined
    }
    return {
      write: (text) => {
        const to = input === undefined ? undefined : running()
        to?.containers.write(to.pod, to.container, input!, text)
      },
      closeInput: () => {
        const to = input === undefined ? undefined : running()
        if (to && (input !== '' || specOf(to.pod, to.container)?.stdinOnce))
          to.containers.write(to.pod, to.container, input!, undefined)
      },
      resize: (columns, rows) => {
        const to = running()
        to?.containers.resize(to.pod, to.container, input ?? '', columns, rows)
      },
      read: () => {
        const state = found()
        // The pod is gone, and with it the container and all that ran in it.
        if (!state) return { stdout: '', stderr: '', end: { exitCode: input === name ? 137 : 0 } }
        const session = state.container.sessions![name]!
        const { stdout, stderr, code } = session
        session.stdout = session.stderr = ''
        if (code === undefined) return { stdout, stderr }
        delete state.container.sessions![name]
        return { stdout, stderr, end: { exitCode: code } }
      },
      close: () => {
        const state = found()
        if (!state) return
        const isRunning = state.container.sessions![name]!.code === undefined
        delete state.container.sessions![name]
        if (isRunning && input === name) state.containers.write(state.pod, state.container, name, undefined)
      },
    }
  }
}

/** A session that failed before it began: its client hears of it in the session's own way. */
function lost(failure: string): PodSession {
  return {
    write: () => {},
    closeInput: () => {},
    resize: () => {},
    read: () => ({ stdout: '', stderr: '', end: { exitCode: 1, failure: `Internal error occurred: ${failure}` } }),
    close: () => {},
    failure,
  }
}

function running(kubelet: Kubelet, key: string, name: string): ReturnType<Kubelet['container']> {
  const found = kubelet.container(key, name)
  return found?.container.state === 'running' ? found : undefined
}
