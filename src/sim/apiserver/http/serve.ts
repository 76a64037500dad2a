import { endpointOf } from '../../../kinds/endpoints.ts'
import { resourceOf, storageOf } from '../../../kinds/kind.ts'
import { methodNotAllowed, plainError, StatusError } from '../../../machinery/errors.ts'
import type { ResourcePath } from '../http-path.ts'
import { createReview, isReview } from '../reviews/create-review.ts'
import { createSubresource, isWholeObject, patchScale, readSubresource, writeScale } from '../subresources.ts'
import { objectAnswer } from './answers.ts'
import { checkUrl } from './check-url.ts'
import { componentStatus, componentStatuses, isComponentStatus } from './component-statuses.ts'
import { decodeObject } from './decode.ts'
import { deleteCollection, deleteOne } from './deletion.ts'
import { listPage, tooLargeVersion, versionProblem } from './list.ts'
import { readListOptions } from './list-options.ts'
import type { HttpResponse } from './messages.ts'
import { writeOptions } from './options.ts'
import { patchType, readPatch } from './patches.ts'
import { podLog } from './pod-log.ts'
import { checkPresentable, presentList } from './representations.ts'
import { resourceMetricsAnswer } from './resource-metrics.ts'
import { answerObject, baseOptions, keyOf, outside, presentationFor, type ResourceRequest } from './resource-request.ts'
import { verbOf } from './route.ts'
import { openStream } from './watch-stream.ts'

const deprecated: Readonly<Record<string, string | undefined>> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
}

/** Answers a request for a resource, by the verb that its method means there. */
export function serve(context: ResourceRequest): HttpResponse {
  const { api, request, route, warnings } = context
  const { kind } = route.at
  const verb = route.watch && request.method === 'GET' ? 'list' : verbOf(request.method, route.at)
  if (!verb || !route.verbs.includes(verb)) throw notServed(route.at, verb)
  const warning = kind.deprecation ?? (kind.group === '' ? deprecated[kind.plural] : undefined)
  if (warning) warnings.push(warning)
  if (kind.group === 'metrics.k8s.io' && api.metrics && (verb === 'get' || verb === 'list'))
    return resourceMetricsAnswer(context)
  switch (verb) {
    case 'list':
      return list(context)
    case 'get':
      return get(context)
    case 'create':
      return create(context)
    case 'update':
      return update(context)
    case 'patch':
      return patch(context)
    case 'delete':
      return deleteOne(context)
    default:
      return deleteCollection(context)
  }
}

/** Custom resources are routed by hand, and say it in other words. */
function notServed({ kind }: ResourcePath, verb: string | undefined): StatusError {
  return kind.custom && verb ? notSupported({ kind }, verb) : methodNotAllowed()
}

function notSupported({ kind }: Pick<ResourcePath, 'kind'>, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind ${JSON.stringify(resourceOf(kind))}`
  return new StatusError(405, 'MethodNotAllowed', message, { group: kind.group, kind: kind.plural })
}

function list(context: ResourceRequest): HttpResponse {
  const { api, route, warnings } = context
  const { at, watch } = route
  const options = readListOptionsOf(context)
  const presentation = presentationFor(context, true, options.watch)
  const target = watch ? { ...at, name: '' } : at
  api.context(options.watch ? 'watch' : 'list', storageOf(at.kind), at.namespace, '', baseOptions(context))
  if (!options.watch) checkPresentable(presentation, at, true)
  if (options.watch && !endpointOf(at.kind)?.verbs.includes('watch')) throw notSupported(at, 'watch')
  if (options.watch) {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' }
    const { headers: warned } = objectAnswer(200, {}, warnings)
    return {
      status: 200,
      headers: { ...warned, ...headers },
      body: '',
      stream: openStream(api, target, options, presentation),
    }
  }
  const { objects, metadata } = isComponentStatus(at.kind) ? componentStatuses(options) : listPage(api, at, options)
  return objectAnswer(
    200,
    presentList(objects, metadata, at, presentation, api.clock.wall()),
    warnings,
    presentation.form,
  )
}

function readListOptionsOf({ query, route }: ResourceRequest) {
  return readListOptions(query, route.at.kind, route.watch ? route.at.name : '', route.watch)
}

function get(context: ResourceRequest): HttpResponse {
  const { api, query, route } = context
  const { at } = route
  if (at.subresource === 'log' && at.kind.plural === 'pods') return podLog(context)
  const presentation = presentationFor(context)
  const { kind, namespace, name, subresource } = at
  const resource = storageOf(kind)
  api.context('get', resource, namespace, name, { ...baseOptions(context), subresource })
  const version = query.get('resourceVersion')
  const problem = versionProblem(version)
  if (problem) throw plainError(problem)
  if (Number(version || '0') > api.etcd.revision) throw tooLargeVersion(Number(version), api.etcd.revision)
  checkPresentable(presentation, at, false)
  const object = isComponentStatus(kind) ? componentStatus(name) : api.get(resource, keyOf(at))
  if (subresource && !isWholeObject(kind, subresource))
    return answerObject(context, presentation, 200, readSubresource(at, object))
  return answerObject(context, presentation, 200, outside(at, object))
}

function create(context: ResourceRequest): HttpResponse {
  const { api, request, query, route, extras } = context
  const { at } = route
  const presentation = presentationFor(context)
  checkPresentable(presentation, at, false)
  const { force: _force, ...options } = { ...baseOptions(context), ...writeOptions('CreateOptions', query, request) }
  const body = decodeObject(request, extras, api.kinds, at, options.fieldValidation ?? 'Warn', context.warnings)
  checkUrl(body, at, 'create')
  if (at.name !== '') return answerObject(context, presentation, 201, createSubresource(api, at, body, options))
  const { kind, namespace } = at
  if (isReview(kind)) {
    const question = { api, user: context.user, namespace: namespace ?? '', body }
    return answerObject(context, presentation, 201, createReview(kind, question))
  }
  if (kind.group === '' && kind.plural === 'bindings') {
    // The older way to bind: the pod is the one that the binding is named after.
    const pod = { kind: api.kind('pods'), namespace, name: body.metadata.name ?? '', subresource: 'binding' }
    return answerObject(context, presentation, 201, createSubresource(api, pod, body, options))
  }
  const toStore = kind.view ? kind.view.toStored(body) : body
  const object = api.create(storageOf(kind), toStore, { ...options, namespace, as: kind })
  return answerObject(context, presentation, 201, outside(at, object))
}

function update(context: ResourceRequest): HttpResponse {
  const { api, request, query, route, extras } = context
  const { at } = route
  const { kind, subresource } = at
  const presentation = presentationFor(context)
  checkPresentable(presentation, at, false)
  if (subresource && subresource !== 'scale' && !isWholeObject(kind, subresource)) throw methodNotAllowed()
  const { force: _force, ...options } = { ...baseOptions(context), ...writeOptions('UpdateOptions', query, request) }
  const body = decodeObject(request, extras, api.kinds, at, options.fieldValidation ?? 'Warn', context.warnings)
  checkUrl(body, at, 'update')
  if (subresource === 'scale') return answerObject(context, presentation, 200, writeScale(api, at, body, options))
  const resource = storageOf(kind)
  const existed = api.etcd.get(resource, keyOf(at)) !== undefined
  const object = api.update(resource, kind.view ? kind.view.toStored(body) : body, {
    ...options,
    subresource,
    as: kind,
  })
  return answerObject(context, presentation, existed ? 200 : 201, outside(at, object))
}

function patch(context: ResourceRequest): HttpResponse {
  const { api, request, query, route, warnings } = context
  const { at } = route
  if (at.subresource && at.subresource !== 'scale' && !isWholeObject(at.kind, at.subresource)) throw methodNotAllowed()
  const type = patchType(request, at)
  const presentation = presentationFor(context)
  checkPresentable(presentation, at, false)
  const options = { ...baseOptions(context), ...writeOptions('PatchOptions', query, request, type) }
  const { patch: value, strictErrors } = readPatch(api, at, type, request, options.fieldValidation ?? 'Warn')
  if (at.subresource === 'scale')
    return answerObject(context, presentation, 200, patchScale(api, at, { type, patch: value }, options))
  if (type === 'apply') warnings.push(...(options.fieldValidation === 'Ignore' ? [] : strictErrors))
  const resource = storageOf(at.kind)
  const existed = api.etcd.get(resource, keyOf(at)) !== undefined
  const object = api.patch(
    resource,
    keyOf(at),
    { type, patch: value },
    { ...options, as: at.kind, subresource: at.subresource, patchErrors: type === 'apply' ? [] : strictErrors },
  )
  return answerObject(context, presentation, existed ? 200 : 201, outside(at, object))
}
