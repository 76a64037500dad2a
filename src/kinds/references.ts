import type { KubeObject } from '../machinery/objects.ts'
import { resourceOf, type Reference } from './kind.ts'
import { kindFor, kindOfObject } from './registry.ts'

/** Everything an object points at: its owners, and what its kind says. */
export function referencesOf(object: KubeObject): Reference[] {
  const references: Reference[] = []
  for (const owner of object.metadata.ownerReferences ?? []) {
    // What is still being typed may lack anything.
    if (!owner?.apiVersion || !owner.name) continue
    const slash = owner.apiVersion.indexOf('/')
    const group = slash < 0 ? '' : owner.apiVersion.slice(0, slash)
    const kind = kindFor(group, owner.apiVersion.slice(slash + 1), owner.kind)
    if (!kind) continue
    const resource = resourceOf(kind)
    references.push(
      kind.namespaced && object.metadata.namespace
        ? { type: 'owner', resource, namespace: object.metadata.namespace, name: owner.name }
        : { type: 'owner', resource, name: owner.name },
    )
  }
  return [...references, ...(kindOfObject(object)?.references?.(object) ?? [])]
}
