import { storedKind, servedResources, type ServedResource } from './stored.ts'
import discovery from '../machinery/schema/generated/discovery.json'
import { definition, schemaOfResource, type SchemaRef } from '../machinery/schema/schema.ts'
import { apiVersionOf, type Kind } from './kind.ts'

/** What discovery says of a resource or a subresource. */
export interface Endpoint {
  readonly groupVersion: string
  /** `pods`, `pods/status`. */
  readonly name: string
  readonly kind: string
  /** Where the kind is another group's: `pods/eviction` takes an Eviction of policy/v1. */
  readonly group?: string
  readonly version?: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly singularName?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

const builtIn: readonly ServedResource[] = servedResources()
const byName = new Map<string, Endpoint>()
const groupVersions: string[] = []
type Facts = Omit<Endpoint, 'groupVersion' | 'name' | 'verbs'> & { readonly verbs: string }

for (const { groupVersion } of builtIn) {
  if (groupVersions.includes(groupVersion)) continue
  groupVersions.push(groupVersion)
  const entry = (discovery as unknown as Record<string, Record<string, Facts> & { resources?: Record<string, Facts> }>)[
    groupVersion
  ]!
  for (const [name, facts] of Object.entries(entry.resources ?? entry))
    byName.set(`${groupVersion}/${name}`, { ...facts, groupVersion, name, verbs: facts.verbs.split(' ') })
}

/** The group versions that are built in, those of a group in the order of preference. */
export const builtInGroupVersions: readonly string[] = groupVersions

/** The resources and subresources of a built-in group version, in the order of discovery. */
export function builtInEndpoints(groupVersion: string): Endpoint[] {
  return [...byName.values()].filter((endpoint) => endpoint.groupVersion === groupVersion)
}

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const customSubresourceVerbs = ['get', 'patch', 'update']

/** The endpoint of a kind, or of one of its subresources; undefined when there is none. */
export function endpointOf(kind: Kind, subresource = ''): Endpoint | undefined {
  const { plural, namespaced, singular: singularName, shortNames, categories } = kind
  const groupVersion = apiVersionOf(kind)
  const name = subresource ? `${plural}/${subresource}` : plural
  if (!kind.custom) return byName.get(`${groupVersion}/${name}`)
  const shared = { groupVersion, name, namespaced }
  if (!subresource)
    return { ...shared, kind: kind.kind, verbs: kind.verbs ?? customVerbs, singularName, shortNames, categories }
  if (!kind.subresources.includes(subresource)) return undefined
  const scale = subresource === 'scale' && { kind: 'Scale', group: 'autoscaling', version: 'v1' }
  return { ...shared, kind: kind.kind, verbs: customSubresourceVerbs, ...scale }
}

const createOnly = new Map<string, Kind | undefined>()

/** A resource that can only be created, as a kind: reviews, and bindings of core/v1. */
export function createOnlyKind(group: string, version: string, plural: string): Kind | undefined {
  const key = `${group ? `${group}/` : ''}${version}/${plural}`
  if (!createOnly.has(key)) {
    const served = builtIn.find((one) => `${one.groupVersion}/${one.plural}` === key && one.verbs === 'create')
    createOnly.set(key, served && storedKind(served))
  }
  return createOnly.get(key)
}

const packages: Readonly<Record<string, string>> = {
  'autoscaling/v1 Scale': 'io.k8s.api.autoscaling.v1.Scale',
  'policy/v1 Eviction': 'io.k8s.api.policy.v1.Eviction',
  'authentication.k8s.io/v1 TokenRequest': 'io.k8s.api.authentication.v1.TokenRequest',
}

/** The schema of what a subresource takes and gives; undefined when it is none that is written as JSON. */
export function schemaOfSubresource(kind: Kind, subresource: string): SchemaRef | undefined {
  const endpoint = endpointOf(kind, subresource)
  if (!endpoint) return undefined
  const foreign = packages[`${endpoint.group ? `${endpoint.group}/` : ''}${endpoint.version} ${endpoint.kind}`]
  if (foreign) return definition(foreign) ? foreign : undefined
  if (endpoint.kind === kind.kind) return kind.schema
  return schemaOfResource(`${apiVersionOf(kind)}/${endpoint.name}`)
}
