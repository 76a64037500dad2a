import { createOnlyKind, schemaOfSubresource, type Endpoint } from '../../../kinds/endpoints.ts'
import { resourceOf, type Kind } from '../../../kinds/kind.ts'
import type { ApiServer } from '../server.ts'
import { endpointsOf, servedGroupVersions } from '../http/discovery.ts'
import { version } from '../http/version.ts'
import { addPaths } from './paths.ts'
import { Schemas, type Describe, type Json } from './schemas.ts'

const info = { title: 'Kubernetes', version: version.gitVersion }
const bearer = {
  description: 'Bearer Token authentication',
  type: 'apiKey',
  name: 'authorization',
  in: 'header',
}
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** `api/v1`, `apis/apps/v1`: how OpenAPI names a group version. */
export function documentName(groupVersion: string): string {
  return groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`
}

/** The OpenAPI 3 document of one group version; undefined when it is not served. */
export function openApiV3(api: ApiServer, groupVersion: string, describe: Describe): Json | undefined {
  const endpoints = endpointsOf(api.kinds, groupVersion)
  if (!endpoints) return undefined
  const schemas = new Schemas('v3', describe)
  const paths: Json = {}
  collect(api, groupVersion, endpoints, schemas, paths)
  schemas.ref(`${meta}.WatchEvent`)
  return {
    openapi: '3.0.0',
    info,
    paths: sorted(paths),
    components: { schemas: sorted(Object.fromEntries(schemas.all)), securitySchemes: { BearerToken: bearer } },
  }
}

/** The OpenAPI 2 document of everything: its definitions, for those who read documentation there. */
export function openApiV2(api: ApiServer, describe: Describe): Json {
  const schemas = new Schemas('v2', describe)
  for (const groupVersion of servedGroupVersions(api.kinds))
    collect(api, groupVersion, endpointsOf(api.kinds, groupVersion) ?? [], schemas, {})
  return {
    swagger: '2.0',
    info,
    paths: {},
    definitions: sorted(Object.fromEntries(schemas.all)),
    securityDefinitions: { BearerToken: bearer },
    security: [{ BearerToken: [] }],
  }
}

function collect(
  api: ApiServer,
  groupVersion: string,
  endpoints: readonly Endpoint[],
  schemas: Schemas,
  paths: Json,
): void {
  const slash = groupVersion.indexOf('/')
  const [group, version] =
    slash < 0 ? ['', groupVersion] : [groupVersion.slice(0, slash), groupVersion.slice(slash + 1)]
  for (const endpoint of endpoints) {
    const [plural = '', subresource] = endpoint.name.split('/')
    const kind = api.kinds.byResource(group, version, plural) ?? createOnlyKind(group, version, plural)
    if (!kind) continue
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind }
    const name = kind.custom ? customName(kind) : String(kind.schema)
    const own = kind.custom ? schemas.add(name, customSchema(api, kind, schemas)) : schemas.ref(name)
    mark(schemas, name, gvk)
    const list = schemas.list(`${name}List`, own, `${kind.kind}List`)
    mark(schemas, `${name}List`, { ...gvk, kind: `${kind.kind}List` })
    const foreign = subresource !== undefined ? schemaOfSubresource(kind, subresource) : undefined
    const item = typeof foreign === 'string' && foreign !== name ? schemas.ref(foreign) : own
    const groupVersionKind = endpoint.version
      ? { group: endpoint.group ?? '', version: endpoint.version, kind: endpoint.kind }
      : { ...gvk, kind: endpoint.kind }
    if (item !== own) mark(schemas, foreign as string, groupVersionKind)
    addPaths(paths, schemas, { root: `/${documentName(groupVersion)}`, endpoint, kind, item, list, groupVersionKind })
  }
}

function mark(schemas: Schemas, name: string, groupVersionKind: Json): void {
  const schema = schemas.all.get(name)
  if (schema) schema['x-kubernetes-group-version-kind'] = [groupVersionKind]
}

/** `com.example.stable.v1.CronTab`. */
function customName({ group, version, kind }: Kind): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`
}

/** A custom kind's schema as its definition gives it, with what all objects have. */
function customSchema(api: ApiServer, kind: Kind, schemas: Schemas): Json {
  const crd: any = api.etcd.get('customresourcedefinitions.apiextensions.k8s.io', resourceOf(kind))
  const found = crd?.spec?.versions?.find((one: any) => one.name === kind.version)
  const given = (found?.schema?.openAPIV3Schema ?? { type: 'object' }) as Json
  const properties = (typeof given.properties === 'object' && given.properties !== null ? given.properties : {}) as Json
  const described = (field: string) => ({ type: 'string', description: texts[field] })
  return {
    ...given,
    properties: {
      ...properties,
      apiVersion: described('apiVersion'),
      kind: described('kind'),
      metadata: {
        description:
          "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        allOf: [schemas.ref(`${meta}.ObjectMeta`)],
      },
    },
  }
}

const texts: Readonly<Record<string, string>> = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
}

function sorted(object: Json): Json {
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, object[key]]),
  )
}

/** The documents of one server as texts, made anew when what it serves changes. */
export class OpenApiTexts {
  readonly #texts = new Map<string, { readonly text: string; readonly generation: number; readonly hash: string }>()

  /** The text and hash of a document, made by `make` when there is none for this generation. */
  get(name: string, generation: number, hash: (text: string) => string, make: () => Json | undefined) {
    const known = this.#texts.get(name)
    if (known?.generation === generation) return known
    const document = make()
    if (!document) return undefined
    const text = JSON.stringify(document)
    const made = { text, generation, hash: hash(text) }
    this.#texts.set(name, made)
    return made
  }
}
