import type { KubeObject } from '../../machinery/objects.ts'
import { conditionOf } from '../pod/conditions.ts'

/** Has it ended, one way or the other? Upstream: util.IsJobFinished. */
export function isJobFinished(job: KubeObject): boolean {
  return isTrue(job, 'Complete') || isTrue(job, 'Failed')
}

/** Is a condition there, and true? */
export function isTrue(job: KubeObject, type: string): boolean {
  return conditionOf(job, type)?.status === 'True'
}
