import { Kernel } from '../containers/kernel/kernel.ts'
import type { Image } from '../containers/images/image.ts'
import type { KernelState, Signal } from '../containers/kernel/types.ts'
import { usageOf, type ContainerUse } from '../containers/usage.ts'
import { memoryForPods } from '../machines/machine.ts'
import type { NetworkEvent } from '../network/types.ts'
import { behaviourOf } from './behaviours.ts'
import { call, giveUp } from './calls.ts'
import { ContainerKernel, hostOf } from './container-kernel.ts'
import { hostnameOf } from './hostname.ts'
import type { StartSpec } from './container-starter.ts'
import { containerId } from './container-id.ts'
import { userOf } from './container-status.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { finish, newLog, type LogLine } from './logs.ts'
import { probed } from './probes.ts'
import { type ContainerState, type PodState, type ProbeType } from './state.ts'
import { diskChanged, storedAtMost } from './disk-pressure.ts'
import { memoryChanged } from './eviction.ts'
import { inMemory, mountsOf, sizeOfVolume } from './volumes.ts'

/** From a container's start until its first process does something. */
const firstStepMs = 30

/** The runtime's side of containers: the one place that knows what is behind them. */
export class Containers {
  private readonly environment: KubeletEnvironment
  /** By pod and container. Derived: what they know is in the containers' states. */
  private readonly kernels = new Map<string, { readonly state: KernelState; readonly kernel: ContainerKernel }>()

  /** Bytes of memory by pod, and of all. Derived. */
  private readonly byPod = new Map<string, { readonly memory: number; readonly disk: number }>()
  private total = 0
  private totalStored = 0
  private isCounted = false

  constructor(environment: KubeletEnvironment) {
    this.environment = environment
  }

  /** Starts a container; returns why it cannot be, in runc's words. */
  start(pod: PodState, container: ContainerState, spec: any, config: StartSpec): string | undefined {
    if (container.log) container.previousLog = container.log
    delete container.log
    delete container.kernel
    const image = this.environment.images.find(config.image)
    if (!image) return `image ${JSON.stringify(config.image)}: not found`
    container.log = newLog()
    const user = userOf(pod, spec, uidOf(image))
    const ended: number[] = []
    const host = hostOf(this.environment, pod, container, image, { ended: (_stream, code) => ended.push(code) })
    const argv =
      config.command.length > 0
        ? [...config.command, ...config.args]
        : [...(image.entrypoint ?? []), ...(config.args.length > 0 ? config.args : (image.cmd ?? []))]
    const state = Kernel.boot(
      {
        argv,
        env: { ...image.env, ...config.env },
        cwd: spec.workingDir ?? image.workingDir ?? '/',
        uid: user.uid,
        gid: user.gid,
        groups: user.supplementalGroups,
        hostname: hostnameOf(pod.pod, this.environment.name),
        mounts: mountsOf(pod, container),
        readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem ?? false,
        stdin: spec.stdin ?? false,
        tty: spec.tty ?? false,
      },
      host,
      this.environment.programs,
    )
    if ('failure' in state) return state.failure
    container.kernel = state
    if (this.isCounted) this.count(pod)
    const run = { pod: pod.uid, container: container.name, run: container.run }
    if (ended.length > 0) later(this.environment, firstStepMs, { ...run, step: 'exit', code: ended[0]! })
    else {
      container.wakeMs = this.environment.clock.now() + firstStepMs
      later(this.environment, firstStepMs, { ...run, step: 'run', due: container.wakeMs })
    }
    return undefined
  }

  /** A kernel wants to run again. */
  runDue(pod: PodState, container: ContainerState, due: number): void {
    if (container.wakeMs !== due || container.state !== 'running') return
    delete container.wakeMs
    this.act(pod, container)
  }

  signal(pod: PodState, container: ContainerState, signal: string): void {
    this.act(pod, container, (one) => one.signal(signal as Signal))
  }

  /** Runs a command in a container. Its end is told to whom it is for; returns why it cannot be run. */
  exec(
    pod: PodState,
    container: ContainerState,
    name: string,
    argv: readonly string[],
    options: { readonly stdin?: boolean; readonly tty?: boolean; readonly attached?: 'command' } = {},
  ): string | undefined {
    const sessions = (container.sessions ??= {})
    const { attached, ...how } = options
    sessions[name] = { argv, stdout: '', stderr: '', ...(attached && { attached }) }
    let failure: string | undefined
    this.act(pod, container, (kernel) => {
      failure = kernel.exec(name, argv, how)
    })
    if (failure === undefined) return undefined
    delete sessions[name]
    // Of what is run in a container each has a name of its own.
    const id = containerId(this.environment.name, this.environment.state.nextContainer++)
    return `${attached ? '' : 'rpc error: code = Unknown desc = '}failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${failure}`
  }

  /** From now on what the container itself writes is kept for somebody who reads it. */
  attach(container: ContainerState, name: string): void {
    ;(container.sessions ??= {})[name] = { argv: [], stdout: '', stderr: '', attached: 'container' }
  }

  /** Somebody types into a command's input (the container's own is ''), or closes it. */
  write(pod: PodState, container: ContainerState, session: string, text: string | undefined): void {
    this.act(pod, container, (kernel) =>
      text === undefined ? kernel.closeInput(session) : kernel.write(session, text),
    )
  }

  /** All that runs in a container stands still, or goes on. */
  freeze(pod: PodState, container: ContainerState, frozen: boolean): void {
    this.act(pod, container, (kernel) => kernel.freeze(frozen))
  }

  resize(pod: PodState, container: ContainerState, session: string, columns: number, rows: number): void {
    this.act(pod, container, (kernel) => kernel.resize(session, columns, rows))
  }

  /** Something of the network; false when the container is not there any more, or nobody in it listens. */
  tell(pod: PodState, container: ContainerState, event: NetworkEvent): boolean {
    const kernel = this.kernelOf(pod, container)
    const taken = kernel?.tell(event) ?? false
    if (kernel) this.watchMemory(pod, container)
    return taken
  }

  /** Asks over the network, for a probe or a hook. */
  request(pod: PodState, container: ContainerState, purpose: ProbeType | 'hook', probe: any): void {
    call(this.environment, pod, container, purpose, probe)
  }

  /** An attempt has taken too long: what is said of it. */
  giveUp(_pod: PodState, container: ContainerState, type: ProbeType, probe: any): string {
    if (!probe?.exec) return giveUp(this.environment, container, type, probe)
    delete container.sessions?.[`probe-${type}`]
    return `command ${JSON.stringify((probe.exec.command ?? []).join(' '))} timed out`
  }

  /** A container is over: what ran in it is gone, its log stays. */
  ended(pod: PodState, container: ContainerState): void {
    const { clock, network } = this.environment
    if (container.log) finish(container.log, clock.now())
    this.kernels.delete(`${pod.uid}/${container.name}`)
    if (!container.kernel) return
    const { written, zeros = 0 } = container.kernel
    if (Math.max(0, written) + zeros > 0) container.stored = (container.stored ?? 0) + Math.max(0, written) + zeros
    delete container.kernel
    if (this.isCounted) this.count(pod)
    delete container.wakeMs
    for (const [name, one] of Object.entries(container.sessions ?? {}))
      if (one.attached) one.code ??= one.attached === 'command' ? 137 : 0
      else delete container.sessions![name]
    network.endOf(
      (end) =>
        end.kind === 'container' &&
        end.pod === pod.uid &&
        end.container === container.name &&
        end.run === container.run,
    )
  }

  stopSignalOf(spec: any): string {
    const own = spec?.lifecycle?.stopSignal ?? this.environment.images.find(spec?.image ?? '')?.stopSignal ?? 'TERM'
    return String(own).replace(/^SIG/, '')
  }

  /** The user that an image's first process is: a number, or a name that is not looked up. */
  userOf(name: string): number | string {
    const user = this.environment.images.find(name)?.user?.split(':')[0] ?? '0'
    return /^\d+$/.test(user) ? Number(user) : user === 'root' ? 0 : user
  }

  terminationLog(pod: PodState, container: ContainerState): string {
    const node = pod.trees?.[`/termination/${container.name}`]?.node
    const text = node?.type === 'file' ? node.data : ''
    if (text && pod.trees) delete pod.trees[`/termination/${container.name}`]
    return text
  }

  log({ log }: ContainerState): readonly LogLine[] {
    return log?.lines ?? []
  }

  /** What a running container uses now. */
  usage(pod: PodState, container: ContainerState): ContainerUse | undefined {
    const used = this.kernelOf(pod, container)?.kernel.usage()
    const sharers = pod.containers.filter(({ state }) => state === 'running').length
    return used && usageOf(pod.pod, container.name, used, sharers, (name) => behaviourOf(this.environment, pod, name))
  }

  private kernelOf(pod: PodState, container: ContainerState): ContainerKernel | undefined {
    if (!container.kernel || container.state !== 'running') return undefined
    const key = `${pod.uid}/${container.name}`
    const known = this.kernels.get(key)
    if (known?.state === container.kernel) return known.kernel
    const image = this.environment.images.find(container.image ?? '')
    if (!image) return undefined
    const kernel = new ContainerKernel(this.environment, pod, container, image, this.environment.programs, {
      ended: (...what) => this.environment.workers.exited(...what),
      sessionEnded: (...what) => this.sessionEnded(...what),
    })
    this.kernels.set(key, { state: container.kernel, kernel })
    return kernel
  }

  private act(pod: PodState, container: ContainerState, tell?: (kernel: Kernel) => void): void {
    this.kernelOf(pod, container)?.act(tell)
    this.watchMemory(pod, container)
  }

  /** Bytes that all containers of the machine use. */
  memoryUsed(): number {
    this.countAll()
    return this.total
  }

  /** Bytes that a pod uses: its processes, and its volumes in memory. */
  memoryOf(pod: PodState): number {
    let bytes = 0
    for (const one of pod.containers) bytes += this.heldBy(pod, one)
    for (const volume of pod.pod.spec.volumes ?? [])
      if (volume.emptyDir?.medium === 'Memory') bytes += sizeOfVolume(pod, volume.name)
    return bytes
  }

  private heldBy(pod: PodState, container: ContainerState): number {
    // What nobody has said is what its processes use.
    if (behaviourOf(this.environment, pod, 'memory') !== undefined) return this.usage(pod, container)?.heldBytes ?? 0
    return this.kernelOf(pod, container)?.kernel.usage().memoryBytes ?? 0
  }

  /** A container that uses more memory than it may, or than there is, is killed. */
  private watchMemory(pod: PodState, container: ContainerState): void {
    this.countAll()
    const before = this.totalStored
    this.count(pod)
    const { environment } = this
    const limit = container.state === 'running' ? environment.memoryLimitOf(pod, container) : undefined
    const used = limit === undefined ? 0 : this.heldBy(pod, container) + inMemory(pod, container)
    const isOver = (limit !== undefined && used > limit) || this.total > memoryForPods(environment.machine())
    if (isOver && container.state === 'running') environment.workers.exited(pod, container, 137, 'OOMKilled')
    memoryChanged(environment, this.total)
    if (this.totalStored !== before) diskChanged(environment)
  }

  /** Bytes on the machine's disk that its pods' containers have written, at most. */
  storedAtMost(): number {
    this.countAll()
    return this.totalStored
  }

  /** A pod is gone; all are when none is named. */
  forget(pod?: PodState): void {
    const known = pod && this.byPod.get(pod.uid)
    this.total -= pod ? (known?.memory ?? 0) : this.total
    this.totalStored -= pod ? (known?.disk ?? 0) : this.totalStored
    if (pod) this.byPod.delete(pod.uid)
    else this.byPod.clear()
  }

  private count(pod: PodState): void {
    this.countAll()
    const before = this.byPod.get(pod.uid)
    const memory = this.memoryOf(pod)
    const disk = storedAtMost(pod)
    if (memory + disk === 0) this.byPod.delete(pod.uid)
    else this.byPod.set(pod.uid, { memory, disk })
    this.total += memory - (before?.memory ?? 0)
    this.totalStored += disk - (before?.disk ?? 0)
  }

  /** What others use is worked out once, when somebody first asks; then it is kept up to date. */
  private countAll(): void {
    if (this.isCounted) return
    this.isCounted = true
    for (const pod of this.environment.state.pods) this.count(pod)
  }

  private sessionEnded(pod: PodState, container: ContainerState, name: string, code: number): void {
    const session = container.sessions?.[name]
    if (session?.attached) {
      session.code = code
      return
    }
    delete container.sessions?.[name]
    const { stdout = '', stderr = '', argv = [] } = session ?? {}
    if (name === 'hook') {
      const why = `command '${argv.join(' ')}' exited with ${code}: ${stderr}, message: ${JSON.stringify(stdout + stderr)}`
      this.environment.workers.hookDone(pod, container, code === 0 ? undefined : why)
    } else if (name.startsWith('probe-')) {
      const output = (stdout + stderr).slice(0, 10_240)
      const type = name.slice('probe-'.length) as ProbeType
      if (container.probes[type]?.due !== undefined || !container.kernel)
        probed(this.environment, pod, container, type, code === 0 ? { ok: true } : { ok: false, output })
    }
  }
}

/** The number of an image's user; names are looked up in its table of users. */
export function uidOf({ user = '0', root }: Image): number {
  const name = user.split(':')[0]!
  if (/^\d+$/.test(name)) return Number(name)
  const etc = root.entries['etc']
  const table = etc?.type === 'directory' ? etc.entries['passwd'] : undefined
  const lines = table?.type === 'file' ? table.data.split('\n') : []
  return Number(lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2] ?? 0)
}
