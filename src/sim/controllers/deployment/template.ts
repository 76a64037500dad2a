import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

export const hashLabel = 'pod-template-hash'
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas'

/** Are the templates equal but for the hash label? */
export function sameTemplate(a: any, b: any): boolean {
  return deepEqual(a.spec, b.spec) && deepEqual(metadataOf(a), metadataOf(b))
}

function metadataOf(template: any): unknown {
  const { labels, ...metadata } = template.metadata ?? {}
  const { [hashLabel]: _hash, ...others } = labels ?? {}
  return { ...metadata, labels: others }
}

export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0
}
