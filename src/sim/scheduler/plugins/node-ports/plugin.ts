import { always } from '../../framework/hints.ts'
import { askedBy, type Requests } from '../../framework/pod-info.ts'
import { unschedulable, type Plugin } from '../../framework/types.ts'

const refused = unschedulable("node(s) didn't have free ports for the requested pod ports")

function conflict({ hostPorts: wanted }: Requests, { hostPorts: taken }: Requests): boolean {
  for (const one of taken)
    for (const { ip, port, protocol } of wanted) {
      const sameIp = one.ip === ip || one.ip === '0.0.0.0' || ip === '0.0.0.0'
      if (sameIp && one.port === port && one.protocol === protocol) return true
    }
  return false
}

export const nodePorts: Plugin = {
  name: 'NodePorts',
  events: { 'nodes/ADDED': always, 'pods/DELETED': (pod, { object }) => conflict(pod, askedBy(object)) },
  preFilter: (_state, { hostPorts }) => (hostPorts.length === 0 ? 'skip' : undefined),
  filter: (_state, pod, node) => {
    for (const other of node.pods.values()) if (conflict(pod, other)) return refused
    return undefined
  },
}
