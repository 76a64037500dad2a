import { fnv1aHex } from '../../lib/fnv1a.ts'
import { deepEqual } from '../../lib/deep-equal.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Condition } from '../../kinds/pod/conditions.ts'
import type { ContainerState, PodState, Termination } from './state.ts'

const owned = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady'])

/** The status that a kubelet reports for a pod. `before` keeps what others wrote and the times of what did not change. */
export function podStatus(state: PodState, before: any, now: string, hostIP: string): any {
  const { pod, containers } = state
  const phase = phaseOf(state)
  const init = containers.filter((one) => one.kind !== 'main')
  const main = containers.filter((one) => one.kind === 'main')
  const conditions = conditionsOf(state, phase, before?.conditions, now)
  const { reason: _reason, message: _message, ...kept } = before ?? {}
  const ip = pod.spec.hostNetwork ? hostIP : state.ip
  return {
    ...kept,
    observedGeneration: pod.metadata.generation,
    phase,
    conditions,
    ...(state.failure && { reason: state.failure.reason, message: state.failure.message }),
    hostIP,
    hostIPs: sameOr(before?.hostIPs, [{ ip: hostIP }]),
    ...(ip && { podIP: ip, podIPs: sameOr(before?.podIPs, [{ ip }]) }),
    startTime: state.startTime,
    ...(init.length > 0 && { initContainerStatuses: init.map((one) => containerStatus(one, specOf(pod, one))) }),
    containerStatuses: main.map((one) => containerStatus(one, specOf(pod, one))),
  }
}

/** What did not change stays the object that it was: nothing has to be compared, frozen or kept twice. */
function sameOr<Value>(old: Value | undefined, next: Value): Value {
  return old !== undefined && deepEqual(old, next) ? old : next
}

function specOf(pod: KubeObject, container: ContainerState): any {
  const list: readonly any[] = container.kind === 'main' ? pod.spec.containers : pod.spec.initContainers
  return list.find((one) => one.name === container.name)
}

function phaseOf({ failure, containers, stage, pod }: PodState): string {
  if (failure) return 'Failed'
  const main = containers.filter((one) => one.kind === 'main')
  const init = containers.filter((one) => one.kind === 'init')
  const policy = pod.spec.restartPolicy
  const ended = (one: ContainerState) =>
    one.state === 'terminated' && (policy === 'Never' || (policy === 'OnFailure' && one.termination!.exitCode === 0))
  if (policy === 'Never' && init.some((one) => ended(one) && one.termination!.exitCode !== 0)) return 'Failed'
  const allOver =
    stage === 'done' || stage === 'stopping' ? main.every((one) => one.state === 'terminated') : main.every(ended)
  if (allOver && main.length > 0) return main.every((one) => one.termination?.exitCode === 0) ? 'Succeeded' : 'Failed'
  if (init.some((one) => one.state !== 'terminated' || one.termination!.exitCode !== 0)) return 'Pending'
  return main.every((one) => one.run === 0) ? 'Pending' : 'Running'
}

function conditionsOf(
  state: PodState,
  phase: string,
  before: readonly Condition[] | undefined,
  now: string,
): Condition[] {
  const { containers, pod } = state
  const over = phase === 'Succeeded' || phase === 'Failed'
  const main = containers.filter((one) => one.kind === 'main')
  const pendingInit = containers.filter(
    (one) =>
      (one.kind === 'init' && !(one.state === 'terminated' && one.termination!.exitCode === 0)) ||
      (one.kind === 'sidecar' && !one.started),
  )
  const unready = containers.filter((one) => one.kind !== 'init' && !one.ready)
  const names = (list: readonly ContainerState[]) => `[${list.map((one) => one.name).join(' ')}]`
  const generation = pod.metadata.generation
  const make = (type: string, ok: boolean, reason = '', message = ''): Condition => {
    const status = ok ? 'True' : 'False'
    const old = before?.find((one) => one.type === type)
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime! : now
    return sameOr(old, {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime,
      ...(!ok && reason && { reason }),
      ...(!ok && message && { message }),
      observedGeneration: generation,
    })
  }
  const completed = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : ''
  const initialized =
    phase === 'Succeeded'
      ? make('Initialized', true)
      : make(
          'Initialized',
          pendingInit.length === 0,
          'ContainersNotInitialized',
          `containers with incomplete status: ${names(pendingInit)}`,
        )
  const notReady = unready.length > 0 ? `containers with unready status: ${names(unready)}` : ''
  const containersReady = !over && main.length > 0 && unready.length === 0
  const gate = readinessGateProblem(pod, before)
  const ready = !containersReady
    ? make('Ready', false, completed || 'ContainersNotReady', completed ? '' : notReady)
    : make('Ready', gate === undefined, 'ReadinessGatesNotReady', gate)
  return [
    make('PodReadyToStartContainers', state.sandboxReady && !over),
    completed === 'PodCompleted' ? { ...initialized, reason: completed } : initialized,
    ready,
    make('ContainersReady', containersReady, completed || 'ContainersNotReady', completed ? '' : notReady),
    ...(before ?? []).filter((one) => !owned.has(one.type)),
  ]
}

function readinessGateProblem(pod: KubeObject, conditions: readonly Condition[] | undefined): string | undefined {
  const problems: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const condition = conditions?.find((one) => one.type === conditionType)
    if (!condition) problems.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (condition.status !== 'True')
      problems.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`)
  }
  return problems.length > 0 ? problems.join(', ') : undefined
}

function containerStatus(container: ContainerState, spec: any): unknown {
  const { state, termination, last } = container
  return {
    name: container.name,
    state:
      state === 'running'
        ? { running: { startedAt: container.startedAt } }
        : state === 'terminated'
          ? { terminated: termination }
          : { waiting: { reason: container.reason, ...(container.message && { message: container.message }) } },
    lastState: last ? { terminated: last } : {},
    ready: container.kind === 'init' ? state === 'terminated' && termination?.exitCode === 0 : container.ready,
    restartCount: container.restartCount,
    image: spec?.image ?? '',
    imageID: container.run > 0 ? imageId(spec?.image ?? '') : '',
    ...(container.containerID && { containerID: container.containerID }),
    started: container.kind === 'init' ? state === 'running' : container.started,
  }
}

// A pure function's memo, bounded: the same few images come in every status.
const imageIds = new Map<string, string>()

function imageId(image: string): string {
  const known = imageIds.get(image)
  if (known) return known
  const name = image.split('@')[0]!.replace(/:[^/:]*$/, '')
  const full = name.includes('/') ? name : `docker.io/library/${name}`
  const id = `${full}@sha256:${digest(image)}`
  if (imageIds.size >= 1000) imageIds.clear()
  imageIds.set(image, id)
  return id
}

/** 64 hexadecimal digits that follow from the name: the same image has the same digest everywhere. */
function digest(text: string): string {
  let out = ''
  for (let round = 0; round < 8; round++) out += fnv1aHex(text, round)
  return out
}

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
