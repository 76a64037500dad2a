import { isTolerated } from '../../../../machinery/taints.ts'
import { becomes, ownChange, type Hint } from '../../framework/hints.ts'
import { factsOf } from '../../framework/node-facts.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import { unresolvable, type Plugin } from '../../framework/types.ts'
import type { KubeObject } from '../../../../machinery/objects.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const refused = unresolvable('node(s) were unschedulable')

const accepts = ({ pod }: PodInfo, node: KubeObject): boolean =>
  !node.spec?.unschedulable || isTolerated(taint, pod.spec.tolerations)
const opened: Hint = becomes(accepts)

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  events: {
    'nodes/ADDED': opened,
    'nodes/MODIFIED': opened,
    'pods/MODIFIED': ownChange(({ spec }) => spec.tolerations),
  },
  preFilter: (_state, _pod, handle) => (factsOf(handle.nodes()).anyUnschedulable ? undefined : 'skip'),
  filter: (_state, pod, { node }) => (accepts(pod, node) ? undefined : refused),
}
