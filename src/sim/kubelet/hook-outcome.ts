import { takeTurn, kill } from './container-killer.ts'
import { failed, isStarted } from './container-starter.ts'
import type { KubeletEnvironment } from './environment.ts'
import { fieldPathOf, graceOf, type ContainerState, type PodState } from './state.ts'

/** A hook is over; `failure` says how it failed. */
export function hookDone(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  failure: string | undefined,
): void {
  const { hook } = container
  if (!hook) return
  const { events } = environment.client
  const path = fieldPathOf(container)
  if (hook.kind === 'preStop') {
    delete container.hook
    if (failure !== undefined && container.state === 'running')
      events.warning(pod.pod, 'FailedPreStopHook', 'PreStopHook failed', path)
    return takeTurn(environment, pod, container)
  }
  const why = failure ?? hook.failure ?? (container.state === 'running' ? undefined : 'the container has ended')
  if (why === undefined) {
    delete container.hook
    return isStarted(environment, pod, container)
  }
  if (hook.failure === undefined) {
    hook.failure = why
    events.warning(pod.pod, 'FailedPostStartHook', 'PostStartHook failed', path)
    kill(environment, pod, container, { message: 'FailedPostStartHook', grace: graceOf(pod) })
    if (container.state === 'running') return
  }
  // Its container has ended, too.
  delete container.hook
  environment.workers.changed(pod)
  failed(environment, pod, container, { reason: 'PostStartHookError', message: messageOf(pod, container, why) })
}

function messageOf({ pod }: PodState, container: ContainerState, why: string): string {
  const { name, namespace, uid } = pod.metadata
  const lists = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]
  const hook = lists.find((one: any) => one.name === container.name)?.lifecycle?.postStart ?? {}
  const where = `for Container "${container.name}" in Pod "${name}_${namespace}(${uid})" failed - error: ${why}`
  if (hook.httpGet) return `HTTP lifecycle hook (${hook.httpGet.path}) ${where}`
  return `Exec lifecycle hook ([${(hook.exec?.command ?? []).join(' ')}]) ${where}`
}
