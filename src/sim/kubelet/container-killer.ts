import { later, type KubeletEnvironment } from './environment.ts'
import { startHook } from './hooks.ts'
import { fieldPathOf, specOf, type ContainerState, type PodState } from './state.ts'

/** What every container has from its signal to its end, whatever its grace period. Upstream: minimumGracePeriodInSeconds. */
export const leastGraceMs = 2000

interface Killing {
  readonly message: string
  /** Seconds. */
  readonly grace: number
  /** Sidecars wait for those that they serve. */
  readonly ordered?: boolean
}

/** Begins to end a container: its hook, its turn, its signal, and KILL when the grace period is over. Upstream: killContainer. */
export function kill(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  { message, grace, ordered = false }: Killing,
): void {
  if (container.state !== 'running') return
  const deadline = environment.clock.now() + grace * 1000
  if (container.kill) {
    // A shorter grace period wins.
    const least = container.kill.stage === 'term' ? environment.clock.now() + leastGraceMs : 0
    if (Math.max(deadline, least) >= container.kill.deadline) return
    container.kill.deadline = Math.max(deadline, least)
    return dueAt(environment, pod, container, container.kill.deadline)
  }
  environment.client.events.normal(pod.pod, 'Killing', message, fieldPathOf(container))
  container.kill = { deadline, stage: 'turn', ordered }
  container.probes = {}
  dueAt(environment, pod, container, deadline)
  if (specOf(pod, container)?.lifecycle?.preStop && grace > 0) {
    container.kill.stage = 'hook'
    startHook(environment, pod, container, 'preStop')
  } else takeTurn(environment, pod, container)
}

/** Its hook is over, or somebody that it waited for has ended. */
export function takeTurn(environment: KubeletEnvironment, pod: PodState, container: ContainerState): void {
  if (container.state !== 'running' || !container.kill || container.kill.stage === 'term') return
  container.kill.stage = 'turn'
  if (container.kill.ordered && mustWait(pod, container)) return
  term(environment, pod, container)
}

/** The grace period of a container is over. */
export function killDue(environment: KubeletEnvironment, pod: PodState, container: ContainerState, due: number): void {
  const killing = container.kill
  if (!killing || killing.deadline !== due || container.state !== 'running') return
  if (killing.stage === 'term') environment.containers.signal(pod, container, 'KILL')
  else term(environment, pod, container)
}

function term(environment: KubeletEnvironment, pod: PodState, container: ContainerState): void {
  const killing = container.kill!
  const { clock, containers } = environment
  killing.stage = 'term'
  const least = clock.now() + leastGraceMs
  if (killing.deadline < least) {
    killing.deadline = least
    dueAt(environment, pod, container, least)
  }
  containers.signal(pod, container, containers.stopSignalOf(specOf(pod, container)))
}

function dueAt(environment: KubeletEnvironment, pod: PodState, container: ContainerState, deadline: number): void {
  const { uid } = pod
  const step = { pod: uid, step: 'kill', container: container.name, run: container.run, due: deadline } as const
  later(environment, deadline - environment.clock.now(), step)
}

/** Sidecars go after the containers, the last one first. Upstream: terminationOrdering. */
function mustWait(pod: PodState, container: ContainerState): boolean {
  if (container.kind !== 'sidecar') return false
  const at = pod.containers.indexOf(container)
  return pod.containers.some(
    (one, index) => one.state === 'running' && one.kind !== 'ephemeral' && (one.kind !== 'sidecar' || index > at),
  )
}
