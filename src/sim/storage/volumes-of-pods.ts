import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import { claimKeysOf } from '../../kinds/pod/claims.ts'
import { provisionerNamed } from './provisioners.ts'

/** Reads an object, from a cache or from the API server. */
export type Read = (resource: string, key: ObjectKey) => KubeObject | undefined

/** The name by which nodes speak of a volume. */
export function uniqueName({ spec, metadata }: KubeObject): string {
  return `kubernetes.io/csi/${spec.csi?.driver}^${spec.csi?.volumeHandle ?? metadata.name}`
}

/** Must it be attached to a node before it can be used there? */
export function needsAttach(volume: KubeObject): boolean {
  return provisionerNamed(volume.spec.csi?.driver)?.attaches ?? false
}

/** The volumes of a pod's bound claims. */
export function boundVolumesOf(pod: KubeObject, read: Read): KubeObject[] {
  const found: KubeObject[] = []
  for (const key of claimKeysOf(pod)) {
    const claim = read('persistentvolumeclaims', key)
    if (claim?.status?.phase !== 'Bound') continue
    const volume = read('persistentvolumes', claim.spec.volumeName)
    if (volume) found.push(volume)
  }
  return found
}

/** Those of them that must be attached to the pod's node. */
export function attachableVolumesOf(pod: KubeObject, read: Read): KubeObject[] {
  return pod.spec.volumes ? boundVolumesOf(pod, read).filter(needsAttach) : []
}
