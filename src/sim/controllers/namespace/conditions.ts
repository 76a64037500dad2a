import type { Condition } from '../../../kinds/pod/conditions.ts'

/** What is left of a namespace after a pass over it. */
export interface Remains {
  /** `configmaps.` or `deployments.apps` → how many. */
  readonly resources: ReadonlyMap<string, number>
  readonly finalizers: ReadonlyMap<string, number>
}

/** Condition type, and reason and message while all is well. Upstream: namespace/deletion/status_condition_utils.go. */
const fine: readonly (readonly [string, string, string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
]

/** The conditions of a namespace that is being deleted; the same list when nothing is new. */
export function deletionConditions(
  present: readonly Condition[] | undefined,
  { resources, finalizers }: Remains,
  now: string,
): readonly Condition[] {
  const lines = (counts: ReadonlyMap<string, number>, verb: string) =>
    [...counts].map(([name, count]) => `${name} ${verb} ${count} resource instances`).sort()
  const trouble: Record<string, readonly [string, string]> = {}
  if (resources.size > 0) {
    const message = `Some resources are remaining: ${lines(resources, 'has').join(', ')}`
    trouble.NamespaceContentRemaining = ['SomeResourcesRemain', message]
  }
  if (finalizers.size > 0) {
    const message = `Some content in the namespace has finalizers remaining: ${lines(finalizers, 'in').join(', ')}`
    trouble.NamespaceFinalizersRemaining = ['SomeFinalizersRemain', message]
  }
  let changed = false
  const known = new Set(fine.map(([type]) => type))
  const conditions = (present ?? []).filter(({ type }) => !known.has(type))
  for (const [type, okReason, okMessage] of fine) {
    const [reason, message] = trouble[type] ?? [okReason, okMessage]
    const status = trouble[type] ? 'True' : 'False'
    const before = present?.find((one) => one.type === type)
    const same = before?.status === status && before.reason === reason && before.message === message
    changed ||= !same
    conditions.push(same ? before : { type, status, lastTransitionTime: now, reason, message })
  }
  return changed || !present ? conditions : present
}
