import { internalError, noSuchResource, StatusError } from '../../machinery/errors.ts'
import { authenticate } from './authentication.ts'
import { authorizeAttributes } from './authorization.ts'
import { objectAnswer, textAnswer } from './http/answers.ts'
import { checkSize } from './http/body.ts'
import { formatOf } from './http/negotiation.ts'
import { Query, type HttpExtras, type HttpRequest, type HttpResponse } from './http/messages.ts'
import { countRequest } from './http/metrics.ts'
import { nonResourceAnswer } from './http/non-resources.ts'
import { routeOf } from './http/route.ts'
import { serve } from './http/serve.ts'
import { checkTimeout } from './http/timeout.ts'
import { requestInfo } from './request-info.ts'
import type { ApiServer } from './server.ts'

export type { HttpExtras, HttpRequest, HttpResponse } from './http/messages.ts'

/** Answers one request. Never throws: whatever goes wrong becomes a Status. */
export function handleRequest(api: ApiServer, request: HttpRequest, extras: HttpExtras = {}): HttpResponse {
  const answered = answerOrFail(api, request, extras)
  countRequest(api, request, answered.status)
  return answered
}

function answerOrFail(api: ApiServer, request: HttpRequest, extras: HttpExtras): HttpResponse {
  const warnings: string[] = []
  try {
    return answer(api, request, extras, warnings)
  } catch (error) {
    if (!(error instanceof StatusError)) extras.failed?.(error)
    const { status } =
      error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error))
    const failed = objectAnswer(status.code, status, warnings, formatOf(request))
    const seconds = status.details?.retryAfterSeconds
    return seconds ? { ...failed, headers: { ...failed.headers, 'retry-after': String(seconds) } } : failed
  }
}

function answer(api: ApiServer, request: HttpRequest, extras: HttpExtras, warnings: string[]): HttpResponse {
  const mark = request.path.indexOf('?')
  const query = new Query(mark < 0 ? '' : request.path.slice(mark + 1))
  const path = decodedPath(mark < 0 ? request.path : request.path.slice(0, mark))
  if (path === undefined) return textAnswer(400, '400 Bad Request')
  checkTimeout(query)
  const user = authenticate(api, request.headers, request.identity)
  if (!user.groups.includes('system:masters'))
    authorizeAttributes(api, { user, ...requestInfo(request.method, path, query) })
  const route = routeOf(api.kinds, path)
  if (typeof route === 'object') {
    checkSize(request)
    return serve({ api, request, query, route, extras, user, warnings })
  }
  const other = nonResourceAnswer(api, request, path, query, extras)
  if (other) return other
  if (route === 'unknown') throw noSuchResource()
  return textAnswer(404, '404 page not found\n')
}

/** A connection that a client wants to keep open with a pod. */
export interface PodConnect {
  readonly namespace: string
  readonly pod: string
  readonly subresource: 'exec' | 'attach' | 'portforward'
  readonly query: Query
}

const connectPath = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward)$/

/**
 * Lets a client's request for such a connection through the gates that any request passes. Throws a StatusError; undefined
 * when the path is another one's.
 */
export function admitConnect(api: ApiServer, request: HttpRequest): PodConnect | undefined {
  const mark = request.path.indexOf('?')
  const path = decodedPath(mark < 0 ? request.path : request.path.slice(0, mark))
  const found = path === undefined ? null : connectPath.exec(path)
  if (!found) return undefined
  const query = new Query(mark < 0 ? '' : request.path.slice(mark + 1))
  const user = authenticate(api, request.headers, request.identity)
  if (!user.groups.includes('system:masters'))
    authorizeAttributes(api, { user, ...requestInfo(request.method, path!, query) })
  const [, namespace, pod, subresource] = found
  // Answers that there is none.
  api.get('pods', `${namespace}/${pod}`)
  return { namespace: namespace!, pod: pod!, subresource: subresource as PodConnect['subresource'], query }
}

function decodedPath(path: string): string | undefined {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
