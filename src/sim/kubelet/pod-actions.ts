import { mayRestart, ruleFor } from './pod-phase.ts'
import { isSuccess, specOf, type ContainerState, type PodState } from './state.ts'

/** What a sync has to do. Upstream: computePodActions. */
export interface Actions {
  /** Nothing is left to run: what still runs goes, and the sandbox. */
  readonly end: boolean
  /** A rule says that all of them begin anew. */
  readonly restartAll: boolean
  readonly kill: readonly { readonly name: string; readonly message: string; readonly grace?: number }[]
  /** To be started, one after the other. */
  readonly start: readonly string[]
}

const nothing: Actions = { end: false, restartAll: false, kill: [], start: [] }

export function actionsOf(pod: PodState): Actions {
  if (pod.containers.some((one) => ruleFor(pod, one) === 'RestartAllContainers'))
    return { ...nothing, restartAll: true }
  const start: string[] = []
  const kill: { name: string; message: string; grace?: number }[] = []
  const main = pod.containers.filter(({ kind }) => kind === 'main')
  const hasBegun = main.some(({ state }) => state !== 'none')
  for (const one of pod.containers) if (one.kind === 'ephemeral' && one.state === 'none') start.push(one.name)
  const replace = (one: ContainerState): boolean => {
    const reason = reasonToReplace(pod, one)
    if (reason) kill.push({ name: one.name, ...reason })
    return reason !== undefined
  }
  const mainOver = hasBegun && main.every((one) => one.state === 'terminated' && !mayRestart(pod, one))
  for (const one of pod.containers) {
    if (one.kind === 'init' && !hasBegun) {
      if (isSuccess(one)) continue
      if (one.state === 'running') return { ...nothing, start }
      if (one.state === 'terminated' && !mayRestart(pod, one)) return { ...nothing, end: true }
      return { ...nothing, start: [...start, one.name], kill }
    }
    if (one.kind !== 'sidecar' || mainOver) continue
    if (one.state !== 'running' || replace(one)) start.push(one.name)
    // Those before the containers come up one by one.
    if (!hasBegun && (one.state !== 'running' || !one.started)) return { ...nothing, start, kill }
  }
  let kept = 0
  for (const one of main) {
    if (one.state === 'running') {
      if (!replace(one)) kept++
      else if (mayReplace(pod, one)) start.push(one.name)
    } else if (mayRestart(pod, one)) start.push(one.name)
  }
  const end = kept === 0 && kill.length === 0 && start.length === 0
  return { ...nothing, end, kill, start }
}

/** Would a container that is ended now be started again? */
function mayReplace(pod: PodState, container: ContainerState): boolean {
  const probe = {
    ...container,
    state: 'terminated' as const,
    termination: { exitCode: 137, reason: '', startedAt: null, finishedAt: null },
  }
  return container.unhealthy === undefined || mayRestart(pod, probe)
}

function reasonToReplace(pod: PodState, container: ContainerState): { message: string; grace?: number } | undefined {
  if (container.state !== 'running') return undefined
  if (container.unhealthy) return container.unhealthy
  const spec = specOf(pod, container)
  if (spec && container.image !== undefined && spec.image !== container.image)
    return { message: `Container ${container.name} definition changed, will be restarted` }
  if (spec && container.resources !== undefined && mustRestartToResize(spec, container.resources))
    return { message: `Container ${container.name} resize requires restart` }
  return undefined
}

/** Was a resource changed that its policy says takes a restart? */
function mustRestartToResize(spec: any, before: any): boolean {
  return (spec.resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }: any) =>
      restartPolicy === 'RestartContainer' &&
      ['requests', 'limits'].some((list) => spec.resources?.[list]?.[resourceName] !== before?.[list]?.[resourceName]),
  )
}
