import type { KubeObject, OwnerReference } from '../../machinery/objects.ts'

/** The controller that owns an object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)
}

/**
 * The name people know a pod by: of the Deployment, DaemonSet or Job it belongs to; of a StatefulSet's pod, its own.
 * Needs only the pod: the template hash that a Deployment appends to its ReplicaSet's name stands in the pod's labels.
 */
export function workloadName(pod: KubeObject): string {
  const owner = controllerOf(pod)
  if (!owner || owner.kind === 'StatefulSet' || owner.kind === 'Node') return pod.metadata.name
  const hash = pod.metadata.labels?.['pod-template-hash']
  return hash && owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name
}

/** Cuts a long name in its middle: a pod's end is what tells it from its siblings. */
export function cutMiddle(name: string, length: number): string {
  if (name.length <= length) return name
  const tail = Math.min(6, Math.floor((length - 1) / 2))
  return `${name.slice(0, length - 1 - tail)}…${name.slice(name.length - tail)}`
}
