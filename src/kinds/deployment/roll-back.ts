import type { KubeObject } from '../../machinery/objects.ts'

/** The number of a ReplicaSet among a Deployment's revisions, or of the Deployment itself; 0 when it has none. */
export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
}

/** The Deployment with the template of an older ReplicaSet, as kubectl rollout undo makes it. */
export function rolledBackTo(deployment: KubeObject, { spec }: KubeObject): KubeObject {
  const { 'pod-template-hash': _hash, ...labels } = spec.template.metadata?.labels ?? {}
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } }
  const { resourceVersion: _version, managedFields: _managers, ...metadata } = deployment.metadata
  return { ...deployment, metadata: metadata as KubeObject['metadata'], spec: { ...deployment.spec, template } }
}
