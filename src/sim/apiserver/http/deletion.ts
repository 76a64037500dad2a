import { resourceOf, storageOf } from '../../../kinds/kind.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { objectAnswer } from './answers.ts'
import { readDeleteOptions } from './delete-options.ts'
import { listPage } from './list.ts'
import { readListOptions } from './list-options.ts'
import type { HttpResponse } from './messages.ts'
import { presentList } from './representations.ts'
import { answerObject, baseOptions, keyOf, outside, presentationFor, type ResourceRequest } from './resource-request.ts'

/** Kinds whose DELETE answers with the object, gone or not. Upstream: genericregistry.Store, ReturnDeletedObject. */
const returned = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
])

/** DELETE of one object. */
export function deleteOne(context: ResourceRequest): HttpResponse {
  const { api, request, query, route, extras } = context
  const { at } = route
  const presentation = presentationFor(context)
  const { orphanDependents, ...options } = readDeleteOptions(request, query, extras)
  const resource = storageOf(at.kind)
  const object = api.delete(resource, keyOf(at), { ...baseOptions(context), ...options })
  const gone = options.dryRun ? !isHeld(object) : api.etcd.get(resource, keyOf(at)) === undefined
  const code = !gone && orphanDependents === false ? 202 : 200
  if (!gone || returned.has(resourceOf(at.kind))) return answerObject(context, presentation, code, outside(at, object))
  const { uid } = object.metadata
  const details = { name: at.name, ...(at.kind.group && { group: at.kind.group }), kind: at.kind.plural, uid }
  return answerObject(context, presentation, code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details,
  })
}

/** Is an object that a delete answered still there, for its finalizers or its time of grace? */
function isHeld({ metadata, spec, kind }: KubeObject): boolean {
  if (!metadata.deletionTimestamp) return false
  const finalizers = kind === 'Namespace' ? spec?.finalizers : metadata.finalizers
  return (finalizers?.length ?? 0) > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0
}

/** DELETE of what a query's selectors choose; answers with the list of it. */
export function deleteCollection(context: ResourceRequest): HttpResponse {
  const { api, request, query, route, extras, warnings } = context
  const { at } = route
  const presentation = presentationFor(context)
  const list = readListOptions(query, at.kind, '', false)
  const { orphanDependents: _orphan, ...options } = readDeleteOptions(request, query, extras)
  const resource = storageOf(at.kind)
  const { objects, metadata } = listPage(api, at, { ...list, watch: false })
  const deleted = objects.map((object) =>
    outside(
      at,
      api.delete(resource, keyOf({ ...at, ...object.metadata } as never), { ...baseOptions(context), ...options }),
    ),
  )
  return objectAnswer(
    200,
    presentList(deleted, metadata, at, presentation, api.clock.wall()),
    warnings,
    presentation.form,
  )
}
