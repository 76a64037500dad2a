import { apiVersionOf, resourceOf, type Kind } from './kind.ts'
import { ownKinds } from './own-kinds.ts'
import { servedResources, storedKind } from './stored.ts'

const all: Kind[] = []
const preferred = new Map<string, Kind>()
const byGroupVersionKind = new Map<string, Kind>()
const byGroupVersionPlural = new Map<string, Kind>()
const own = new Map(ownKinds.map((kind) => [`${apiVersionOf(kind)}/${kind.plural}`, kind]))

for (const served of servedResources()) {
  // What can only be created (reviews, bindings) is an endpoint, not an object.
  if (!served.verbs.includes('list')) continue
  const kind = own.get(`${served.groupVersion}/${served.plural}`) ?? storedKind(served)
  if (!kind) continue
  all.push(kind)
  byGroupVersionKind.set(`${served.groupVersion}/${kind.kind}`, kind)
  byGroupVersionPlural.set(`${served.groupVersion}/${kind.plural}`, kind)
  // Discovery lists a group's preferred version first; the other versions of a resource share its storage.
  if (!preferred.has(resourceOf(kind))) preferred.set(resourceOf(kind), kind)
}

/** All kinds that are served, by resource (`pods`, `deployments.apps`), each in its preferred version. */
export const kinds: ReadonlyMap<string, Kind> = preferred

/** All kinds in all served versions. */
export const kindVersions: readonly Kind[] = all

const gv = (group: string, version: string) => (group ? `${group}/${version}` : version)

/** The kind of `apps`, `v1`, `Deployment`. */
export function kindFor(group: string, version: string, kind: string): Kind | undefined {
  return byGroupVersionKind.get(`${gv(group, version)}/${kind}`)
}

/** The kind of an object's own apiVersion and kind. */
export function kindOfObject(object: { readonly apiVersion?: string; readonly kind?: string }): Kind | undefined {
  return byGroupVersionKind.get(`${object.apiVersion}/${object.kind}`)
}

/** The kind of `apps`, `v1`, `deployments`. */
export function kindByResource(group: string, version: string, plural: string): Kind | undefined {
  return byGroupVersionPlural.get(`${gv(group, version)}/${plural}`)
}
