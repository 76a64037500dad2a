const classes = ['ns-a', 'ns-b', 'ns-c'] as const
const known = new Map<string, string>()

/** The ground of a namespace's tiles, in order of appearance; the cluster's own namespaces stay grey. */
export function namespaceClass(namespace: string): string {
  if (namespace.startsWith('kube-')) return 'ns-0'
  let name = known.get(namespace)
  if (!name) known.set(namespace, (name = classes[known.size % classes.length]!))
  return name
}
