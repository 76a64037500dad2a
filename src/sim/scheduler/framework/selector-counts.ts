import type { KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector, type LabelSelector } from '../../../machinery/selectors.ts'
import type { NodeInfo } from './node-info.ts'

interface Tracked {
  readonly namespace: string
  readonly selector: LabelSelector
  readonly byNode: Map<string, number>
}

/**
 * How many pods of each node match the selectors that scheduling asks about, kept up to date pod by pod: counting
 * them anew for every pod would cost more the more pods there are. Derived, and made when first asked for.
 */
export class SelectorCounts {
  /** Pods anywhere with any pod affinity or anti-affinity. */
  affinityPods = 0
  private readonly tracked = new Map<string, Tracked>()
  /** Tracked selectors by a label that they need, so that a pod finds its own without trying them all. */
  private readonly byLabel = new Map<string, Set<Tracked>>()

  /** Pods by node that match, in a namespace, not counting those being deleted. The selector must name a label. */
  of(namespace: string, selector: LabelSelector, nodes: readonly NodeInfo[]): ReadonlyMap<string, number> {
    const key = `${namespace} ${JSON.stringify(selector)}`
    let found = this.tracked.get(key)
    if (!found) {
      found = { namespace, selector, byNode: new Map() }
      this.tracked.set(key, found)
      const label = labelKey(namespace, selector.matchLabels)
      const set = this.byLabel.get(label) ?? new Set()
      this.byLabel.set(label, set.add(found))
      for (const node of nodes) for (const { pod } of node.pods.values()) this.count(found, node.name, pod, 1)
    }
    return found.byNode
  }

  /** A pod came to a node (1) or left it (-1). */
  changed(node: string, pod: KubeObject, sign: 1 | -1): void {
    if (this.tracked.size === 0) return
    const { namespace = '', labels } = pod.metadata
    for (const name in labels) {
      const set = this.byLabel.get(`${namespace} ${name}=${labels[name]}`)
      if (set) for (const one of set) this.count(one, node, pod, sign)
    }
  }

  clear(): void {
    this.tracked.clear()
    this.byLabel.clear()
    this.affinityPods = 0
  }

  private count({ namespace, selector, byNode }: Tracked, node: string, { metadata }: KubeObject, sign: 1 | -1): void {
    if (metadata.namespace !== namespace || metadata.deletionTimestamp) return
    if (!matchesLabelSelector(selector, metadata.labels ?? {})) return
    const next = (byNode.get(node) ?? 0) + sign
    if (next === 0) byNode.delete(node)
    else byNode.set(node, next)
  }
}

function labelKey(namespace: string, labels: Readonly<Record<string, string>> | undefined): string {
  // The last one by name: pod-template-hash comes late, and tells more workloads apart than `app` does.
  const name =
    Object.keys(labels ?? {})
      .sort()
      .pop() ?? ''
  return `${namespace} ${name}=${labels?.[name]}`
}
