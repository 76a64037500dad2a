import { deepEqual } from '../../lib/deep-equal.ts'
import { deepCopy } from '../../lib/freeze.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { badRequest, conflict, invalidObject, notFound, StatusError } from '../../machinery/errors.ts'
import { invalid } from '../../machinery/field-errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { trackUpdate } from '../../machinery/server-side-apply.ts'
import { removeWhenReleased } from './delete.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupKind, groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

/** Kinds that may not be overwritten without naming the version that was read. */
const conditionalOnly = new Set(['leases.coordination.k8s.io'])

/** The way of a changed object into the store. What does not change anything is not written. */
export function updateObject(
  api: ApiServer,
  context: RequestContext,
  body: KubeObject,
  managedFields?: Draft['metadata']['managedFields'],
): KubeObject {
  const { kind, resource, subresource } = context
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  const old = api.etcd.get(resource, key)
  if (!old) throw notFound(groupName(kind), context.name)
  checkPreconditions(context, body, old)
  const draft = subresource === 'status' ? statusDraft(body, old) : specDraft(context, body, old)
  keepServerSetMetadata(draft, old)
  if (!subresource) kind.applyDefaults?.(draft)
  // What a kind keeps from being changed by hand is just what finalizing changes.
  if (subresource !== 'finalize') kind.prepareForUpdate?.(draft, old, api.timestamp())
  if (draft.metadata.finalizers?.length === 0) delete draft.metadata.finalizers
  api.admission.admit(context, draft, old)
  const errors =
    (subresource === 'status' ? kind.validateStatusUpdate?.(draft, old) : kind.validateUpdate?.(draft, old)) ?? []
  if (resource === 'services' && !subresource && errors.length === 0) {
    errors.push(...api.allocators.allocate(draft, old, (bound) => api.random.below(bound), context.dryRun))
  }
  if (errors.length > 0) throw invalidObject(groupKind(kind), old.metadata.name, errors)
  shareUnchanged(draft, old)
  if (kind.hasGeneration && !subresource && draft.spec !== old.spec)
    draft.metadata.generation = (old.metadata.generation ?? 0) + 1
  if (
    unchanged(draft, old) &&
    (managedFields === undefined || deepEqual(withoutTimes(managedFields), withoutTimes(old.metadata.managedFields)))
  ) {
    return old
  }
  if (kind.warnings && !subresource) context.warnings.push(...kind.warnings(draft as KubeObject))
  api.admission.validate(context, draft, old)
  draft.metadata.managedFields =
    managedFields ??
    (trackUpdate({
      old,
      new: draft,
      schema: kind.schema,
      manager: context.fieldManager,
      operation: 'Update',
      apiVersion: apiVersionOf(kind),
      subresource,
      time: api.timestamp(),
    }) as Draft['metadata']['managedFields'])
  return removeWhenReleased(api, context, draft as KubeObject) ?? api.store(context, draft as KubeObject)
}

function checkPreconditions(context: RequestContext, body: KubeObject, old: KubeObject): void {
  const { resourceVersion, uid } = body.metadata
  const resource = groupName(context.kind)
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, context.name)
  if (!resourceVersion && conditionalOnly.has(context.resource)) {
    const error = invalid('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalidObject(groupKind(context.kind), context.name, [error])
  }
  if (uid && uid !== old.metadata.uid) {
    throw conflict(
      resource,
      context.name,
      `StorageError: invalid object, Code: 4, Key: /registry/${context.kind.plural}/${context.namespace ? `${context.namespace}/` : ''}${context.name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
  if (body.metadata.name !== context.name) {
    throw badRequest(
      `the name of the object (${body.metadata.name}) does not match the name on the URL (${context.name})`,
    )
  }
}

/** A write to the status takes the status, and of the metadata nothing that clients own but labels and annotations. */
function statusDraft(body: KubeObject, old: KubeObject): Draft {
  return { ...old, metadata: { ...old.metadata }, status: body.status } as Draft
}

function specDraft(context: RequestContext, body: KubeObject, old: KubeObject): Draft {
  const draft = deepCopy(body) as Draft
  draft.apiVersion = old.apiVersion
  draft.kind = old.kind
  if (context.kind.hasStatus && context.subresource !== 'all') {
    if (old.status === undefined) delete draft.status
    else draft.status = old.status
  }
  return draft
}

function keepServerSetMetadata(draft: Draft, old: KubeObject): void {
  const before = old.metadata
  const { metadata } = draft
  metadata.uid = before.uid
  metadata.creationTimestamp = before.creationTimestamp
  metadata.resourceVersion = before.resourceVersion
  if (before.namespace) metadata.namespace = before.namespace
  setOrDelete(metadata, 'generation', before.generation)
  setOrDelete(metadata, 'deletionTimestamp', before.deletionTimestamp)
  setOrDelete(metadata, 'deletionGracePeriodSeconds', before.deletionGracePeriodSeconds)
  setOrDelete(metadata, 'managedFields', before.managedFields)
  if (before.deletionTimestamp && metadata.finalizers) {
    const had = new Set(before.finalizers)
    const added = metadata.finalizers.filter((one) => !had.has(one))
    if (added.length > 0) {
      throw new StatusError(
        422,
        'Invalid',
        `metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`,
      )
    }
  }
}

function setOrDelete(target: any, field: string, value: unknown): void {
  if (value === undefined) delete target[field]
  else target[field] = value
}

/** Parts that are equal become the same reference: comparing later is then free, and memory is shared. */
function shareUnchanged(draft: Draft, old: KubeObject): void {
  const target = draft as any
  for (const field in target) {
    if (field === 'metadata') continue
    const before = (old as any)[field]
    if (target[field] !== before && deepEqual(target[field], before)) target[field] = before
  }
  for (const field of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const) {
    const before = old.metadata[field]
    const now: unknown = draft.metadata[field]
    if (now !== before && deepEqual(now, before)) (draft.metadata as any)[field] = before
  }
}

function unchanged(draft: Draft, old: KubeObject): boolean {
  const now = draft as any
  const before = old as any
  for (const field in now) if (field !== 'metadata' && now[field] !== before[field]) return false
  for (const field in before) if (field !== 'metadata' && !(field in now)) return false
  const { managedFields: _now, ...metadata } = now.metadata
  const { managedFields: _before, ...metadataBefore } = before.metadata
  return deepEqual(metadata, metadataBefore)
}

function withoutTimes(entries: readonly { readonly time?: string }[] | undefined): unknown {
  return entries?.map(({ time: _time, ...entry }) => entry)
}
