import { deepEqual } from '../../lib/deep-equal.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { claimed, selectorOf } from './claims.ts'
import { controllerReference } from './owners.ts'
import { isAlreadyExists, type Client } from '../client/client.ts'
import { templateHash } from './template-hash.ts'

export const controllerRevisions = 'controllerrevisions.apps'

/** On pods: which revision of its owner's template one is of. */
export const revisionHashLabel = 'controller-revision-hash'

/** A ControllerRevision: `data` restores the owner's template, `revision` says how new it is. */
export type Revision = KubeObject & { readonly data?: any; readonly revision?: number }

/** What a revision keeps of its owner: a strategic merge patch that puts the template back. */
export function dataOf(owner: KubeObject): { spec: { template: any } } {
  return { spec: { template: { $patch: 'replace', ...owner.spec.template } } }
}

/** The pod template that a revision holds. */
export function templateOf(revision: Revision): any {
  const { $patch: _replace, ...template } = revision.data.spec.template
  return template
}

/** All revisions of an owner, orphans that match adopted, oldest first. */
export function revisionsOf(owner: KubeObject, resource: string, client: Client): Revision[] {
  const revisions: Revision[] = claimed(controllerRevisions, owner, { resource, selector: selectorOf }, client)
  return revisions.sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0) || older(a, b))
}

function older({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  const [first, second] =
    a.creationTimestamp === b.creationTimestamp ? [a.name, b.name] : [a.creationTimestamp, b.creationTimestamp]
  return first < second ? -1 : 1
}

/** Does a revision hold the owner's present template? */
export function isOf(revision: Revision, data: unknown): boolean {
  return deepEqual(revision.data, data)
}

/** The number after the newest of them. */
export function nextRevision(revisions: readonly Revision[]): number {
  return revisions.reduce((most, { revision = 0 }) => Math.max(most, revision), 0) + 1
}

/** Gives a revision another number: what was rolled back to becomes the newest. */
export function renumbered(revision: Revision, number: number, client: Client): Revision {
  if (revision.revision === number) return revision
  return client.update(controllerRevisions, { ...revision, revision: number } as KubeObject)
}

/**
 * Stores the owner's present template as a revision. A name that another template has is one more collision, and
 * another name is tried. Upstream: history.CreateControllerRevision.
 */
export function createRevision(
  owner: KubeObject,
  { number, collisions, hashLabel }: { number: number; collisions: number; hashLabel: string },
  client: Client,
): { revision: Revision; collisions: number } {
  const data = dataOf(owner)
  const { template } = data.spec
  const { namespace, name: ownerName, annotations } = owner.metadata
  for (; ; collisions++) {
    const hash = templateHash(template, collisions || undefined)
    const name = `${ownerName.slice(0, 223)}-${hash}`
    const metadata = {
      name,
      namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner)],
    }
    try {
      const body = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision: number }
      return { revision: client.create(controllerRevisions, body, namespace), collisions }
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const present = client.live(controllerRevisions, `${namespace}/${name}`)
      if (present && isOf(present, data)) return { revision: present, collisions }
    }
  }
}

/** Deletes the oldest of those that nobody needs, so many of them. */
export function deleteOldest(unneeded: readonly Revision[], count: number, client: Client): void {
  for (const revision of unneeded.slice(0, Math.max(0, count)))
    client.deleteIfPresent(controllerRevisions, keyOf(revision))
}
