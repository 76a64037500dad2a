import { schemaOfSubresource, type Endpoint } from '../../../kinds/endpoints.ts'
import type { Kind } from '../../../kinds/kind.ts'
import type { Json, Schemas } from './schemas.ts'

const query = (name: string, type: string, description: string): Json => ({
  name,
  in: 'query',
  description,
  schema: { type, uniqueItems: true },
})
const pretty = query('pretty', 'string', "If 'true', then the output is pretty printed.")
const dryRun = query(
  'dryRun',
  'string',
  'When present, indicates that modifications should not be persisted. Valid values are: - All: all dry run stages will be processed',
)
const fieldManager = query(
  'fieldManager',
  'string',
  'fieldManager is a name associated with the actor or entity that is making these changes.',
)
const fieldValidation = query(
  'fieldValidation',
  'string',
  'fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: Ignore, Warn, Strict.',
)
const force = query('force', 'boolean', 'Force is going to "force" Apply requests.')
const listing = [
  query('allowWatchBookmarks', 'boolean', 'allowWatchBookmarks requests watch events with type "BOOKMARK".'),
  query('continue', 'string', 'The continue option should be set when retrieving more results from the server.'),
  query('fieldSelector', 'string', 'A selector to restrict the list of returned objects by their fields.'),
  query('labelSelector', 'string', 'A selector to restrict the list of returned objects by their labels.'),
  query('limit', 'integer', 'limit is a maximum number of responses to return for a list call.'),
  query(
    'resourceVersion',
    'string',
    'resourceVersion sets a constraint on what resource versions a request may be served from.',
  ),
  query(
    'resourceVersionMatch',
    'string',
    'resourceVersionMatch determines how resourceVersion is applied to list calls.',
  ),
  query('sendInitialEvents', 'boolean', 'sendInitialEvents may be set together with watch=true.'),
  query('timeoutSeconds', 'integer', 'Timeout for the list/watch call.'),
  query('watch', 'boolean', 'Watch for changes to the described resources.'),
]
const deletion = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'The duration in seconds before the object should be deleted.'),
  query('orphanDependents', 'boolean', 'Deprecated: please use the PropagationPolicy.'),
  query('propagationPolicy', 'string', 'Whether and how garbage collection will be performed.'),
]
const pathParameter = (name: string, description: string): Json => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', uniqueItems: true },
})

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const bodyTypes = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml']
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** What the paths of one resource are made of. */
export interface PathSource {
  readonly root: string
  readonly endpoint: Endpoint
  readonly kind: Kind
  readonly item: Json
  readonly list: Json
  readonly groupVersionKind: { readonly group: string; readonly version: string; readonly kind: string }
}

/** Adds the paths of a resource or subresource to a document. */
export function addPaths(paths: Json, schemas: Schemas, source: PathSource): void {
  const { root, endpoint } = source
  const [plural = '', subresource] = endpoint.name.split('/')
  const below = endpoint.namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const place = endpoint.namespaced
    ? [pathParameter('namespace', 'object name and auth scope, such as for teams and projects')]
    : []
  const named = [pathParameter('name', `name of the ${endpoint.kind}`), ...place]
  const write = (names: readonly [method: string, verb: string][]) =>
    Object.fromEntries(
      names
        .filter(([, verb]) => endpoint.verbs.includes(verb))
        .map(([method, verb]) => [method, operation(schemas, source, method, verb)]),
    )
  if (subresource !== undefined) {
    const operations = write([
      ['get', 'get'],
      ['put', 'update'],
      ['patch', 'patch'],
      ['post', 'create'],
      ['delete', 'delete'],
    ])
    if (schemaOfSubresource(source.kind, subresource) !== undefined)
      paths[`${below}/{name}/${subresource}`] = { ...operations, parameters: [...named, pretty] }
    return
  }
  const collection = write([
    ['get', 'list'],
    ['post', 'create'],
    ['delete', 'deletecollection'],
  ])
  if (Object.keys(collection).length > 0) paths[below] = { ...collection, parameters: [...place, pretty] }
  const one = write([
    ['get', 'get'],
    ['put', 'update'],
    ['patch', 'patch'],
    ['delete', 'delete'],
  ])
  if (Object.keys(one).length > 0) paths[`${below}/{name}`] = { ...one, parameters: [...named, pretty] }
  if (endpoint.namespaced && endpoint.verbs.includes('list'))
    paths[`${root}/${plural}`] = {
      get: operation(schemas, source, 'get', 'list', true),
      parameters: [...listing, pretty],
    }
}

function operation(schemas: Schemas, source: PathSource, method: string, verb: string, everywhere = false): Json {
  const { endpoint, groupVersionKind, item, list, kind } = source
  const action =
    method === 'get' && verb === 'get' ? 'get' : verb === 'update' ? 'put' : verb === 'create' ? 'post' : verb
  const parameters: Record<string, readonly Json[]> = {
    list: everywhere ? [] : listing,
    create: [dryRun, fieldManager, fieldValidation],
    update: [dryRun, fieldManager, fieldValidation],
    patch: [dryRun, fieldManager, fieldValidation, force],
    delete: deletion,
    deletecollection: [...deletion, ...listing],
  }
  const isDelete = verb === 'delete' || verb === 'deletecollection'
  const answer = verb === 'list' ? list : isDelete ? schemas.ref(`${meta}.Status`) : item
  const body =
    verb === 'patch'
      ? schemas.add(`${meta}.Patch`, patchSchema)
      : isDelete
        ? schemas.ref(`${meta}.DeleteOptions`)
        : item
  const types =
    verb === 'patch'
      ? patchTypes.filter((type) => !kind.custom || !type.includes('strategic'))
      : isDelete
        ? ['*/*']
        : bodyTypes
  const scope = everywhere ? 'ForAllNamespaces' : ''
  const group = source.root.split('/').filter((part) => part !== 'api' && part !== 'apis')
  const tag = group.length === 1 ? `core_${group[0]}` : `${group[0]!.split('.')[0]}_${group[1]}`
  const camel = tag.replace(/(^|_)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase())
  const namespaced = endpoint.namespaced && !everywhere ? 'Namespaced' : ''
  const words: Record<string, string> = {
    get: 'read',
    list: 'list',
    create: 'create',
    update: 'replace',
    patch: 'patch',
    delete: 'delete',
    deletecollection: 'deleteCollection',
  }
  const sub = endpoint.name.split('/')[1] ?? ''
  const operationId = `${words[verb]}${camel}${namespaced}${kind.kind}${sub && sub[0]!.toUpperCase() + sub.slice(1)}${scope}`
  const verbs: Record<string, string> = {
    get: 'read the specified',
    list: 'list or watch objects of kind',
    create: 'create',
    update: 'replace the specified',
    patch: 'partially update the specified',
    delete: 'delete',
    deletecollection: 'delete collection of',
  }
  const description = `${verbs[verb]} ${kind.kind}`
  const content = (schema: Json, media: readonly string[]) =>
    Object.fromEntries(media.map((type) => [type, { schema }]))
  const codes =
    verb === 'create'
      ? ['200', '201', '202']
      : verb === 'update' || verb === 'patch'
        ? ['200', '201']
        : verb === 'delete'
          ? ['200', '202']
          : ['200']
  const said: Record<string, string> = { '200': 'OK', '201': 'Created', '202': 'Accepted' }
  return {
    tags: [tag],
    description,
    operationId,
    ...(parameters[verb]?.length && { parameters: parameters[verb] }),
    ...(method !== 'get' && { requestBody: { content: content(body, types), ...(!isDelete && { required: true }) } }),
    responses: {
      ...Object.fromEntries(
        codes.map((code) => [code, { description: said[code], content: content(answer, bodyTypes) }]),
      ),
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': groupVersionKind,
  }
}

const patchSchema: Json = {
  description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
  type: 'object',
}
