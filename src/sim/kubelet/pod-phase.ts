import { isSuccess, specOf, type ContainerState, type PodState } from './state.ts'

/** Is a pod over whose containers end like this? Upstream: getPhase. */
export function phaseOf(state: PodState): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  const { failure, containers, pod } = state
  if (failure) return 'Failed'
  const policy = pod.spec.restartPolicy ?? 'Always'
  const main = containers.filter(({ kind }) => kind === 'main')
  const isRunning = (one: ContainerState) => shownState(state, one) === 'running'
  const hasEnded = (one: ContainerState) => shownState(state, one) === 'terminated' || endOf(one) !== undefined
  const hasBegun = main.some((one) => one.state !== 'none')
  const failsAll = (one: ContainerState) => policyOf(state, one) === 'Never'
  let pending = false
  for (const one of containers) {
    if (one.kind === 'sidecar') pending ||= !one.started && !hasBegun
    if (one.kind !== 'init' || isSuccess(one)) continue
    const failed = endOf(one) && endOf(one)!.exitCode !== 0 && !isRunning(one)
    if (failed && failsAll(one) && !mayRestart(state, one)) return 'Failed'
    if (!failed) pending = true
  }
  const isLast = state.stage === 'terminated'
  if (pending || main.some((one) => !isRunning(one) && !hasEnded(one))) return isLast ? 'Failed' : 'Pending'
  if (main.some(isRunning)) return 'Running'
  const succeeded = main.every((one) => endOf(one)!.exitCode === 0)
  if (isLast) return succeeded ? 'Succeeded' : 'Failed'
  if (containers.some((one) => one.kind === 'sidecar' && isRunning(one))) return 'Running'
  if (policy === 'Always' && main.every((one) => policyOf(state, one) === 'Always')) return 'Running'
  if (main.some((one) => mayRestart(state, one))) return 'Running'
  return succeeded ? 'Succeeded' : 'Failed'
}

/** What the API shows: one that could not be started again is waiting. */
export function shownState(pod: PodState, container: ContainerState): 'waiting' | 'running' | 'terminated' {
  const { state, waiting } = container
  if (state === 'running') return 'running'
  if (state === 'none') return 'waiting'
  return waiting && mayRestart(pod, container) ? 'waiting' : 'terminated'
}

function endOf({ state, termination, last }: ContainerState) {
  return state === 'terminated' ? termination : state === 'none' ? last : undefined
}

/** A container's own restart policy, else its pod's. */
export function policyOf(state: PodState, container: ContainerState): string {
  if (container.kind === 'ephemeral') return 'Never'
  if (container.kind === 'sidecar') return 'Always'
  const { restartPolicy = 'Always' } = state.pod.spec
  const own = specOf(state, container)?.restartPolicy
  if (container.kind === 'init') return own ?? (restartPolicy === 'Never' ? 'Never' : 'OnFailure')
  return own ?? restartPolicy
}

/** The action of the first rule that takes a container's exit code. */
export function ruleFor(state: PodState, container: ContainerState): string | undefined {
  if (container.state !== 'terminated') return undefined
  const rules: readonly any[] | undefined = specOf(state, container)?.restartPolicyRules
  const code = container.termination!.exitCode
  const rule = rules?.find(
    ({ exitCodes }) => exitCodes && exitCodes.values.includes(code) === (exitCodes.operator === 'In'),
  )
  return rule?.action
}

/** Is a container that ended to be started again? Upstream: ShouldContainerBeRestarted. */
export function mayRestart(state: PodState, container: ContainerState): boolean {
  if (state.stage !== 'running' || state.pod.metadata.deletionTimestamp) return false
  if (container.state !== 'terminated') return container.state === 'none'
  if (ruleFor(state, container)) return true
  const policy = policyOf(state, container)
  return policy === 'Always' || (policy === 'OnFailure' && container.termination!.exitCode !== 0)
}

/** Have its init containers done what they are for? Upstream: HasAnyRegularContainerStarted, else all of them. */
export function isInitialized({ containers }: PodState): boolean {
  if (containers.some(({ kind, state, last }) => kind === 'main' && (state !== 'none' || last))) return true
  return containers.every((one) => (one.kind === 'init' ? isSuccess(one) : one.kind !== 'sidecar' || one.started))
}
