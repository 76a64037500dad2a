import discovery from '../machinery/schema/generated/discovery.json'
import { schemaOfResource } from '../machinery/schema/schema.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../machinery/object-meta.ts'
import { isDns1123Subdomain } from '../machinery/names.ts'
import { defineKind, type Kind } from './kind.ts'
import { storedColumns } from './stored-columns.ts'
import { storedDefaults } from './stored-defaults.ts'
import { storedImmutability, storedNames, storedValidation } from './stored-validation.ts'

interface ResourceFacts {
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: string
  readonly singularName?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly group?: string
  readonly version?: string
}
type Facts = Record<
  string,
  Record<string, ResourceFacts> | { readonly preferred: boolean; readonly resources: Record<string, ResourceFacts> }
>

/** What discovery says of one resource, subresources included by name. */
export interface ServedResource extends ResourceFacts {
  readonly groupVersion: string
  readonly plural: string
  readonly subresources: readonly string[]
}

/** All that the API serves by default, from the recorded discovery documents. */
export function servedResources(): ServedResource[] {
  const served: ServedResource[] = []
  for (const [groupVersion, entry] of Object.entries(discovery as unknown as Facts)) {
    // The documents come from a server with every version switched on; by default only the stable ones are.
    if (/v\d+(alpha|beta)\d+$/.test(groupVersion) || groupVersion.startsWith('internal.')) continue
    const resources = ('resources' in entry ? entry.resources : entry) as Record<string, ResourceFacts>
    for (const [plural, facts] of Object.entries(resources)) {
      if (plural.includes('/')) continue
      const subresources = Object.keys(resources)
        .filter((one) => one.startsWith(`${plural}/`))
        .map((one) => one.slice(plural.length + 1))
      served.push({ ...facts, groupVersion, plural, subresources })
    }
  }
  return served
}

const withoutGeneration = new Set([
  'configmaps',
  'secrets',
  'serviceaccounts',
  'endpoints',
  'events',
  'namespaces',
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'services',
  'storageclasses',
  'csidrivers',
  'csinodes',
  'volumeattachments',
  'csistoragecapacities',
  'leases',
  'controllerrevisions',
  'horizontalpodautoscalers',
  'certificatesigningrequests',
  'componentstatuses',
  'bindings',
])

const deprecations: Readonly<Record<string, string | undefined>> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
}

/** What can be selected by beyond names. */
const storedFields: Readonly<Record<string, Kind['selectableFields']>> = {
  'resourceslices.resource.k8s.io': ({ spec }) => ({
    'spec.nodeName': spec?.nodeName ?? '',
    'spec.driver': spec?.driver ?? '',
  }),
}

/** Kinds without a folder of their own that some loop nevertheless acts on. */
const actedOn: ReadonlySet<string> = new Set([
  'endpoints',
  'csidrivers.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
])

/** A kind without a folder: stored, strictly decoded, with the metadata checked. */
export function storedKind(served: ServedResource): Kind | undefined {
  const schema = schemaOfResource(`${served.groupVersion}/${served.plural}`)
  if (!schema) return undefined
  const [group, version] = served.groupVersion.includes('/')
    ? (served.groupVersion.split('/') as [string, string])
    : ['', served.groupVersion]
  const resource = group ? `${served.plural}.${group}` : served.plural
  const validateName = storedNames[resource] ?? isDns1123Subdomain
  const rules = storedValidation[resource]
  const applyDefaults = storedDefaults[resource]
  const deprecation = deprecations[resource]
  return defineKind({
    group,
    version,
    kind: served.kind,
    plural: served.plural,
    singular: served.singularName || served.kind.toLowerCase(),
    shortNames: served.shortNames ?? [],
    categories: served.categories ?? [],
    namespaced: served.namespaced,
    schema,
    support: actedOn.has(resource) ? 'full' : 'stored',
    hasGeneration: !withoutGeneration.has(served.plural),
    hasStatus: served.subresources.includes('status'),
    subresources: served.subresources,
    columns: storedColumns(resource),
    ...(storedFields[resource] && { selectableFields: storedFields[resource] }),
    ...(applyDefaults && { applyDefaults }),
    ...(deprecation && { warnings: () => [deprecation] }),
    validate: (object) => [
      ...validateObjectMeta(object.metadata, served.namespaced, validateName),
      ...(rules?.(object) ?? []),
    ],
    validateUpdate: (object, old) => [
      ...(storedImmutability[resource]?.(object, old) ?? []),
      ...validateObjectMetaUpdate(object.metadata, old.metadata),
      ...validateObjectMeta(object.metadata, served.namespaced, validateName),
      ...(rules?.(object) ?? []),
    ],
  })
}
