import type { Condition } from '../../../kinds/pod/conditions.ts'

/** A job's status while it is being worked out. */
export interface JobStatus {
  conditions: readonly Condition[]
  startTime?: string
  completionTime?: string
  active: number
  succeeded: number
  failed: number
  terminating?: number
  completedIndexes: string
  failedIndexes?: string
  /** Pods that ended and still have their finalizer, by uid. */
  uncounted: { succeeded: readonly string[]; failed: readonly string[] }
  ready?: number
}

/** What the API stores, to work on. */
export function readStatus(status: any): JobStatus {
  const { uncountedTerminatedPods: uncounted, ...rest } = status ?? {}
  return {
    ...rest,
    conditions: status?.conditions ?? [],
    active: status?.active ?? 0,
    succeeded: status?.succeeded ?? 0,
    failed: status?.failed ?? 0,
    completedIndexes: status?.completedIndexes ?? '',
    uncounted: { succeeded: uncounted?.succeeded ?? [], failed: uncounted?.failed ?? [] },
  }
}

/** As the API writes it: empty fields are left out, except those that are pointers in Go. */
export function writeStatus(status: JobStatus): Record<string, unknown> {
  const { conditions, startTime, completionTime, active, succeeded, failed, uncounted } = status
  const { terminating, completedIndexes, failedIndexes, ready } = status
  return {
    ...(conditions.length > 0 && { conditions }),
    ...(startTime && { startTime }),
    ...(completionTime && { completionTime }),
    ...(active && { active }),
    ...(succeeded && { succeeded }),
    ...(failed && { failed }),
    ...(terminating !== undefined && { terminating }),
    ...(completedIndexes && { completedIndexes }),
    ...(failedIndexes !== undefined && { failedIndexes }),
    uncountedTerminatedPods: {
      ...(uncounted.succeeded.length > 0 && { succeeded: uncounted.succeeded }),
      ...(uncounted.failed.length > 0 && { failed: uncounted.failed }),
    },
    ...(ready !== undefined && { ready }),
  }
}

/** The conditions with this one; the same list when it says nothing new. Upstream: ensureJobConditionStatus. */
export function withCondition(
  conditions: readonly Condition[],
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: string,
): readonly Condition[] {
  const index = conditions.findIndex((one) => one.type === type)
  const present = conditions[index]
  // From nothing to "not" is no news.
  if (!present && status === 'False') return conditions
  if (present && present.status === status && present.reason === reason && present.message === message)
    return conditions
  const next = { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message }
  return present ? conditions.with(index, next) : [...conditions, next]
}
