import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'

/** May several nodes have it at once? Upstream: IsMultiAttachAllowed. */
export function isShared(volume: KubeObject): boolean {
  return volume.spec.accessModes?.some((mode: string) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ?? false
}

/** Tells pods why they cannot have their volume yet. Upstream: reportMultiAttachError. */
export function reportMultiAttach(
  volume: KubeObject,
  waiting: readonly KubeObject[],
  users: readonly KubeObject[],
  client: Client,
): void {
  const prefix = `Multi-Attach error for volume "${volume.metadata.name}"`
  for (const pod of waiting) client.events.warning(pod, 'FailedAttachVolume', `${prefix} ${reasonFor(pod, users)}`)
}

/** Names of pods in other namespaces are nobody's business. */
function reasonFor(pod: KubeObject, users: readonly KubeObject[]): string {
  if (users.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another"
  const near = users.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace)
  const far = users.length - near.length
  const elsewhere = `${far} pod(s) in different namespaces`
  if (near.length === 0) return `Volume is already used by ${elsewhere}`
  const names = near.map(({ metadata }) => metadata.name).join(', ')
  return `Volume is already used by pod(s) ${names}${far > 0 ? ` and ${elsewhere}` : ''}`
}
