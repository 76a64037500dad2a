import { ownChange } from '../../framework/hints.ts'
import { unresolvable, type Plugin } from '../../framework/types.ts'

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  events: { 'pods/MODIFIED': ownChange(({ spec }) => spec.schedulingGates) },
  preEnqueue: (pod) => {
    if (!pod.spec.schedulingGates?.length) return undefined
    return unresolvable('Scheduling is blocked due to non-empty scheduling gates')
  },
}
