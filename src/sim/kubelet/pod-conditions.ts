import type { Condition } from '../../kinds/pod/conditions.ts'
import { deepEqual } from '../../lib/deep-equal.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { isInitialized, ruleFor } from './pod-phase.ts'
import { isSuccess, type ContainerState, type PodState } from './state.ts'

const owned = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'AllContainersRestarting',
])

/** What did not change stays the object that it was: nothing has to be compared, frozen or kept twice. */
export function sameOr<Value>(old: Value | undefined, next: Value): Value {
  return old !== undefined && deepEqual(old, next) ? old : next
}

/** A pod's conditions: first those of others, then the kubelet's, in its order. */
export function conditionsOf(
  state: PodState,
  phase: string,
  before: readonly Condition[] | undefined,
  now: string,
): Condition[] {
  const { containers, pod } = state
  const generation = pod.metadata.generation
  const make = (type: string, ok: boolean, reason = '', message = ''): Condition => {
    const status = ok ? 'True' : 'False'
    const old = before?.find((one) => one.type === type)
    return sameOr(old, {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: old?.status === status ? old.lastTransitionTime! : now,
      ...(reason && { reason }),
      ...(message && { message }),
      ...(generation !== undefined && type !== 'AllContainersRestarting' && { observedGeneration: generation }),
    })
  }
  const completed = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : ''
  const unready = containers.filter(({ kind, ready }) => (kind === 'main' || kind === 'sidecar') && !ready)
  const notReady = unready.length > 0 ? `containers with unready status: ${namesOf(unready)}` : ''
  const containersReady = !completed && unready.length === 0
  const gate = containersReady ? readinessGateProblem(pod, before) : undefined
  const conditions = [
    make('PodReadyToStartContainers', state.sandbox === 'ready'),
    initialized(state, phase, make),
    !containersReady
      ? make('Ready', false, completed || 'ContainersNotReady', completed ? '' : notReady)
      : make('Ready', gate === undefined, gate && 'ReadinessGatesNotReady', gate),
    containersReady
      ? make('ContainersReady', true)
      : make('ContainersReady', false, completed || 'ContainersNotReady', completed ? '' : notReady),
    make('PodScheduled', true),
  ]
  const isDisrupted = state.failure === state.eviction && state.eviction?.isDisruption
  const others = (before ?? []).filter(({ type }) => !owned.has(type) && !(isDisrupted && type === 'DisruptionTarget'))
  if (isDisrupted) conditions.push(make('DisruptionTarget', true, 'TerminationByKubelet', state.eviction!.message))
  if (restartsAll(pod)) {
    const restarting = state.containers.some((one) => ruleFor(state, one) === 'RestartAllContainers')
    conditions.push(
      restarting
        ? make(
            'AllContainersRestarting',
            true,
            'RestartAllContainersStarted',
            'container exited with restart policy rule',
          )
        : make('AllContainersRestarting', false),
    )
  }
  return others.length > 0 ? [...others, ...conditions] : conditions
}

/** Does a rule of one of its containers restart all of them? */
export function restartsAll({ spec }: KubeObject): boolean {
  const has = (one: any) => one.restartPolicyRules?.some(({ action }: any) => action === 'RestartAllContainers')
  return Boolean(spec.containers.some(has) || spec.initContainers?.some(has))
}

function initialized(
  state: PodState,
  phase: string,
  make: (type: string, ok: boolean, reason?: string, message?: string) => Condition,
): Condition {
  if (phase === 'Succeeded') return make('Initialized', true, 'PodCompleted')
  if (isInitialized(state)) return make('Initialized', true)
  const missing = state.containers.filter((one) =>
    one.kind === 'init' ? !isSuccess(one) : one.kind === 'sidecar' && !one.started,
  )
  return make(
    'Initialized',
    false,
    'ContainersNotInitialized',
    `containers with incomplete status: ${namesOf(missing)}`,
  )
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

function namesOf(list: readonly ContainerState[]): string {
  return `[${list.map(({ name }) => name).join(' ')}]`
}
