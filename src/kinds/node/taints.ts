/** Taints of nodes that are not ready, as who asks about their pods knows them. */
export const notReadyTaint = 'node.kubernetes.io/not-ready'
export const unreachableTaint = 'node.kubernetes.io/unreachable'
/** Set by hand: the node will not come back. */
export const outOfServiceTaint = 'node.kubernetes.io/out-of-service'
