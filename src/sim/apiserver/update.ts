import { deepEqual } from '../../lib/deep-equal.ts'
import { deepCopy } from '../../lib/freeze.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { badRequest, conflict, invalidObject, notFound } from '../../machinery/errors.ts'
import { invalid, type FieldError } from '../../machinery/field-errors.ts'
import { validateObjectMetaUpdate } from '../../machinery/object-meta.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { trackUpdate } from '../../machinery/server-side-apply.ts'
import { authorize } from './authorization.ts'
import { createObject } from './create.ts'
import { removeWhenReleased } from './delete.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupKind, groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'
import {
  clientMetadata,
  createdByUpdate,
  keepsMetadataFromStatus,
  keptFromStatus,
  managersSent,
  needsVersion,
} from './update-rules.ts'

/**
 * The way of a changed object into the store. What does not change anything is not written.
 * `managedFields` are those that server-side apply worked out. Upstream: registry/rest/update.go, BeforeUpdate.
 */
export function updateObject(
  api: ApiServer,
  context: RequestContext,
  sent: KubeObject,
  managedFields?: Draft['metadata']['managedFields'],
): KubeObject {
  const { kind, resource, subresource } = context
  // A patch may have taken the metadata away.
  const body = sent.metadata ? sent : ({ ...sent, metadata: {} } as KubeObject)
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  const old = api.etcd.get(resource, key)
  if (!old) {
    if (subresource || context.verb !== 'update' || !createdByUpdate.has(resource))
      throw notFound(groupName(kind), context.name)
    // Who may update need not be one who may create.
    authorize(api, { ...context, verb: 'create' })
    return createObject(api, context, body)
  }
  checkPreconditions(context, body, old)
  const special = kind.subresourceUpdates?.[subresource]
  const whole = subresource === '' || subresource === 'scale'
  const sentManagers = managersSent(body, old)
  const draft = draftOf(context, body, old, api.timestamp())
  keepServerSetMetadata(draft, old)
  if (whole || special) kind.applyDefaults?.(draft)
  // What a kind keeps from being changed by hand is just what finalizing changes.
  if (subresource !== 'finalize' && !special) kind.prepareForUpdate?.(draft, old, api.timestamp())
  // Lists that came out empty are not there, as Go leaves them out.
  for (const list of ['finalizers', 'ownerReferences'] as const)
    if (draft.metadata[list]?.length === 0) delete draft.metadata[list]
  api.admission.admit(context, draft, old)
  const errors = validateUpdate(context, draft, old)
  if (resource === 'services' && whole && errors.length === 0) {
    errors.push(...api.allocators.allocate(draft, old, (bound) => api.random.below(bound)))
  }
  if (errors.length > 0) throw invalidObject(groupKind(kind), old.metadata.name, errors)
  shareUnchanged(draft, old)
  if (kind.hasGeneration && changesGeneration(context, draft, old))
    draft.metadata.generation = (old.metadata.generation ?? 0) + 1
  if (
    unchanged(draft, old) &&
    sentManagers === undefined &&
    (managedFields === undefined || deepEqual(withoutTimes(managedFields), withoutTimes(old.metadata.managedFields)))
  ) {
    return old
  }
  if (kind.warnings && whole) context.warnings.push(...kind.warnings(draft as KubeObject))
  api.admission.validate(context, draft, old)
  if (sentManagers) draft.metadata.managedFields = sentManagers
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
  if (draft.metadata.managedFields?.length === 0) delete draft.metadata.managedFields
  if (sentManagers && unchanged(draft, old) && deepEqual(draft.metadata.managedFields, old.metadata.managedFields))
    return old
  return removeWhenReleased(api, context, draft as KubeObject, old) ?? api.store(context, draft as KubeObject)
}

function checkPreconditions(context: RequestContext, body: KubeObject, old: KubeObject): void {
  const { kind, name, namespace } = context
  const { resourceVersion, uid } = body.metadata
  const resource = groupName(kind)
  const sent = body.metadata
  if (!sent.name)
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (sent.name !== name)
    throw badRequest(`the name of the object (${sent.name}) does not match the name on the URL (${name})`)
  if (kind.namespaced && sent.namespace && sent.namespace !== namespace)
    throw badRequest(
      `the namespace of the object (${sent.namespace}) does not match the namespace on the request (${namespace})`,
    )
  if (uid && uid !== old.metadata.uid && context.verb !== 'patch') {
    const path = `/registry/${kind.plural}/${namespace ? `${namespace}/` : ''}${name}`
    const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
    const detail = `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: ${problem}`
    throw conflict(resource, name, detail)
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(resource, name)
  if ((!resourceVersion || resourceVersion === '0') && needsVersion(kind, context.resource)) {
    const error = invalid('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalidObject(resource, name, [error])
  }
}

function validateUpdate(context: RequestContext, draft: Draft, old: KubeObject): FieldError[] {
  const { kind, subresource } = context
  // Twice, as upstream: once for every kind alike, once with the kind's own rules.
  const errors = validateObjectMetaUpdate(draft.metadata, old.metadata)
  const special = kind.subresourceUpdates?.[subresource]
  if (special) return [...errors, ...special.validate(draft, old)]
  if (subresource !== 'status') return [...errors, ...(kind.validateUpdate?.(draft, old) ?? [])]
  if (kind.validateStatusUpdate) errors.push(...kind.validateStatusUpdate(draft, old))
  if (!sameClientMetadata(draft, old)) errors.push(...(kind.validateUpdate?.(draft, old) ?? []))
  return errors
}

function sameClientMetadata({ metadata }: Draft, { metadata: before }: KubeObject): boolean {
  return clientMetadata.every((field) => metadata[field] === before[field] || deepEqual(metadata[field], before[field]))
}

function changesGeneration({ kind, subresource }: RequestContext, draft: Draft, old: KubeObject): boolean {
  if (subresource === 'status' || subresource === 'finalize') return false
  if (kind.changesGeneration) return kind.changesGeneration(draft, old)
  return draft.spec !== old.spec || (draft as any).webhooks !== (old as any).webhooks
}

function draftOf(context: RequestContext, body: KubeObject, old: KubeObject, now: string): Draft {
  if (context.subresource === 'status') return statusDraft(context, body, old)
  const special = context.kind.subresourceUpdates?.[context.subresource]
  if (special) return deepCopy(special.take(body, old, now)) as Draft
  const draft = deepCopy(body) as Draft
  draft.apiVersion = old.apiVersion
  draft.kind = old.kind
  if (context.kind.hasStatus && context.subresource !== 'all') {
    if (old.status === undefined) delete draft.status
    else draft.status = old.status
  }
  return draft
}

/** A write to the status takes the status, and of the metadata what the kind lets through. */
function statusDraft({ kind, resource }: RequestContext, body: KubeObject, old: KubeObject): Draft {
  if (keepsMetadataFromStatus(kind, resource))
    return { ...old, metadata: { ...old.metadata }, status: body.status } as Draft
  const draft = { ...old, metadata: { ...body.metadata }, status: body.status } as Draft
  for (const field of keptFromStatus[resource] ?? []) setOrDelete(draft.metadata, field, old.metadata[field])
  return draft
}

function keepServerSetMetadata(draft: Draft, old: KubeObject): void {
  const before = old.metadata
  const { metadata } = draft
  metadata.uid ??= before.uid
  metadata.creationTimestamp = before.creationTimestamp
  metadata.resourceVersion = before.resourceVersion
  if (before.namespace) metadata.namespace = before.namespace
  else delete metadata.namespace
  delete (metadata as any).selfLink
  setOrDelete(metadata, 'generation', before.generation)
  if (before.deletionTimestamp) metadata.deletionTimestamp = before.deletionTimestamp
  if (before.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds = before.deletionGracePeriodSeconds
  setOrDelete(metadata, 'managedFields', before.managedFields)
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
  for (const field of clientMetadata) {
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
