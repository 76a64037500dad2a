import { forbiddenRequest } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { ApiServer } from '../server.ts'
import type { AdmissionPlugin } from './chain.ts'

const resource = 'priorityclasses.scheduling.k8s.io'

/** Turns a pod's priority class into a number. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit(api, context, pod, old) {
    if (context.resource !== 'pods' || old || context.subresource) return
    const { spec } = pod
    const found = classOf(api, spec.priorityClassName)
    if (spec.priorityClassName && !found) {
      const detail = `no PriorityClass with name ${spec.priorityClassName} was found`
      throw forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)
    }
    if (found && !spec.priorityClassName) spec.priorityClassName = found.metadata.name
    const value: number = (found as any)?.value ?? 0
    if (spec.priority !== undefined && spec.priority !== value) {
      const detail = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`
      throw forbiddenRequest({ group: '', name: 'pods' }, pod.metadata.name, detail)
    }
    spec.priority = value
    spec.preemptionPolicy ??= (found as any)?.preemptionPolicy ?? 'PreemptLowerPriority'
  },
}

function classOf(api: ApiServer, name: string | undefined): KubeObject | undefined {
  if (name) return api.etcd.get(resource, name)
  let best: KubeObject | undefined
  for (const { object } of api.etcd.entries(resource).values()) {
    if (!(object as any).globalDefault) continue
    if (!best || (object as any).value < (best as any).value) best = object
  }
  return best
}
