import { isTolerated } from '../../../../machinery/taints.ts'
import { factsOf } from '../../framework/node-facts.ts'
import { unresolvable, type Plugin } from '../../framework/types.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const refused = unresolvable('node(s) were unschedulable')

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  events: ['nodes/ADDED', 'nodes/MODIFIED'],
  preFilter: (_state, _pod, handle) => (factsOf(handle.nodes()).anyUnschedulable ? undefined : 'skip'),
  filter: (_state, { pod }, { node }) =>
    node.spec?.unschedulable && !isTolerated(taint, pod.spec.tolerations) ? refused : undefined,
}
