import { discoveryDocument } from '../discovery.ts'
import type { ApiServer } from '../server.ts'
import { objectAnswer, textAnswer } from './answers.ts'
import type { HttpExtras, HttpRequest, HttpResponse, Query } from './messages.ts'

/** What is served beside the resources: discovery, versions, health. Undefined for any other path. */
export function nonResourceAnswer(
  api: ApiServer,
  request: HttpRequest,
  path: string,
  _query: Query,
  _extras: HttpExtras,
): HttpResponse | undefined {
  const document = request.method === 'GET' ? discoveryDocument(api, path) : undefined
  if (document === undefined) return undefined
  return typeof document === 'string' ? textAnswer(200, document) : objectAnswer(200, document, [])
}
