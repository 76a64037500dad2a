import { unresolvable, type Plugin } from '../../framework/types.ts'

const refused = unresolvable("node(s) didn't match the requested node name")

export const nodeName: Plugin = {
  name: 'NodeName',
  events: { 'nodes/ADDED': ({ pod }, { object }) => pod.spec.nodeName === object.metadata.name },
  preFilter: (_state, { pod }) => (pod.spec.nodeName ? undefined : 'skip'),
  filter: (_state, { pod }, node) => (pod.spec.nodeName && pod.spec.nodeName !== node.name ? refused : undefined),
}
