import { fnv1a } from '../../../lib/fnv1a.ts'
import { deepEqual } from '../../../lib/deep-equal.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

export const hashLabel = 'pod-template-hash'
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas'

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A short name for a pod template, the same for equal ones. Upstream hashes Go's dump of it with FNV-1a, too. */
export function templateHash(template: unknown, collisionCount: number | undefined): string {
  const text = JSON.stringify(template) + (collisionCount ?? '')
  return [...String(fnv1a(text))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}

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
