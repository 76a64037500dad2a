import { scaledValue } from '../../../machinery/intstr.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

/** maxSurge and maxUnavailable in pods; both zero would never move, then one may be unavailable. */
export function fenceposts(deployment: KubeObject): { surge: number; unavailable: number } {
  const { replicas, strategy } = deployment.spec
  const surge = scaledValue(strategy.rollingUpdate?.maxSurge ?? 0, replicas, true) ?? 0
  const unavailable = scaledValue(strategy.rollingUpdate?.maxUnavailable ?? 0, replicas, false) ?? 0
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function maxSurgeOf(deployment: KubeObject): number {
  return deployment.spec.strategy.type === 'RollingUpdate' ? fenceposts(deployment).surge : 0
}

export function maxUnavailableOf(deployment: KubeObject): number {
  if (deployment.spec.strategy.type !== 'RollingUpdate' || deployment.spec.replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, deployment.spec.replicas)
}
