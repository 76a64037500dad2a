import type { Machine } from '../machines/machine.ts'
import { addressOf } from '../machines/machine.ts'
import { containerStatus, podResources } from './container-status.ts'
import { conditionsOf, sameOr } from './pod-conditions.ts'
import { phaseOf } from './pod-phase.ts'
import type { ContainerState, PodState, Termination } from './state.ts'

const isTerminal = (phase: string) => phase === 'Succeeded' || phase === 'Failed'

/** The status that a kubelet reports for a pod. `before` keeps what others wrote and the times of what did not change. */
export function podStatus(state: PodState, before: any, now: string, machine: Machine): any {
  const { pod, containers } = state
  const found = phaseOf(state)
  const conditions = conditionsOf(state, found, before?.conditions, now)
  const { reason: beforeReason, message: beforeMessage, ...kept } = before ?? {}
  // While it could have running containers, a pod is not over. Upstream: mergePodStatus.
  const held = isTerminal(found) && state.stage !== 'terminated' && !isTerminal(before?.phase)
  const why = held ? { reason: beforeReason, message: beforeMessage } : state.failure
  const hostIP = addressOf(machine)
  // That the sandbox is there is told before its address is known. Upstream: OnPodSandboxReady.
  const ip = pod.spec.hostNetwork ? hostIP : state.outcome?.madeSandbox ? undefined : state.ip
  const ordered = (kind: ContainerState['kind']) =>
    containers.filter((one) => one.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1))
  const status = (one: ContainerState) => containerStatus(state, one, machine)
  const init = containers.filter(({ kind }) => kind === 'init' || kind === 'sidecar')
  const ephemeral = ordered('ephemeral')
  return {
    ...kept,
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase: held ? (before?.phase ?? 'Pending') : found,
    conditions,
    ...(why?.reason && { reason: why.reason }),
    ...(why?.message && { message: why.message }),
    hostIP,
    hostIPs: sameOr(before?.hostIPs, [{ ip: hostIP }]),
    ...(ip && { podIP: ip, podIPs: sameOr(before?.podIPs, [{ ip }]) }),
    startTime: state.startTime,
    ...(init.length > 0 && { initContainerStatuses: init.map(status) }),
    containerStatuses: ordered('main').map(status),
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral.map(status) }),
    ...podResources(state, before, machine.cgroups === 1),
  }
}

/** How a container's present instance ended. */
export function terminationOf(
  container: ContainerState,
  exitCode: number,
  reason: string,
  now: string,
  message?: string,
): Termination {
  return {
    exitCode,
    reason,
    ...(message && { message }),
    startedAt: container.startedAt ?? null,
    finishedAt: now,
    containerID: container.containerID ?? '',
  }
}
