import { dump } from 'js-yaml'

/** A node of a cluster, as far as a kind config can tell of it. */
export interface KindNode {
  readonly name: string
  readonly zone: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
}

/** Labels that kind or the kubelet sets by itself, and taints that come and go with a node's state. */
const ownLabels =
  /^(kubernetes\.io\/|beta\.kubernetes\.io\/|node\.kubernetes\.io\/|node-role\.kubernetes\.io\/|kubecosm\.dev\/)/
const ownTaints = /^node\.kubernetes\.io\//

/** A kind config with one worker for each node, in its zone. https://kind.sigs.k8s.io/docs/user/configuration/ */
export function kindConfig(name: string, nodes: readonly KindNode[]): string {
  const workers = nodes.map((node) => {
    const own = Object.entries(node.labels).filter(([label]) => !ownLabels.test(label))
    const labels = { 'topology.kubernetes.io/zone': node.zone, ...Object.fromEntries(own) }
    const taints = node.taints.filter(({ key }) => !ownTaints.test(key))
    const patch = { kind: 'JoinConfiguration', nodeRegistration: { taints } }
    return {
      role: 'worker',
      labels,
      ...(taints.length > 0 && { kubeadmConfigPatches: [dump(patch, { noRefs: true })] }),
    }
  })
  const config = {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, '-')
        .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'kubecosm',
    nodes: [{ role: 'control-plane' }, ...workers],
  }
  return dump(config, { noRefs: true, lineWidth: -1 })
}
