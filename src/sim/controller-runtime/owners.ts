import type { KubeObject, OwnerReference } from '../../machinery/objects.ts'

/** The reference that makes `owner` the controller of what carries it. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)
}

/** The object with one more, or one fewer, owner reference. */
export function withOwner(object: KubeObject, owner: OwnerReference): KubeObject {
  const others = object.metadata.ownerReferences?.filter((one) => one.uid !== owner.uid) ?? []
  return { ...object, metadata: { ...object.metadata, ownerReferences: [...others, owner] } }
}

export function withoutOwner(object: KubeObject, uid: string): KubeObject {
  const ownerReferences = object.metadata.ownerReferences?.filter((one) => one.uid !== uid)
  return { ...object, metadata: { ...object.metadata, ownerReferences } }
}
