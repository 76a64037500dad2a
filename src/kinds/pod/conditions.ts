import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  readonly lastUpdateTime?: string
  readonly lastProbeTime?: string | null
  readonly observedGeneration?: number
}

/** A condition of any object, by type. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const conditions: readonly Condition[] | undefined = object.status?.conditions
  if (conditions) for (const condition of conditions) if (condition.type === type) return condition
  return undefined
}

// Controllers ask this of every pod again and again, and a status is frozen.
const readiness = new WeakMap<object, boolean>()

export function isReady(pod: KubeObject): boolean {
  const { status } = pod
  if (!status) return false
  let ready = readiness.get(status)
  if (ready === undefined) {
    ready = conditionOf(pod, 'Ready')?.status === 'True'
    if (Object.isFrozen(status)) readiness.set(status, ready)
  }
  return ready
}

/** Not finished and not being deleted. */
export function isActive(pod: KubeObject): boolean {
  return !isFinished(pod) && !pod.metadata.deletionTimestamp
}

export function isFinished(pod: KubeObject): boolean {
  const phase = pod.status?.phase
  return phase === 'Succeeded' || phase === 'Failed'
}

/** Ready for at least `minReadySeconds` at `wallMs`. */
export function isAvailable(pod: KubeObject, minReadySeconds: number, wallMs: number): boolean {
  if (!isReady(pod)) return false
  if (!minReadySeconds) return true
  return wallMs >= readySince(pod) + minReadySeconds * 1000
}

/** When the pod became ready, in epoch milliseconds; NaN when it is not. */
export function readySince(pod: KubeObject): number {
  const ready = conditionOf(pod, 'Ready')
  return ready?.status === 'True' ? parseTime(ready.lastTransitionTime) : Number.NaN
}

/** Replaces or adds a condition; keeps lastTransitionTime while the status stays. */
export function withCondition(conditions: readonly Condition[] | undefined, next: Condition): Condition[] {
  const others: Condition[] = []
  let placed = false
  for (const condition of conditions ?? []) {
    if (condition.type !== next.type) {
      others.push(condition)
      continue
    }
    const same = condition.status === next.status && condition.lastTransitionTime
    others.push(same ? { ...next, lastTransitionTime: condition.lastTransitionTime } : next)
    placed = true
  }
  if (!placed) others.push(next)
  return others
}
