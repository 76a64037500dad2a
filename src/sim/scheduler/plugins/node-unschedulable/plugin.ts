import { isTolerated } from '../../../../machinery/taints.ts'
import { unresolvable, type Plugin } from '../../framework/types.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const refused = unresolvable('node(s) were unschedulable')

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  events: ['nodes/ADDED', 'nodes/MODIFIED'],
  filter: (_state, { pod }, { node }) =>
    node.spec?.unschedulable && !isTolerated(taint, pod.spec.tolerations) ? refused : undefined,
}
