import type { KubeObject } from '../../machinery/objects.ts'
import { keyOf } from '../../machinery/objects.ts'
import { unreachable } from '../apiserver/pod-containers.ts'
import type { ApiServer } from '../apiserver/server.ts'
import type { Machines } from './machines.ts'

/** A line that a container wrote. */
export interface LogLine {
  /** Virtual milliseconds. */
  readonly at: number
  readonly text: string
  /** It has no line's end. */
  readonly open?: true
}

/**
 * What a container has written, or a text that says why nobody knows. Throws a StatusError when its node does not answer.
 */
export type PodLogs = (pod: KubeObject, container: string, previous: boolean) => readonly LogLine[] | string

/** Logs as the machines' kubelets keep them. */
export function machineLogs(api: ApiServer, machines: Machines): PodLogs {
  return (pod, container, previous) => {
    const machine = machines.get(pod.spec.nodeName)
    if (!machine?.powered || !machine.plugged) {
      const { namespace, name } = pod.metadata
      throw unreachable(api, pod, `/containerLogs/${namespace}/${name}/${container}`)
    }
    return machines.kubelet(machine.name)?.containerLog(keyOf(pod), container, previous) ?? []
  }
}
