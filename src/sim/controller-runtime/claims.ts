import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import { matchesLabelSelector, type LabelSelector } from '../../machinery/selectors.ts'
import type { Client } from '../client/client.ts'
import type { MapFunction } from './controller.ts'
import { controllerOf, controllerReference, withOwner, withoutOwner } from './owners.ts'

/** Who claims objects by labels, and which. */
export interface Claimant {
  /** The resource of the owner. */
  readonly resource: string
  readonly selector: (owner: KubeObject) => LabelSelector | undefined
  /** What an object must be besides having the labels. */
  readonly fits?: (owner: KubeObject, object: KubeObject) => boolean
}

/** Spec.selector as a LabelSelector. */
export const selectorOf = (owner: KubeObject): LabelSelector => owner.spec.selector

/**
 * Objects of a resource that are the owner's: adopts matching orphans, lets go of what does not match any more.
 * Upstream: controller.ControllerRefManager.
 */
export function claimed(resource: string, owner: KubeObject, claimant: Claimant, client: Client): KubeObject[] {
  const { namespace, uid, deletionTimestamp } = owner.metadata
  const owned: KubeObject[] = []
  for (const object of client.ownedBy(resource, uid)) {
    if (matches(owner, object, claimant)) owned.push(object)
    else if (!object.metadata.deletionTimestamp && !deletionTimestamp)
      client.update(resource, withoutOwner(object, uid))
  }
  if (deletionTimestamp) return owned
  for (const object of orphansOf(resource, namespace ?? '', client)) {
    if (object.metadata.deletionTimestamp || !matches(owner, object, claimant)) continue
    const live = client.live(claimant.resource, keyOf(owner))?.metadata
    if (live?.uid !== uid || live.deletionTimestamp) continue
    owned.push(client.update(resource, withOwner(object, controllerReference(owner))))
  }
  return owned
}

/** Which owners might adopt an object that has none. */
export function adoptersOf(claimant: Claimant): MapFunction {
  return (object, { client }): readonly ObjectKey[] => {
    if (controllerOf(object) || object.metadata.deletionTimestamp) return []
    return client
      .list(claimant.resource)
      .filter((owner) => owner.metadata.namespace === object.metadata.namespace && matches(owner, object, claimant))
      .map(keyOf)
  }
}

function matches(owner: KubeObject, object: KubeObject, { selector, fits }: Claimant): boolean {
  return matchesLabelSelector(selector(owner), object.metadata.labels ?? {}) && (fits?.(owner, object) ?? true)
}

function orphansOf(resource: string, namespace: string, client: Client): KubeObject[] {
  const cache = client.cache(resource)
  cache.addIndex('orphan', (object) => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']))
  return cache.byIndex('orphan', namespace)
}
