import { milliValue } from '../../machinery/quantity.ts'
import { Kernel } from '../containers/kernel/kernel.ts'
import type { Image } from '../containers/images/image.ts'
import type { KernelHost } from '../containers/kernel/host.ts'
import type { KernelState, ProcessState, Signal } from '../containers/kernel/types.ts'
import type { Programs } from '../containers/kernel/start.ts'
import type { Caller, NetworkEvent } from '../network/types.ts'
import { addressOf } from '../machines/machine.ts'
import { behaviourOf } from './behaviours.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { hostnameOf } from './hostname.ts'
import { append } from './logs.ts'
import { specOf, type ContainerState, type PodState, type Session } from './state.ts'
import { volumeTree } from './volumes.ts'

/** From here on a container's own timers are housekeeping. */
const settledMs = 60_000

/** What one container's processes have come to, told when they wait again. */
export interface KernelEvents {
  ended(pod: PodState, container: ContainerState, code: number): void
  sessionEnded(pod: PodState, container: ContainerState, session: string, code: number): void
}

/** A container's kernel with the node around it. Derived: what it knows is in the container's state. */
export class ContainerKernel {
  readonly kernel: Kernel
  private readonly environment: KubeletEnvironment
  private readonly pod: PodState
  private readonly container: ContainerState
  private readonly events: KernelEvents
  private isRunning = false
  private readonly after: (() => void)[] = []

  constructor(
    environment: KubeletEnvironment,
    pod: PodState,
    container: ContainerState,
    image: Image,
    programs: Programs,
    events: KernelEvents,
  ) {
    this.environment = environment
    this.pod = pod
    this.container = container
    this.events = events
    this.kernel = new Kernel(container.kernel!, this.host(image), programs)
  }

  /** Tells the kernel something, lets it run, and then tells what came of it. */
  act(tell: (kernel: Kernel) => void = () => {}): void {
    // What its own running leads to is dealt with by the run under way.
    if (this.isRunning) {
      this.after.push(() => this.act(tell))
      return
    }
    this.isRunning = true
    tell(this.kernel)
    this.kernel.run()
    this.isRunning = false
    for (let next = this.after.shift(); next; next = this.after.shift()) next()
  }

  signal(signal: Signal): void {
    this.act((kernel) => kernel.signal(signal))
  }

  /** Something of the network. False when nobody listens. */
  tell(event: NetworkEvent): boolean {
    let taken = true
    this.act((kernel) => {
      const { connection } = event
      if (event.type === 'incoming') taken = kernel.incoming(connection, event.port, event.peer)
      else if (event.type === 'connected') kernel.connected(connection)
      else if (event.type === 'failed') kernel.refused(connection, event.errno)
      else if (event.type === 'received') kernel.received(connection, event.text)
      else kernel.disconnected(connection, event.reset ? 'ECONNRESET' : undefined)
    })
    return taken
  }

  host(image: Image): KernelHost {
    return hostOf(this.environment, this.pod, this.container, image, {
      ended: (stream, code) =>
        this.after.push(() =>
          stream === ''
            ? this.events.ended(this.pod, this.container, code)
            : this.events.sessionEnded(this.pod, this.container, stream, code),
        ),
    })
  }
}

/** The node as a container's kernel sees it. */
export function hostOf(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  image: Image,
  events: { ended(stream: string, code: number): void },
): KernelHost {
  const { clock, api, network, name } = environment
  const ip = (): string => (pod.pod.spec.hostNetwork ? addressOf(environment.machine()) : (pod.ip ?? ''))
  const caller = (): Caller => ({
    end: { kind: 'container', node: name, pod: pod.uid, container: container.name, run: container.run },
    address: ip(),
    namespace: pod.pod.metadata.namespace ?? '',
    clusterNames: readsClusterNames(pod.pod.spec),
  })
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    below: (bound) => api.random.below(bound),
    imageRoot: () => image.root,
    volume: (volume) => volumeTree(environment, pod, container, volume),
    wakeAt: (time) => {
      if (container.wakeMs === time) return
      container.wakeMs = time
      const step = { pod: pod.uid, step: 'run', container: container.name, run: container.run, due: time } as const
      later(environment, time - clock.now(), step, clock.now() - container.startedMs > settledMs)
    },
    output: (stream, channel, text) => {
      if (stream !== '') return kept(container.sessions?.[stream], channel, text)
      append(container.log!, channel, text, clock.now())
      for (const one of Object.values(container.sessions ?? {}))
        if (one.attached === 'container') kept(one, channel, text)
    },
    ended: (stream, { code }) => events.ended(stream, code),
    addresses: () => [ip()],
    lookUp: (host) => aliasOf(pod, host) ?? network.lookUp(host, caller()),
    connect: (_socket, host, port) => network.connect(caller(), aliasOf(pod, host)?.[0] ?? host, port),
    portOf: (connection) => network.portOf(connection),
    send: (connection, text) => network.send(connection, text),
    shut: (connection) => network.shut(connection),
    annotation: (key) => behaviourOf(environment, pod, key),
    ports: () => (specOf(pod, container)?.ports ?? []).map(({ containerPort }: any) => containerPort),
    milliCPU: () => {
      const limit = specOf(pod, container)?.resources?.limits?.cpu
      return limit === undefined ? undefined : milliValue(limit)
    },
    sharers: () => sharers(environment, pod, container),
    isToEnd: container.kind === 'init' || (pod.pod.spec.restartPolicy !== 'Always' && !hasPorts(pod)),
    ...(image.unknownProgram !== undefined && { unknownProgram: image.unknownProgram }),
    ...neighbours(environment, pod, container),
  }
}

/** Processes of the containers that share a container's process namespace. */
function neighbours(
  { images }: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
): Pick<KernelHost, 'neighbours'> {
  const isShared = Boolean(pod.pod.spec.shareProcessNamespace)
  // A container for debugging may join that of the one that it is aimed at.
  const home = (one: ContainerState): string =>
    (one.kind === 'ephemeral' && specOf(pod, one)?.targetContainerName) || one.name
  if (!isShared && !pod.containers.some(({ kind }) => kind === 'ephemeral')) return {}
  return {
    neighbours: () => {
      const others = pod.containers.filter(
        (one) => one !== container && one.state === 'running' && (isShared || home(one) === home(container)),
      )
      const found = others.flatMap((one) => Object.values(one.kernel?.processes ?? {}))
      if (!isShared) return found
      const argv = images.find(pauseImage)?.entrypoint ?? ['/pause']
      return [{ ...pause, argv }, ...found]
    },
  }
}

const pauseImage = 'registry.k8s.io/pause:3.10'
/** The process that holds a sandbox's namespaces. */
const pause: ProcessState = {
  pid: 1,
  ppid: 0,
  program: 'pause',
  argv: [],
  env: {},
  cwd: '/',
  umask: 0o022,
  uid: 65535,
  gid: 65535,
  fds: {},
  memory: null,
  pending: [],
  signals: {},
  startedMs: 0,
  wait: { for: 'signal' },
}

/** What is kept of a command's output. Upstream: maxReadLength is 10 KiB for probes; who attaches reads as it comes. */
const keptBytes = 256 * 1024
const attachedBytes = 64 * 1024 * 1024

function kept(session: Session | undefined, channel: 'stdout' | 'stderr', text: string): void {
  if (session) session[channel] = (session[channel] + text).slice(-(session.attached ? attachedBytes : keptBytes))
}

function readsClusterNames({ dnsPolicy, hostNetwork }: any): boolean {
  return dnsPolicy === 'ClusterFirstWithHostNet' || ((dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst' && !hostNetwork)
}

/** Names that the pod's own hosts file has. */
function aliasOf({ pod, ip }: PodState, host: string): string[] | undefined {
  if (host === hostnameOf(pod) && ip !== undefined) return [ip]
  const alias = pod.spec.hostAliases?.find(({ hostnames }: any) => hostnames?.includes(host))
  return alias && [alias.ip]
}

/** Does something in a pod listen on a port? */
export function listenerOn(pod: PodState, port: number): ContainerState | undefined {
  const listening = pod.containers.filter(({ state, kernel }) => state === 'running' && kernel)
  const own = listening.find(({ kernel }) => port !== 0 && Object.hasOwn(kernel!.listeners, port))
  if (own) return own
  // Who listens on port 0 does on all ports that it declares, or on any.
  return listening.find((one) => {
    if (!Object.hasOwn(one.kernel!.listeners, 0)) return false
    const declared = specOf(pod, one)?.ports ?? []
    return declared.length === 0 || declared.some(({ containerPort }: any) => containerPort === port)
  })
}

/** Kernels of the pod's other containers, or of all that have the node's network where that is the pod's. */
function sharers({ state }: KubeletEnvironment, pod: PodState, container: ContainerState): KernelState[] {
  const pods = pod.pod.spec.hostNetwork ? state.pods.filter((one) => one.pod.spec.hostNetwork) : [pod]
  return pods.flatMap(({ containers }) =>
    containers.flatMap((one) => (one !== container && one.state === 'running' && one.kernel ? [one.kernel] : [])),
  )
}

/** Who declares ports is there to serve, even where it is not to be restarted. */
function hasPorts({ pod }: PodState): boolean {
  return pod.spec.containers.some(({ ports }: any) => ports?.length > 0)
}
