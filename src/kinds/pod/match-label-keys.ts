/**
 * Writes what `matchLabelKeys` and `mismatchLabelKeys` mean for this pod into the selectors beside them, once, when it
 * is created. Upstream: registry/core/pod, applyMatchLabelKeysAndMismatchLabelKeys; the keys stay where they are.
 */
export function mergeMatchLabelKeys(pod: any): void {
  const { affinity, topologySpreadConstraints } = pod.spec ?? {}
  if (!affinity && !topologySpreadConstraints) return
  const labels: Readonly<Record<string, string>> = pod.metadata.labels ?? {}
  for (const side of [affinity?.podAffinity, affinity?.podAntiAffinity]) {
    for (const term of side?.requiredDuringSchedulingIgnoredDuringExecution ?? []) merge(term, labels)
    for (const { podAffinityTerm } of side?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      if (podAffinityTerm) merge(podAffinityTerm, labels)
  }
  for (const constraint of topologySpreadConstraints ?? []) merge(constraint, labels)
}

function merge(term: any, labels: Readonly<Record<string, string>>): void {
  if (!term.labelSelector) return
  const added = [
    ...requirements(term.matchLabelKeys, 'In', labels),
    ...requirements(term.mismatchLabelKeys, 'NotIn', labels),
  ]
  if (added.length === 0) return
  const { labelSelector } = term
  term.labelSelector = { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...added] }
}

/** Keys that the pod does not have mean nothing. */
function requirements(keys: readonly string[] | undefined, operator: string, labels: Readonly<Record<string, string>>) {
  const known = (keys ?? []).filter((key) => Object.hasOwn(labels, key))
  return known.map((key) => ({ key, operator, values: [labels[key]] }))
}
