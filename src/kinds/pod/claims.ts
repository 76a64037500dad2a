import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'

/** Keys of the claims that a pod mounts. */
export function claimKeysOf(pod: KubeObject): ObjectKey[] {
  const keys: ObjectKey[] = []
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) keys.push(`${pod.metadata.namespace}/${volume.persistentVolumeClaim.claimName}`)
    if (volume.ephemeral) keys.push(`${pod.metadata.namespace}/${pod.metadata.name}-${volume.name}`)
  }
  return keys
}
