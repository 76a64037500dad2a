import { sha256 } from '../../../lib/sha256.ts'
import { utf8Bytes } from '../../../lib/utf8.ts'
import { methodNotAllowed } from '../../../machinery/errors.ts'
import type { ApiServer } from '../server.ts'
import { objectAnswer, textAnswer } from './answers.ts'
import { aggregatedDiscovery, apiGroups, resourceList, servedGroupVersions } from './discovery.ts'
import { healthPaths, healthText } from './health.ts'
import type { HttpExtras, HttpRequest, HttpResponse, Query } from './messages.ts'
import { metricsText } from './metrics.ts'
import { clausesOf, negotiate } from './negotiation.ts'
import { version } from './version.ts'

/** What is served beside the resources: discovery, versions, health, metrics. Undefined for any other path. */
export function nonResourceAnswer(
  api: ApiServer,
  request: HttpRequest,
  path: string,
  query: Query,
  extras: HttpExtras,
): HttpResponse | undefined {
  const health = healthText(path, query)
  if (health !== undefined) return textAnswer(200, health)
  if (path === '/metrics') {
    const answer = textAnswer(200, metricsText(api))
    return { ...answer, headers: { ...answer.headers, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }
  }
  if (path === '/') return objectAnswer(200, { paths: rootPaths(api) }, [])
  const openApi = extras.openApi?.(api, request, path, query)
  if (openApi) return openApi
  const document = discoveryDocument(api, request, path)
  if (document === undefined) return undefined
  if (request.method !== 'GET') throw methodNotAllowed()
  const aggregated = aggregatedVersion(path, request.headers.accept)
  if (aggregated) return aggregatedAnswer(api, request, path.startsWith('/apis') ? 'apis' : 'api', aggregated)
  return objectAnswer(200, document, [], negotiate(request, query, { list: false, watch: false }))
}

function discoveryDocument(api: ApiServer, request: HttpRequest, path: string): unknown {
  const clean = path.replace(/\/+$/, '')
  if (clean === '/version') return version
  if (clean === '/api') {
    const serverAddress = request.headers.host ?? ''
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
    }
  }
  if (clean === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: apiGroups(api.kinds) }
  const list = /^\/api\/(v1)$/.exec(clean) ?? /^\/apis\/([^/]+\/[^/]+)$/.exec(clean)
  if (list) return resourceList(api.kinds, list[1]!)
  const group = /^\/apis\/([^/]+)$/.exec(clean)
  const found = group && apiGroups(api.kinds).find((one) => one.name === group[1])
  return found ? { kind: 'APIGroup', apiVersion: 'v1', ...found } : undefined
}

/** Which form of aggregated discovery is wanted before any plain one, if any. */
function aggregatedVersion(path: string, accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  if (!accept || !/^\/apis?\/?$/.test(path)) return undefined
  for (const { type, parameters } of clausesOf(accept)) {
    if (type !== 'application/json' && !type.endsWith('*')) continue
    const { as, g, v } = parameters
    if (as === undefined) return undefined
    if (as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && (v === 'v2' || v === 'v2beta1')) return v
  }
  return undefined
}

/** Made once for each state of what is served. */
const made = new WeakMap<
  ApiServer,
  Map<string, { readonly generation: number; readonly body: string; readonly tag: string }>
>()

function aggregatedAnswer(
  api: ApiServer,
  request: HttpRequest,
  root: 'api' | 'apis',
  form: 'v2' | 'v2beta1',
): HttpResponse {
  const { generation } = api.kinds
  let documents = made.get(api)
  if (!documents) made.set(api, (documents = new Map()))
  let document = documents.get(`${root} ${form}`)
  if (document?.generation !== generation) {
    const body = JSON.stringify(aggregatedDiscovery(api.kinds, root, form))
    document = { generation, body, tag: `"${hex(body)}"` }
    documents.set(`${root} ${form}`, document)
  }
  const { body, tag } = document
  const headers = {
    'content-type': `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`,
    'cache-control': 'public',
    vary: 'Accept',
    etag: tag,
  }
  const isKnown = request.headers['if-none-match']?.split(',').some((one) => one.trim() === tag)
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body }
}

/** SHA-256 as upper-case hexadecimal digits. */
export function hex(text: string): string {
  const digits = [...sha256(Uint8Array.from(utf8Bytes(text)))].map((byte) => byte.toString(16).padStart(2, '0'))
  return digits.join('').toUpperCase()
}

function rootPaths(api: ApiServer): string[] {
  const versions = servedGroupVersions(api.kinds).map((one) => (one === 'v1' ? '/api/v1' : `/apis/${one}`))
  const groups = apiGroups(api.kinds).map(({ name }) => `/apis/${name}`)
  const others = ['/api', '/apis', '/apis/', '/metrics', '/openapi/v2', '/openapi/v3', '/openapi/v3/', '/version']
  return [...new Set([...versions, ...groups, ...others, ...healthPaths()])].sort()
}
