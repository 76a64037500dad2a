import { releaseAddressesOf } from './addresses.ts'
import { kill, takeTurn } from './container-killer.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { isInitialized } from './pod-phase.ts'
import type { PodState } from './state.ts'

/** From a static pod's end until it is forgotten. Upstream: housekeepingPeriod. */
const housekeepingMs = 1500

/** Begins to end a pod, or shortens its end. Upstream: SyncTerminatingPod. */
export function terminate(environment: KubeletEnvironment, pod: PodState, grace: number): void {
  if (pod.stage === 'terminated') return
  const isNew = pod.stage !== 'terminating'
  pod.stage = 'terminating'
  if (isNew) {
    pod.turn++
    delete pod.work
    pod.queue = []
    for (const one of pod.containers) delete one.waiting
    environment.report(pod)
  }
  for (const one of pod.containers)
    kill(environment, pod, one, { message: `Stopping container ${one.name}`, grace, ordered: true })
  proceed(environment, pod)
}

/** Some container has ended: perhaps it is another's turn now, or all is over. */
export function proceed(environment: KubeletEnvironment, pod: PodState): void {
  let runs = false
  for (const one of [...pod.containers].reverse()) {
    if (one.state !== 'running') continue
    if (one.kill?.stage === 'turn') takeTurn(environment, pod, one)
    runs ||= one.state === 'running'
  }
  if (runs || pod.stage !== 'terminating' || pod.work?.do === 'end') return
  pod.work = { do: 'end' }
  later(environment, environment.latencies.teardown, { pod: pod.uid, step: 'torndown', turn: pod.turn })
}

/** Its sandbox and its volumes are gone: what it was is written down. Upstream: SyncTerminatedPod, and TerminatePod of the status manager. */
export function ended(environment: KubeletEnvironment, pod: PodState): void {
  delete pod.work
  delete pod.trees
  if (pod.eviction) pod.failure = pod.eviction
  pod.sandbox = 'stopped'
  // Nobody is told how a static pod ended whose file is gone.
  if (pod.removed) {
    environment.report(pod)
    pod.stage = 'terminated'
    return later(environment, housekeepingMs, { pod: pod.uid, step: 'forget' })
  }
  const initialized = isInitialized(pod)
  const neverStarted = pod.containers.filter(({ state, kind }) => state === 'none' && initialized && kind === 'main')
  // Of a pod that was taken away before it began nobody knows how its containers ended.
  if (pod.pod.metadata.deletionTimestamp && neverStarted.length > 0) {
    environment.report(pod)
    for (const one of neverStarted) {
      one.state = 'terminated'
      one.termination = {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
        startedAt: null,
        finishedAt: null,
      }
    }
  }
  pod.stage = 'terminated'
  environment.report(pod)
  if (pod.pod.metadata.deletionTimestamp) releaseAddressesOf(environment, pod.uid)
}
