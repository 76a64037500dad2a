import { later, type KubeletEnvironment } from './environment.ts'
import { specOf, type ContainerState, type PodState } from './state.ts'

/** Runs a lifecycle hook. Its end is told to the pod's worker. */
export function startHook(
  environment: KubeletEnvironment,
  pod: PodState,
  container: ContainerState,
  kind: 'postStart' | 'preStop',
): void {
  const hook = specOf(pod, container).lifecycle[kind]
  container.hook = { kind }
  const step = { pod: pod.uid, step: 'hook', container: container.name, run: container.run } as const
  if (hook.sleep) return later(environment, hook.sleep.seconds * 1000, step)
  if (hook.exec) {
    const failure = environment.containers.exec(pod, container, `hook`, hook.exec.command ?? [])
    if (failure !== undefined) environment.workers.hookDone(pod, container, failure)
    return
  }
  if (hook.httpGet || hook.tcpSocket) return environment.containers.request(pod, container, 'hook', hook)
  later(environment, 0, step)
}
