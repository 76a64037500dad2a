import type { Plugin } from '../../framework/types.ts'

/** The more important first, then the one that waits longest. Upstream: queuesort. */
export const prioritySort: Plugin = {
  name: 'PrioritySort',
  queueSort: (a, b) => b.priority - a.priority || a.at - b.at || a.sequence - b.sequence,
}
