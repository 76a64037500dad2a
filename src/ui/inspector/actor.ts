type Actor =
  | { readonly type: 'user' }
  | { readonly type: 'kubelet'; readonly name: string }
  | { readonly type: 'component'; readonly name: string }

const nodeUser = 'system:node:'
const componentUser = 'system:'

/** Who made a change: kubelets are `system:node:NAME`, components `system:NAME`; everyone else is you. */
export function actorOf(user: string): Actor {
  if (user.startsWith(nodeUser)) return { type: 'kubelet', name: user.slice(nodeUser.length) }
  if (user.startsWith(componentUser)) return { type: 'component', name: user.slice(user.lastIndexOf(':') + 1) }
  return { type: 'user' }
}
