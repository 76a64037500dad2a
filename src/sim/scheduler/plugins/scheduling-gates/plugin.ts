import { unresolvable, type Plugin } from '../../framework/types.ts'

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  events: ['pods/MODIFIED'],
  preEnqueue: (pod) => {
    const gates: readonly { name: string }[] = pod.spec.schedulingGates ?? []
    if (gates.length === 0) return undefined
    return unresolvable(`waiting for scheduling gates: [${gates.map((gate) => gate.name).join(' ')}]`)
  },
}
