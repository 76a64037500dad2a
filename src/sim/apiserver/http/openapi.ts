import { fnv1aHex } from '../../../lib/fnv1a.ts'
import { notAcceptable } from '../../../machinery/errors.ts'
import { documentName, openApiV2, openApiV3, OpenApiTexts } from '../openapi/documents.ts'
import type { ApiServer } from '../server.ts'
import { servedGroupVersions } from './discovery.ts'
import type { HttpExtras, HttpRequest, HttpResponse, Query } from './messages.ts'
import { acceptsType } from './negotiation.ts'

const texts = new WeakMap<ApiServer, WeakMap<object, OpenApiTexts>>()

/** `/openapi/v3` and its documents, and `/openapi/v2`; undefined for any other path. Only JSON is spoken here. */
export function openApiAnswer(
  api: ApiServer,
  request: HttpRequest,
  path: string,
  query: Query,
  extras: HttpExtras,
): HttpResponse | undefined {
  if (path !== '/openapi/v2' && path !== '/openapi/v3' && !path.startsWith('/openapi/v3/')) return undefined
  const document = documentAt(api, path.slice('/openapi/'.length), extras)
  if (!document) return undefined
  if (!acceptsType(request.headers.accept, 'application/json')) throw notAcceptable(['application/json'])
  const tag = `"${document.hash}"`
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    etag: tag,
    vary: 'Accept',
  }
  const asked = query.get('hash')
  if (asked !== '' && asked !== document.hash)
    return { status: 301, headers: { location: `${path}?hash=${document.hash}` }, body: '' }
  if (asked !== '') {
    // Under its hash, a document never changes.
    headers['cache-control'] = 'public, immutable'
    headers.expires = 'Fri, 01 Jan 2100 00:00:00 GMT'
  }
  const isKnown = request.headers['if-none-match']?.split(',').some((one) => one.trim() === tag)
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: document.text }
}

function documentAt(api: ApiServer, name: string, extras: HttpExtras) {
  const { generation } = api.kinds
  const made = textsOf(api, extras)
  const describe = extras.describe ?? (() => undefined)
  const document = (groupVersion: string) =>
    made.get(documentName(groupVersion), generation, hash, () => openApiV3(api, groupVersion, describe))
  if (name === 'v2') return made.get('v2', generation, hash, () => openApiV2(api, describe))
  if (name !== 'v3') {
    const groupVersion = /^v3\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))$/.exec(name)
    return groupVersion ? document(groupVersion[1] ?? groupVersion[2]!) : undefined
  }
  return made.get('v3', generation, hash, () => {
    const paths: Record<string, unknown> = {}
    for (const groupVersion of servedGroupVersions(api.kinds)) {
      const serverRelativeURL = `/openapi/v3/${documentName(groupVersion)}?hash=${document(groupVersion)!.hash}`
      paths[documentName(groupVersion)] = { serverRelativeURL }
    }
    return { paths }
  })
}

function textsOf(api: ApiServer, extras: HttpExtras): OpenApiTexts {
  let byExtras = texts.get(api)
  if (!byExtras) texts.set(api, (byExtras = new WeakMap()))
  const key = extras.describe ?? texts
  let found = byExtras.get(key)
  if (!found) byExtras.set(key, (found = new OpenApiTexts()))
  return found
}

/** 128 bits that change with the text. */
function hash(text: string): string {
  return [0, 1, 2, 3]
    .map((salt) => fnv1aHex(text, salt))
    .join('')
    .toUpperCase()
}
