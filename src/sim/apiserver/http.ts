import { apiVersionOf, storageOf } from '../../kinds/kind.ts'
import {
  badRequest,
  internalError,
  methodNotAllowed,
  noSuchResource,
  StatusError,
  unsupportedMediaType,
} from '../../machinery/errors.ts'
import { decodeStrict } from '../../machinery/decode.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { tableOf, type IncludeObject } from '../../machinery/table.ts'
import { readYaml } from '../../machinery/yaml.ts'
import { authenticate } from './authentication.ts'
import { discoveryDocument } from './discovery.ts'
import { parseResourcePath, type ResourcePath } from './http-path.ts'
import { listObjects } from './list.ts'
import type { Patch } from './patch.ts'
import type { WriteOptions } from './request.ts'
import type { ApiServer } from './server.ts'
import { createSubresource, readSubresource, writeScale } from './subresources.ts'
import { openStream, type ResponseStream } from './watch-stream.ts'

export interface HttpRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** A watch: more comes while virtual time passes. */
  readonly stream?: ResponseStream
}

const readable = /^(application\/(json|yaml|[\w.-]+\+(json|yaml)))?$/
const maxBodyCharacters = 3 * 1024 * 1024
const patchTypes: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** Answers one request. Never throws: whatever goes wrong becomes a Status. */
export function handleRequest(api: ApiServer, request: HttpRequest): HttpResponse {
  const warnings: string[] = []
  try {
    return route(api, request, warnings)
  } catch (error) {
    const status =
      error instanceof StatusError
        ? error.status
        : internalError(error instanceof Error ? error.message : String(error)).status
    return json(status.code ?? 500, status, warnings)
  }
}

function route(api: ApiServer, request: HttpRequest, warnings: string[]): HttpResponse {
  const [path, search = ''] = split(request.path)
  const query = new Map(parseQuery(search))
  const user = authenticate(request.headers)
  const document = request.method === 'GET' ? discoveryDocument(api, path) : undefined
  if (document) return typeof document === 'string' ? text(200, document) : json(200, document, warnings)
  const resource = parseResourcePath(api.kinds, path)
  if (!resource) {
    if (isServedGroup(api, path)) throw noSuchResource()
    return text(404, '404 page not found\n')
  }
  if ((request.body?.length ?? 0) > maxBodyCharacters)
    throw new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728')
  return serve(api, resource, request, query, { user, ...writeOptions(request, query), warnings })
}

/** Below a group that is served, an unknown resource is answered by the API itself. */
function isServedGroup(api: ApiServer, path: string): boolean {
  const [, root, group] = path.split('/')
  return (
    root === 'api' ||
    (root === 'apis' && api.kinds.versions().some((kind) => kind.group === group && kind.group !== ''))
  )
}

function split(path: string): [string, string?] {
  const mark = path.indexOf('?')
  return mark < 0 ? [path] : [path.slice(0, mark), path.slice(mark + 1)]
}

function parseQuery(search: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const part of search.split('&')) {
    if (!part) continue
    const equals = part.indexOf('=')
    const read = (value: string) => {
      try {
        return decodeURIComponent(value.replace(/\+/g, ' '))
      } catch {
        throw badRequest(`invalid URL escape ${JSON.stringify(value)}`)
      }
    }
    pairs.push(equals < 0 ? [read(part), ''] : [read(part.slice(0, equals)), read(part.slice(equals + 1))])
  }
  return pairs
}

function writeOptions({ headers }: HttpRequest, query: ReadonlyMap<string, string>): WriteOptions {
  const agent = headers['user-agent']?.split('/')[0]
  return { fieldManager: query.get('fieldManager') || agent || 'unknown', dryRun: query.get('dryRun') === 'All' }
}

function serve(
  api: ApiServer,
  at: ResourcePath,
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  options: WriteOptions,
): HttpResponse {
  const { method } = request
  const resource = storageOf(at.kind)
  const { namespace, name, subresource } = at
  const key = namespace ? `${namespace}/${name}` : name
  const warnings = options.warnings ?? []
  if (!subresource && !methodsOf(at).includes(method)) throw methodNotAllowed()
  const { view } = at.kind
  const outside = (object: unknown) => (view && !subresource ? view.fromStored(object as KubeObject) : object)
  const answer = (status: number, object: unknown) => json(status, shown(outside(object), at, request, api), warnings)
  if (method === 'GET') {
    if (name === '') {
      api.context(query.get('watch') ? 'watch' : 'list', resource, namespace, '', options)
      const watching = query.get('watch') === 'true' || query.get('watch') === '1'
      if (watching)
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: '',
          stream: openStream(api, at, query),
        }
      const found = listObjects(api, at, query)
      return json(
        200,
        wantsTable(request)
          ? tableOf(at.kind.columns ?? [], found.objects, {
              nowMs: api.clock.wall(),
              includeObject: includeObject(query),
              metadata: found.list.metadata,
            })
          : found.list,
        warnings,
      )
    }
    api.context('get', resource, namespace, name, { ...options, subresource })
    const object = api.get(resource, key)
    if (subresource && subresource !== 'status') return answer(200, readSubresource(at, object))
    return answer(200, object)
  }
  if (method === 'POST') {
    const body = decode(request, at, query, warnings)
    if (name !== '') return answer(201, createSubresource(api, at, body, options))
    return answer(201, api.create(resource, view ? view.toStored(body) : body, { ...options, namespace }))
  }
  if (method === 'PUT') {
    const body = decode(request, at, query, warnings)
    if (subresource === 'scale') return answer(200, writeScale(api, at, body, options))
    const object = {
      ...body,
      metadata: {
        ...body.metadata,
        namespace: body.metadata?.namespace ?? namespace,
        name: body.metadata?.name ?? name,
      },
    }
    checkUrl(object, at)
    return answer(200, api.update(resource, view ? view.toStored(object) : object, { ...options, subresource }))
  }
  if (method === 'PATCH') return answer(...patch(api, at, request, query, options))
  if (method === 'DELETE') return remove(api, at, request, query, options)
  throw methodNotAllowed()
}

/** What may be done with a collection, an object, or the objects of all namespaces. */
function methodsOf({ kind, namespace, name }: ResourcePath): readonly string[] {
  if (name !== '') return ['GET', 'PUT', 'PATCH', 'DELETE']
  return kind.namespaced && namespace === undefined ? ['GET'] : ['GET', 'POST', 'DELETE']
}

function checkUrl(object: KubeObject, { name, namespace }: ResourcePath): void {
  if (object.metadata.name !== name) {
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`)
  }
  if (namespace && object.metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}

function patch(
  api: ApiServer,
  at: ResourcePath,
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  options: WriteOptions,
): [number, KubeObject] {
  const type = patchTypes[mediaType(request)]
  if (!type) throw unsupportedMediaType(Object.keys(patchTypes))
  const resource = storageOf(at.kind)
  const key = at.namespace ? `${at.namespace}/${at.name}` : at.name
  const body = readBody(request)
  if (at.subresource === 'scale') return [200, writeScale(api, at, body, options) as KubeObject]
  if (type !== 'apply') {
    return [200, api.patch(resource, key, { type, patch: body }, { ...options, subresource: at.subresource })]
  }
  if (!query.get('fieldManager'))
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  const existed = api.find(resource, key) !== undefined
  // The applied configuration is merged as it was sent; reading it strictly only finds what is wrong with it.
  strict(body, at, query.get('fieldValidation') ?? 'Warn', options.warnings ?? [])
  const named = {
    ...body,
    metadata: { ...body.metadata, name: at.name, ...(at.namespace && { namespace: at.namespace }) },
  }
  const force = query.get('force') === 'true'
  return [
    existed ? 200 : 201,
    api.patch(resource, key, { type, patch: named }, { ...options, subresource: at.subresource, force }),
  ]
}

function remove(
  api: ApiServer,
  at: ResourcePath,
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  options: WriteOptions,
): HttpResponse {
  const resource = storageOf(at.kind)
  const body: any = request.body ? readBody(request) : {}
  const grace =
    body.gracePeriodSeconds ?? (query.has('gracePeriodSeconds') ? Number(query.get('gracePeriodSeconds')) : undefined)
  const propagationPolicy = body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined
  const dryRun = options.dryRun || body.dryRun?.includes('All')
  const deletion = {
    ...options,
    dryRun,
    gracePeriodSeconds: grace,
    propagationPolicy,
    preconditions: body.preconditions,
  }
  if (at.name === '') {
    const found = listObjects(api, at, query)
    for (const { metadata } of found.objects) {
      api.delete(resource, metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name, deletion)
    }
    return json(200, found.list, [])
  }
  const key = at.namespace ? `${at.namespace}/${at.name}` : at.name
  const object = api.delete(resource, key, deletion)
  const stays = at.kind.plural === 'pods' || api.find(resource, key) !== undefined
  if (stays) return json(200, object, [])
  const { uid } = object.metadata
  const details = { name: at.name, ...(at.kind.group && { group: at.kind.group }), kind: at.kind.plural, uid }
  return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }, [])
}

function decode(request: HttpRequest, at: ResourcePath, query: ReadonlyMap<string, string>, warnings: string[]): any {
  const body = readBody(request)
  if (at.subresource !== '' && at.subresource !== 'status') return body
  const want = apiVersionOf(at.kind)
  if (body.kind !== undefined && (body.apiVersion !== want || body.kind !== at.kind.kind)) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${want})`,
    )
  }
  return strict(body, at, query.get('fieldValidation') ?? 'Warn', warnings)
}

/** Strict decoding: unknown fields are refused, warned of, or let be. */
export function strict(body: any, at: Pick<ResourcePath, 'kind'>, validation: string, warnings: string[]): any {
  const { object, strictErrors, typeError } = decodeStrict(body, at.kind.schema)
  if (typeError) {
    throw badRequest(
      `${at.kind.kind} in version "${at.kind.version}" cannot be handled as a ${at.kind.kind}: ${typeError}`,
    )
  }
  if (strictErrors.length > 0 && validation === 'Strict') {
    throw badRequest(
      `${at.kind.kind} in version "${at.kind.version}" cannot be handled as a ${at.kind.kind}: strict decoding error: ${strictErrors.join(', ')}`,
    )
  }
  if (validation === 'Warn') warnings.push(...strictErrors)
  return object
}

function readBody(request: HttpRequest): any {
  const type = mediaType(request)
  const source = request.body ?? ''
  if (!readable.test(type))
    throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'])
  if (type.endsWith('yaml') && !source.trimStart().startsWith('{')) {
    const document = readYaml(source)[0]
    if (!document || document.error)
      throw badRequest(`error decoding YAML: ${document?.error?.message ?? 'no document'}`)
    return (document.value as object | undefined) ?? {}
  }
  let body: unknown
  try {
    body = JSON.parse(source)
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : 'invalid JSON'}`,
    )
  }
  if (typeof body !== 'object' || body === null)
    throw badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value")
  return body
}

function mediaType({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? 'application/json').split(';')[0]!.trim()
}

function includeObject(query: ReadonlyMap<string, string>): IncludeObject {
  const asked = query.get('includeObject')
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata'
}

function wantsTable({ headers }: HttpRequest): boolean {
  return headers.accept?.includes('as=Table') ?? false
}

function shown(object: unknown, at: ResourcePath, request: HttpRequest, api: ApiServer): unknown {
  if (!wantsTable(request) || at.subresource) return object
  const metadata = { resourceVersion: (object as KubeObject).metadata.resourceVersion }
  return tableOf(at.kind.columns ?? [], [object as KubeObject], { nowMs: api.clock.wall(), metadata })
}

function json(status: number, body: unknown, warnings: readonly string[]): HttpResponse {
  const headers: Record<string, string | readonly string[]> = {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  }
  if (warnings.length > 0) headers.warning = warnings.map((one) => `299 - ${JSON.stringify(one)}`)
  return { status, headers, body: JSON.stringify(body) }
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
