import { addressOf } from '../machines/machine.ts'
import type { Place } from '../network/types.ts'
import { listenerOn } from './container-kernel.ts'
import type { KubeletEnvironment } from './environment.ts'
import type { ContainerState, PodState } from './state.ts'

/** Who listens at a port of one of a machine's addresses: its own, or a pod's. */
export function locate({ name, state, machine }: KubeletEnvironment, address: string, port: number): Place {
  const isNode = address === addressOf(machine())
  const end = (pod: PodState, { name: container, run }: ContainerState) =>
    ({ kind: 'container', node: name, pod: pod.uid, container, run }) as const
  let found: Place = isNode ? { found: 'closed' } : { found: 'nobody' }
  for (const pod of state.pods) {
    const { hostNetwork } = pod.pod.spec
    const isOwn = isNode ? hostNetwork : pod.ip === address && pod.sandbox === 'ready'
    const wanted = isOwn ? port : isNode ? hostPort(pod, port) : undefined
    if (isOwn) found = { found: 'closed' }
    const listener = wanted === undefined ? undefined : listenerOn(pod, wanted)
    if (listener) return { found: 'listener', end: end(pod, listener), port: wanted! }
  }
  return found
}

/** The container's port behind one of the node's. */
function hostPort({ pod }: PodState, port: number): number | undefined {
  for (const { ports = [] } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])])
    for (const one of ports) if (one.hostPort === port) return one.containerPort
  return undefined
}
