import { later, type KubeletEnvironment } from './environment.ts'
import { fieldPathOf } from './image-puller.ts'
import type { ContainerState, PodState } from './state.ts'

/** Ends pods and containers: TERM, the grace period, KILL; sidecars after the others, the sandbox last. */
export class PodStopper {
  private readonly environment: KubeletEnvironment
  private readonly exited: (pod: PodState, container: ContainerState, code: number) => void

  constructor(
    environment: KubeletEnvironment,
    exited: (pod: PodState, container: ContainerState, code: number) => void,
  ) {
    this.environment = environment
    this.exited = exited
  }

  /** Begins to end a pod: TERM to all that runs, the rest is killed when the grace period is over. */
  stop(pod: PodState, graceSeconds: number): void {
    if (pod.stage === 'done') return
    const before = pod.stage
    pod.stage = 'stopping'
    const running = pod.containers.filter((one) => one.state === 'running' && one.kind !== 'sidecar')
    for (const container of running) this.term(pod, container, graceSeconds)
    later(this.environment, graceSeconds * 1000, { pod: pod.uid, step: 'kill' })
    if (before === 'running') this.environment.report(pod)
    this.proceed(pod)
  }

  /** Ends a container that a probe gave up on; it is started again once it is over. */
  restart(pod: PodState, container: ContainerState, message: string): void {
    if (this.environment.online())
      this.environment.client.events.normal(pod.pod, 'Killing', message, fieldPathOf(pod, container.name))
    container.stopping = true
    const grace = pod.pod.spec.terminationGracePeriodSeconds ?? 30
    const { stopMs, stopCode } = container.behaviour!
    const obeys = stopMs <= grace * 1000
    later(this.environment, obeys ? stopMs : grace * 1000, {
      pod: pod.uid,
      step: 'stopped',
      container: container.name,
      run: container.run,
      code: obeys ? stopCode : 137,
    })
  }

  /** Sends TERM to one container. */
  term(pod: PodState, container: ContainerState, graceSeconds: number): void {
    if (!container.stopping && this.environment.online()) {
      this.environment.client.events.normal(
        pod.pod,
        'Killing',
        `Stopping container ${container.name}`,
        fieldPathOf(pod, container.name),
      )
    }
    container.stopping = true
    const { stopMs, stopCode } = container.behaviour!
    if (stopMs >= graceSeconds * 1000) return
    later(this.environment, stopMs, {
      pod: pod.uid,
      step: 'stopped',
      container: container.name,
      run: container.run,
      code: stopCode,
    })
  }

  /** The grace period is over. */
  kill(pod: PodState): void {
    if (pod.stage !== 'stopping') return
    for (const container of pod.containers) if (container.state === 'running') this.exited(pod, container, 137)
    this.proceed(pod)
  }

  /** Sidecars end after the others, the last one first; then the sandbox goes. */
  proceed(pod: PodState): void {
    if (pod.stage !== 'stopping') return
    const running = pod.containers.filter((one) => one.state === 'running')
    if (running.some((one) => one.kind !== 'sidecar')) return
    const sidecar = running[running.length - 1]
    if (sidecar) {
      if (!sidecar.stopping) this.term(pod, sidecar, pod.pod.metadata.deletionGracePeriodSeconds ?? 30)
      return
    }
    pod.stage = 'done'
    pod.sandboxReady = false
    later(this.environment, this.environment.latencies.teardown, { pod: pod.uid, step: 'torndown' })
  }
}
