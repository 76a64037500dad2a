import type { KubeObject } from '../../../machinery/objects.ts'

/** Names of the claims that a pod uses, those of its ephemeral volumes included. */
export function claimNames({ metadata, spec }: KubeObject): readonly string[] {
  if (!spec.volumes) return none
  const names: string[] = []
  for (const volume of spec.volumes) {
    if (volume.persistentVolumeClaim) names.push(volume.persistentVolumeClaim.claimName)
    else if (volume.ephemeral) names.push(`${metadata.name}-${volume.name}`)
  }
  return names.length > 0 ? names : none
}

const none: readonly string[] = []
