import type { KubeObject } from '../../../machinery/objects.ts'
import type { ResourcePath } from '../http-path.ts'
import type { Identity, WriteOptions } from '../request.ts'
import type { ApiServer } from '../server.ts'
import { objectAnswer } from './answers.ts'
import type { HttpExtras, HttpRequest, HttpResponse, Query } from './messages.ts'
import { negotiate } from './negotiation.ts'
import { presentationOf, presentObject, type Presentation } from './representations.ts'
import type { Route } from './route.ts'

/** One request for a resource, with what its URL was found to mean. */
export interface ResourceRequest {
  readonly api: ApiServer
  readonly request: HttpRequest
  readonly query: Query
  readonly route: Route
  readonly extras: HttpExtras
  readonly user: Identity
  /** Texts for Warning headers. */
  readonly warnings: string[]
}

/** Whose write it is. That the user may do it was asked before the request was read. */
export function baseOptions({ user, warnings }: ResourceRequest): WriteOptions {
  return { user, warnings, authorized: true }
}

/** How the answer was asked for; anything it cannot be is refused before something is done. */
export function presentationFor(
  { request, query, route }: ResourceRequest,
  isList = false,
  watch = false,
): Presentation {
  const routed = request.method === 'GET' && route.at.name === ''
  return presentationOf(negotiate(request, query, { list: routed || route.watch || isList, watch }), query)
}

/** Answers with one object, in the form that was asked for. */
export function answerObject(
  context: ResourceRequest,
  presentation: Presentation,
  code: number,
  object: unknown,
): HttpResponse {
  const { api, route, warnings } = context
  const shown = presentObject(object, route.at, presentation, api.clock.wall())
  return objectAnswer(code, shown, warnings, presentation.form)
}

/** The object as it is served: what is stored, or the view of it that the path is about. */
export function outside({ kind }: ResourcePath, object: KubeObject): KubeObject {
  return kind.view ? kind.view.fromStored(object) : object
}

/** The key of the object that a path names. */
export function keyOf({ namespace, name }: Pick<ResourcePath, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
