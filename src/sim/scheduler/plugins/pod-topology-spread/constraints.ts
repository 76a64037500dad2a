import type { KubeObject } from '../../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../../machinery/selectors.ts'
import { isTolerated, type Taint } from '../../../../machinery/taints.ts'
import type { NodeInfo } from '../../framework/node-info.ts'
import { matchesNodeAffinity } from '../../framework/node-selector.ts'
import type { Handle } from '../../framework/types.ts'

/** A pod's own constraints of one severity, with `matchLabelKeys` written into their selectors. */
export function constraintsOf(pod: KubeObject, whenUnsatisfiable: string): readonly any[] {
  const all: readonly any[] | undefined = pod.spec.topologySpreadConstraints
  if (!all?.length) return none
  return all
    .filter((one) => one.whenUnsatisfiable === whenUnsatisfiable)
    .map((one) => ({ ...one, labelSelector: selectorOf(one, pod) }))
}

const none: readonly any[] = []

function selectorOf(constraint: any, pod: KubeObject): any {
  const keys: readonly string[] = constraint.matchLabelKeys ?? []
  if (keys.length === 0) return constraint.labelSelector
  const extra = Object.fromEntries(
    keys.filter((one) => pod.metadata.labels?.[one] !== undefined).map((one) => [one, pod.metadata.labels![one]]),
  )
  return { ...constraint.labelSelector, matchLabels: { ...constraint.labelSelector?.matchLabels, ...extra } }
}

/** A node that lacks one of the keys is in no domain of any constraint. */
export function hasAllKeys({ labels }: NodeInfo, constraints: readonly any[]): boolean {
  for (const { topologyKey } of constraints) if (labels[topologyKey] === undefined) return false
  return true
}

/** Does a node's population count for a constraint? Upstream: matchNodeInclusionPolicies. */
export function isIncluded(constraint: any, pod: KubeObject, node: NodeInfo): boolean {
  if ((constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor' && !matchesNodeAffinity(pod, node.node)) return false
  if (constraint.nodeTaintsPolicy !== 'Honor') return true
  const taints: readonly Taint[] = node.node.spec?.taints ?? []
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, pod.spec.tolerations))
}

/**
 * How many pods of a node match, in the pod's namespace, without those being deleted. An empty selector counts nobody
 * (upstream: countPodsMatchSelector).
 */
export function counterOf(selector: any, namespace: string, handle: Handle): (node: NodeInfo) => number {
  if (!selector) return nobody
  const labels = Object.keys(selector.matchLabels ?? {}).length
  if (labels === 0 && !selector.matchExpressions?.length) return nobody
  if (labels > 0) {
    const byNode = handle.counts.of(namespace, selector, handle.nodes())
    return ({ name }) => byNode.get(name) ?? 0
  }
  return (node) => {
    let count = 0
    for (const { pod } of node.pods.values()) {
      const { metadata } = pod
      if (metadata.namespace !== namespace || metadata.deletionTimestamp) continue
      if (matchesLabelSelector(selector, metadata.labels ?? {})) count++
    }
    return count
  }
}

const nobody = () => 0
