import { deepFreeze } from '../../lib/freeze.ts'
import type { StartSpec } from './container-starter.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { hookDone } from './hooks.ts'
import { portOf, probed } from './probes.ts'
import { specOf, type ContainerState, type PodState, type ProbeType } from './state.ts'

export interface LogLine {
  /** Virtual milliseconds. */
  readonly at: number
  readonly text: string
}

/** The runtime's side of containers: the one place that knows what is behind them. */
export class Containers {
  private readonly environment: KubeletEnvironment

  constructor(environment: KubeletEnvironment) {
    this.environment = environment
  }

  /** Starts a container; returns why it cannot be, in runc's words. */
  start(pod: PodState, container: ContainerState, _spec: any, config: StartSpec): string | undefined {
    const behaviour = deepFreeze(this.environment.runtime.behaviour(config))
    container.behaviour = behaviour
    const run = { pod: pod.uid, container: container.name, run: container.run }
    if (behaviour.waitsFor) later(this.environment, 50, { ...run, step: 'wait' })
    else if (behaviour.exit)
      later(this.environment, Math.max(30, behaviour.exit.afterMs), { ...run, step: 'exit', code: behaviour.exit.code })
    return undefined
  }

  signal(pod: PodState, container: ContainerState, signal: string): void {
    if (signal === 'KILL') return this.environment.workers.exited(pod, container, 137)
    const { stopMs, stopCode } = container.behaviour!
    if (stopMs > 3_600_000) return
    const step = { pod: pod.uid, container: container.name, run: container.run, step: 'exit', code: stopCode } as const
    later(this.environment, stopMs, step)
  }

  /** Runs a command in a container. Its end is told to whom it is for. */
  exec(pod: PodState, container: ContainerState, session: string, _argv: readonly string[]): string | undefined {
    if (session === 'hook') hookDone(this.environment, pod, container, undefined)
    else probed(this.environment, pod, container, session.slice('probe-'.length) as ProbeType, { ok: true })
    return undefined
  }

  /** Asks over the network, for a probe or a hook. */
  request(
    pod: PodState,
    container: ContainerState,
    purpose: ProbeType | 'hook',
    probe: any,
    _due: number | undefined,
  ): void {
    const { environment } = this
    if (purpose === 'hook') return hookDone(environment, pod, container, undefined)
    const kind = probe.httpGet ? 'http' : probe.tcpSocket ? 'tcp' : 'grpc'
    const port = portOf((probe.httpGet ?? probe.tcpSocket ?? probe.grpc).port, specOf(pod, container))
    const running = environment.clock.now() - container.startedMs
    const found = environment.runtime.probe(container.behaviour!, running, { kind, port }, pod.ip ?? '')
    probed(environment, pod, container, purpose, found.ok ? found : { ok: false, output: found.message })
  }

  /** An attempt has taken too long: what is said of it. */
  giveUp(_pod: PodState, _container: ContainerState, _type: ProbeType, probe: any): string {
    return `command ${JSON.stringify((probe?.exec?.command ?? []).join(' '))} timed out`
  }

  /** The container asks for a host again, until somebody answers. */
  waited(pod: PodState, container: ContainerState): void {
    const { environment } = this
    const { behaviour } = container
    if (container.state !== 'running' || !behaviour?.waitsFor) return
    const { host, port, everyMs } = behaviour.waitsFor
    const run = { pod: pod.uid, container: container.name, run: container.run }
    if (!environment.answers(pod.pod.metadata.namespace ?? '', host, port))
      later(environment, Math.max(100, everyMs), { ...run, step: 'wait' }, true)
    else if (behaviour.exit) later(environment, 50, { ...run, step: 'exit', code: behaviour.exit.code })
  }

  ended(_pod: PodState, _container: ContainerState): void {}

  stopSignalOf(spec: any): string {
    return String(spec?.lifecycle?.stopSignal ?? 'TERM').replace(/^SIG/, '')
  }

  /** The user that an image's first process is: a number, or a name that is not looked up. */
  userOf(_image: string): number | string {
    return 0
  }

  terminationLog(_pod: PodState, _container: ContainerState): string {
    return ''
  }

  log({ behaviour, startedMs }: ContainerState): LogLine[] {
    const now = this.environment.clock.now()
    return (behaviour?.log ?? [])
      .map(({ atMs, text }) => ({ at: startedMs + atMs, text }))
      .filter(({ at }) => at <= now)
  }
}
