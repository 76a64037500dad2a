import { longestBackOffMs } from './image-puller.ts'
import { actionsOf } from './pod-actions.ts'
import { containerReady, startNext, sandboxed } from './container-starter.ts'
import { kill, killDue } from './container-killer.ts'
import { later, type KubeletEnvironment, type PodStep } from './environment.ts'
import { storageDue, watchStorage } from './eviction.ts'
import { mount } from './mounter.ts'
import { phaseOf } from './pod-phase.ts'
import { proceed, terminate } from './pod-terminator.ts'
import { askAgain, isAsked, probeDue, probeTimedOut } from './probes.ts'
import { containerNamed, graceOf, type ContainerState, type PodState } from './state.ts'
import { terminationOf } from './pod-status.ts'
import { terminationMessage } from './termination-message.ts'
import { hookDone } from './hook-outcome.ts'

/** Upstream: genericPlegRelistPeriod. */
const relistMs = 1000
/** Upstream: backOffPeriod, and a jitter of up to half of it: nobody is helped by its being random here. */
const errorRetryMs = 10_000
const jitter = 1.35

/**
 * A worker for each pod, as upstream's: one sync at a time makes what runs be what should, and says what it found. What
 * containers do by themselves is noticed when they are listed again, every second; in between nothing happens.
 */
export class PodWorkers {
  private readonly environment: KubeletEnvironment

  constructor(environment: KubeletEnvironment) {
    this.environment = environment
  }

  /** A pod is new on this node. */
  begin(pod: PodState): void {
    const { activeDeadlineSeconds } = pod.pod.spec
    if (activeDeadlineSeconds !== undefined)
      later(this.environment, this.deadlineIn(pod), { pod: pod.uid, step: 'deadline' })
    watchStorage(this.environment, pod)
    this.sync(pod)
  }

  /** Something is new for a pod: now, or when what its worker does is done. */
  request(pod: PodState): void {
    if (pod.stage !== 'running') return
    if (pod.work) pod.again = true
    else this.sync(pod)
  }

  /** What runs of a pod has changed: it is noticed when containers are listed next. */
  changed(pod: PodState): void {
    pod.dirty = true
    const { state, clock, actor } = this.environment
    if (state.relisting) return
    state.relisting = true
    const due = (Math.floor(clock.now() / relistMs) + 1) * relistMs
    clock.schedule(actor, due - clock.now(), { relist: true, boot: state.boots })
  }

  relist(): void {
    const { state } = this.environment
    state.relisting = false
    for (const pod of state.pods.filter(({ dirty }) => dirty)) {
      pod.dirty = false
      if (pod.stage === 'finishing') terminate(this.environment, pod, pod.grace ?? graceOf(pod))
      else this.request(pod)
    }
  }

  step(pod: PodState, step: PodStep): void {
    const { environment } = this
    if (step.turn !== undefined && step.turn !== pod.turn) return
    switch (step.step) {
      case 'wake':
        return this.request(pod)
      case 'deadline':
        return this.deadlineIn(pod) > 0 ? undefined : this.request(pod)
      case 'storage':
        return storageDue(environment, pod)
      case 'mount':
        return mount(environment, pod)
      case 'sandboxed':
        return sandboxed(environment, pod)
      case 'torndown':
        return environment.finished(pod)
    }
    const container = step.container === undefined ? undefined : containerNamed(pod, step.container)
    if (!container || (step.run !== undefined && step.run !== container.run)) return
    switch (step.step) {
      case 'created':
        return containerReady(environment, pod, container)
      case 'kill':
        return killDue(environment, pod, container, step.due!)
      case 'hook':
        return hookDone(environment, pod, container, undefined)
      case 'exit':
        return this.exited(pod, container, step.code ?? 0)
      case 'run':
        return environment.containers.runDue(pod, container, step.due!)
      case 'probe':
        return probeDue(environment, pod, container, step.probe!, step.due!)
      case 'timeout':
        return probeTimedOut(environment, pod, container, step.probe!, step.due!)
    }
  }

  /** Looks at a pod and does the next thing. Upstream: syncPod. */
  sync(pod: PodState): void {
    const { environment } = this
    pod.turn++
    pod.again = false
    delete pod.work
    pod.outcome = { started: false, failed: false, madeSandbox: false }
    if (pod.pod.spec.activeDeadlineSeconds !== undefined && this.deadlineIn(pod) <= 0) {
      const message = 'Pod was active on the node longer than the specified deadline'
      pod.failure ??= { reason: 'DeadlineExceeded', message }
    }
    environment.report(pod)
    askAgain(environment, pod)
    const phase = phaseOf(pod)
    if (phase === 'Failed' || phase === 'Succeeded') {
      pod.stage = 'finishing'
      // What ended by itself is taken down when it is listed next; what the node ends, now.
      return pod.failure ? terminate(environment, pod, graceOf(pod)) : this.changed(pod)
    }
    if (pod.mounted) return this.act(pod)
    pod.work = { do: 'mount' }
    mount(environment, pod)
  }

  /** Its volumes are there: what is to be done? */
  act(pod: PodState): void {
    const { environment } = this
    const actions = actionsOf(pod)
    delete pod.work
    const running = pod.containers.filter(({ state }) => state === 'running')
    if (actions.restartAll) {
      pod.queue = ['*']
      pod.work = { do: 'kill', names: running.map(({ name }) => name) }
      for (const one of running) kill(environment, pod, one, { message: 'killing', grace: graceOf(pod) })
      return this.killed(pod)
    }
    if (actions.end) {
      pod.work = { do: 'end' }
      for (const one of running)
        kill(environment, pod, one, { message: `Stopping container ${one.name}`, grace: graceOf(pod), ordered: true })
      return this.killed(pod)
    }
    pod.queue = [...actions.start]
    if (actions.kill.length > 0) {
      const names = actions.kill.map(({ name }) => name)
      pod.work = { do: 'kill', names }
      pod.outcome!.killed = names
      for (const { name, message, grace } of actions.kill)
        kill(environment, pod, containerNamed(pod, name)!, { message, grace: grace ?? graceOf(pod) })
      return this.killed(pod)
    }
    startNext(environment, pod)
  }

  /** Perhaps the last of what a sync ends has ended. */
  private killed(pod: PodState): void {
    const { work } = pod
    if (work?.do !== 'kill' && work?.do !== 'end') return
    const names = work.do === 'kill' ? work.names : pod.containers.map(({ name }) => name)
    if (names.some((name) => containerNamed(pod, name)!.state === 'running')) return
    if (work.do === 'end') {
      pod.sandbox = 'stopped'
      return this.done(pod, true)
    }
    if (pod.queue[0] === '*') {
      beginAnew(pod)
      this.environment.report(pod)
      for (const one of pod.containers) delete one.waiting
    }
    delete pod.work
    if (pod.queue.length === 0) this.done(pod, true)
    else startNext(this.environment, pod)
  }

  /** A sync is over. */
  done(pod: PodState, hasChanged = false): void {
    const { environment } = this
    const { started, failed, madeSandbox, retryMs, killed } = pod.outcome!
    delete pod.work
    pod.queue = []
    // What was started is listed at once, and looked at.
    if (started) {
      if (isAsked(pod)) this.changed(pod)
      return this.sync(pod)
    }
    if (failed) {
      const delay = (retryMs ?? errorRetryMs) * jitter
      later(environment, Math.min(delay, 2 * longestBackOffMs), { pod: pod.uid, step: 'wake', turn: pod.turn })
    }
    if (hasChanged || pod.again || killed || (failed && madeSandbox)) this.changed(pod)
  }

  /** A container ended by itself, or because it was told to. */
  exited(pod: PodState, container: ContainerState, code: number, why?: string): void {
    const { environment } = this
    if (container.state !== 'running') return
    const reason = why ?? (code === 0 ? 'Completed' : 'Error')
    const message = terminationMessage(environment, pod, container, code)
    container.state = 'terminated'
    container.termination = terminationOf(container, code, reason, environment.client.timestamp(), message)
    container.finishedMs = environment.clock.now()
    container.ready = false
    container.started = false
    container.probes = {}
    delete container.unhealthy
    delete container.kill
    environment.containers.ended(pod, container)
    if (pod.stage === 'terminating') return proceed(environment, pod)
    if (pod.work?.do === 'kill' || pod.work?.do === 'end') {
      proceed(environment, pod)
      if (pod.work) this.killed(pod)
      return
    }
    if (pod.work?.do === 'start' && pod.work.container === container.name && pod.work.at === 'hook')
      return hookDone(environment, pod, container, undefined)
    this.changed(pod)
  }

  /** A hook is over; `failure` says how it failed. */
  hookDone(pod: PodState, container: ContainerState, failure: string | undefined): void {
    hookDone(this.environment, pod, container, failure)
  }

  /** Milliseconds until a pod has been active for too long. */
  private deadlineIn(pod: PodState): number {
    const { activeDeadlineSeconds } = pod.pod.spec
    if (activeDeadlineSeconds === undefined) return Infinity
    return pod.startedMs + activeDeadlineSeconds * 1000 - this.environment.clock.now()
  }
}

/** All containers are as if they had never been. */
function beginAnew(pod: PodState): void {
  const message = 'The container is removed because RestartAllContainers in place'
  const reason = 'RestartingAllContainers'
  for (const one of pod.containers) {
    if (one.kind === 'ephemeral' || one.state === 'none') continue
    one.state = 'none'
    one.last = { exitCode: 137, reason, message, startedAt: null, finishedAt: null }
    one.waiting = { reason, message }
    one.restartCount++
    delete one.termination
    delete one.containerID
  }
  const first = pod.containers.find(({ kind }) => kind === 'init' || kind === 'sidecar')
  pod.queue = first ? [first.name] : pod.containers.filter(({ kind }) => kind === 'main').map(({ name }) => name)
}
