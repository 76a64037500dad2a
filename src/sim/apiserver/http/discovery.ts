import { builtInEndpoints, builtInGroupVersions, endpointOf, type Endpoint } from '../../../kinds/endpoints.ts'
import { apiVersionOf, resourceOf, type Kind } from '../../../kinds/kind.ts'
import { encodeBase64 } from '../../../lib/base64.ts'
import { sha256 } from '../../../lib/sha256.ts'
import { utf8Bytes } from '../../../lib/utf8.ts'
import type { ServedKinds } from '../served-kinds.ts'

/** What discovery says, without the address it is said at. */
export interface GroupVersion {
  readonly groupVersion: string
  readonly version: string
}

interface Group {
  readonly name: string
  readonly versions: readonly GroupVersion[]
  readonly preferredVersion: GroupVersion
}

const split = (groupVersion: string): [group: string, version: string] => {
  const slash = groupVersion.indexOf('/')
  return slash < 0 ? ['', groupVersion] : [groupVersion.slice(0, slash), groupVersion.slice(slash + 1)]
}

/** All group versions that are served, built-in ones first, the others by name; a group's preferred version first. */
export function servedGroupVersions(kinds: ServedKinds): string[] {
  const custom = new Map<string, Set<string>>()
  for (const kind of kinds.versions()) {
    if (!kind.custom) continue
    const versions = custom.get(kind.group) ?? new Set()
    custom.set(kind.group, versions.add(apiVersionOf(kind)))
  }
  const more = [...custom].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, versions]) => [...versions])
  return [...builtInGroupVersions, ...more.filter((one) => !builtInGroupVersions.includes(one))]
}

/** The API groups, those with a name. */
export function apiGroups(kinds: ServedKinds): Group[] {
  const groups = new Map<string, GroupVersion[]>()
  for (const groupVersion of servedGroupVersions(kinds)) {
    const [group, version] = split(groupVersion)
    if (group === '') continue
    const versions = groups.get(group) ?? []
    versions.push({ groupVersion, version })
    groups.set(group, versions)
  }
  return [...groups].map(([name, versions]) => ({ name, versions, preferredVersion: versions[0]! }))
}

/** Resources and subresources of one group version; undefined when it is not served. */
export function endpointsOf(kinds: ServedKinds, groupVersion: string): Endpoint[] | undefined {
  const custom = kinds.versions().filter((kind) => kind.custom && apiVersionOf(kind) === groupVersion)
  const isBuiltIn = builtInGroupVersions.includes(groupVersion)
  if (!isBuiltIn && custom.length === 0) return undefined
  const own = isBuiltIn ? builtInEndpoints(groupVersion) : []
  return [...own, ...custom.flatMap((kind) => ['', ...kind.subresources].flatMap((one) => endpointOf(kind, one) ?? []))]
}

/** An APIResourceList; that of core/v1 has no apiVersion, as it never had. */
export function resourceList(kinds: ServedKinds, groupVersion: string): unknown {
  const endpoints = endpointsOf(kinds, groupVersion)
  if (!endpoints) return undefined
  const [group, version] = split(groupVersion)
  const resources = endpoints.map((endpoint) => {
    const isSubresource = endpoint.name.includes('/')
    const kind = isSubresource ? undefined : kinds.byResource(group, version, endpoint.name)
    return {
      name: endpoint.name,
      singularName: isSubresource ? '' : (endpoint.singularName ?? ''),
      namespaced: endpoint.namespaced,
      ...(endpoint.version && { group: endpoint.group ?? '', version: endpoint.version }),
      kind: endpoint.kind,
      verbs: endpoint.verbs,
      ...(endpoint.shortNames?.length && { shortNames: endpoint.shortNames }),
      ...(endpoint.categories?.length && { categories: endpoint.categories }),
      ...(kind && endpoint.verbs.includes('create') && { storageVersionHash: storageVersionHash(kinds, kind) }),
    }
  })
  return { kind: 'APIResourceList', ...(group && { apiVersion: 'v1' }), groupVersion, resources }
}

const hashes = new Map<string, string>()

/** Upstream: discovery.StorageVersionHash. */
function storageVersionHash(kinds: ServedKinds, kind: Kind): string {
  const stored = kinds.get(kind.view?.resource ?? resourceOf(kind)) ?? kind
  const name = `${stored.group}/${stored.version}/${stored.kind}`
  const known = hashes.get(name)
  if (known) return known
  const hash = encodeBase64(sha256(Uint8Array.from(utf8Bytes(name))).subarray(0, 8))
  hashes.set(name, hash)
  return hash
}

/** APIGroupDiscoveryList: of core/v1 for `/api`, of all groups for `/apis`. */
export function aggregatedDiscovery(kinds: ServedKinds, root: 'api' | 'apis', version: 'v2' | 'v2beta1'): unknown {
  const groups = root === 'api' ? [{ name: '', versions: [{ groupVersion: 'v1', version: 'v1' }] }] : apiGroups(kinds)
  const items = groups.map(({ name, versions }) => ({
    metadata: name ? { name } : {},
    versions: versions.map((one) => ({
      version: one.version,
      resources: aggregatedResources(
        endpointsOf(kinds, one.groupVersion) ?? [],
        one,
        builtInGroupVersions.includes(one.groupVersion),
      ),
      freshness: 'Current',
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items }
}

function aggregatedResources(
  endpoints: readonly Endpoint[],
  { groupVersion, version }: GroupVersion,
  isBuiltIn: boolean,
): unknown[] {
  const [group] = split(groupVersion)
  const responseKind = (endpoint: Endpoint) => {
    if (endpoint.version) return { group: endpoint.group ?? '', version: endpoint.version, kind: endpoint.kind }
    // Built-in resources leave out what is their own group version's.
    return isBuiltIn ? { group: '', version: '', kind: endpoint.kind } : { group, version, kind: endpoint.kind }
  }
  const of = (plural: string) => endpoints.filter(({ name }) => name.startsWith(`${plural}/`))
  return endpoints
    .filter(({ name }) => !name.includes('/'))
    .map((endpoint) => {
      const subresources = of(endpoint.name).map((sub) => ({
        subresource: sub.name.slice(endpoint.name.length + 1),
        responseKind: responseKind(sub),
        verbs: sub.verbs,
      }))
      return {
        resource: endpoint.name,
        responseKind: responseKind(endpoint),
        scope: endpoint.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: endpoint.singularName ?? '',
        verbs: endpoint.verbs,
        ...(endpoint.shortNames?.length && { shortNames: endpoint.shortNames }),
        ...(endpoint.categories?.length && { categories: endpoint.categories }),
        ...(subresources.length > 0 && { subresources }),
      }
    })
}
