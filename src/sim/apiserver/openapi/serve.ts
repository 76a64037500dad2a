import { fnv1aHex } from '../../../lib/fnv1a.ts'
import { notAcceptable } from '../../../machinery/errors.ts'
import { documentName, openApiV2, openApiV3, OpenApiTexts } from './documents.ts'
import type { ApiServer } from '../server.ts'
import type { Describe } from './schemas.ts'
import { servedGroupVersions } from '../http/discovery.ts'
import type { HttpExtras, HttpRequest, HttpResponse, Query } from '../http/messages.ts'
import { acceptsType } from '../http/negotiation.ts'

/** Answers `/openapi/v3` with its documents, and `/openapi/v2`. Only JSON is spoken here. `describe` documents fields. */
export function openApiServer(describe: Describe = () => undefined): NonNullable<HttpExtras['openApi']> {
  const texts = new WeakMap<ApiServer, OpenApiTexts>()
  return (api, request, path, query) => {
    if (path !== '/openapi/v2' && path !== '/openapi/v3' && !path.startsWith('/openapi/v3/')) return undefined
    let made = texts.get(api)
    if (!made) texts.set(api, (made = new OpenApiTexts()))
    const document = documentAt(api, path.slice('/openapi/'.length), made, describe)
    return document && answer(document, request, path, query)
  }
}

interface DocumentText {
  readonly text: string
  readonly hash: string
}

function answer(document: DocumentText, request: HttpRequest, path: string, query: Query): HttpResponse {
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

function documentAt(api: ApiServer, name: string, made: OpenApiTexts, describe: Describe): DocumentText | undefined {
  const { generation } = api.kinds
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

/** 128 bits that change with the text. */
function hash(text: string): string {
  return [0, 1, 2, 3]
    .map((salt) => fnv1aHex(text, salt))
    .join('')
    .toUpperCase()
}
