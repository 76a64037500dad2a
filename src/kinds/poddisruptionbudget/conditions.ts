import type { Condition } from '../pod/conditions.ts'

/** The conditions of a budget that allows so many disruptions. Upstream: pdbhelper.UpdateDisruptionAllowedCondition. */
export function disruptionAllowed(
  conditions: readonly Condition[] | undefined,
  allowed: number,
  generation: number,
  now: string,
): Condition[] {
  return withBudgetCondition(
    conditions,
    {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      observedGeneration: generation,
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    },
    now,
  )
}

/** A metav1.Condition set in its place; its time changes with its status. */
export function withBudgetCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  now: string,
): Condition[] {
  const before = conditions?.find((one) => one.type === next.type)
  const lastTransitionTime = before?.status === next.status ? before.lastTransitionTime! : now
  const full = { ...next, lastTransitionTime }
  if (!before) return [...(conditions ?? []), full]
  return conditions!.map((one) => (one === before ? full : one))
}
