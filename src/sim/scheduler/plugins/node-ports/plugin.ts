import { unschedulable, type Plugin } from '../../framework/types.ts'

const refused = unschedulable("node(s) didn't have free ports for the requested pod ports")

export const nodePorts: Plugin = {
  name: 'NodePorts',
  events: ['nodes/ADDED', 'pods/DELETED'],
  preFilter: (_state, { hostPorts }) => (hostPorts.length === 0 ? 'skip' : undefined),
  filter: (_state, { hostPorts }, node) => {
    for (const { hostPorts: taken } of node.pods.values()) {
      for (const one of taken) {
        for (const wanted of hostPorts) {
          const sameIp = one.ip === wanted.ip || one.ip === '0.0.0.0' || wanted.ip === '0.0.0.0'
          if (sameIp && one.port === wanted.port && one.protocol === wanted.protocol) return refused
        }
      }
    }
    return undefined
  },
}
