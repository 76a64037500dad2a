import { apiVersionOf, type Kind } from '../../kinds/kind.ts'
import { badRequest, conflict, notFound } from '../../machinery/errors.ts'
import { applyJsonPatch } from '../../machinery/json-patch.ts'
import { mergePatch } from '../../machinery/merge-patch.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { applyServerSide } from '../../machinery/server-side-apply.ts'
import { strategicMergePatch } from '../../machinery/strategic-merge.ts'
import { authorize } from './authorization.ts'
import { createObject } from './create.ts'
import { goMap, patchedText, readPatched } from './patched-object.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'
import { updateObject } from './update.ts'

export type Patch =
  | { readonly type: 'json'; readonly patch: unknown }
  | { readonly type: 'merge'; readonly patch: unknown }
  | { readonly type: 'strategic'; readonly patch: unknown }
  | { readonly type: 'apply'; readonly patch: KubeObject }

export interface PatchOptions {
  readonly force?: boolean
  /** The version the patch speaks, where that is not the one the object is stored in. */
  readonly as?: Kind
}

/** Changes an object by a patch of one of the four types; apply creates what is not there. */
export function patchObject(
  api: ApiServer,
  context: RequestContext,
  patch: Patch,
  { force = false, as = context.kind }: PatchOptions = {},
): KubeObject {
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  const stored = api.etcd.get(context.resource, key)
  const live = stored && as.view ? as.view.fromStored(stored) : stored
  if (patch.type === 'apply') return applyObject(api, context, patch.patch, live, force, as)
  if (!live) throw notFound(groupName(as), context.name)
  const patched = patchedObject(live, patch, as.schema)
  const shown = () => (patch.type === 'strategic' ? goMap(patch.patch) : patchedText(patched))
  const object = readPatched(as.schema, patched, shown, { ...context, strictErrors: context.patchErrors })
  return updateObject(api, context, as.view ? as.view.toStored(object) : object)
}

/** The object a patch makes of another; `schema` says how lists are merged. */
export function patchedObject(
  live: KubeObject,
  patch: Exclude<Patch, { type: 'apply' }>,
  schema: Kind['schema'],
): KubeObject {
  switch (patch.type) {
    case 'json':
      return applyJsonPatch(live, patch.patch) as KubeObject
    case 'merge':
      return mergePatch(live, patch.patch) as KubeObject
    case 'strategic':
      return strategicMergePatch(live, patch.patch, schema) as KubeObject
  }
}

function applyObject(
  api: ApiServer,
  context: RequestContext,
  applied: KubeObject,
  live: KubeObject | undefined,
  force: boolean,
  as: Kind,
): KubeObject {
  const stored = (object: KubeObject) => (as.view ? (as.view.toStored(object) as KubeObject) : object)
  if (applied.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil')
  checkType(as, applied)
  const { resourceVersion, uid } = applied.metadata ?? {}
  if (!live) {
    // Naming what it expects to find makes an apply an update, of what is not there.
    if (uid || resourceVersion) throw notFound(groupName(as), context.name)
  } else if (resourceVersion && resourceVersion !== live.metadata.resourceVersion)
    throw conflict(groupName(as), context.name)
  else if (uid && uid !== live.metadata.uid) {
    const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`
    throw conflict(groupName(as), context.name, detail)
  }
  const { object, managedFields, changed } = applyServerSide({
    live,
    applied,
    schema: as.schema,
    manager: context.fieldManager,
    force,
    apiVersion: apiVersionOf(as),
    subresource: context.subresource,
    time: api.timestamp(),
  })
  if (live && !changed) return api.get(context.resource, keyOf(live))
  // Where it is comes from the URL; the configuration need not repeat it.
  const { name, namespace } = context
  const placed = { ...object, metadata: { ...object.metadata, name, ...(namespace && { namespace }) } }
  const next = stored(placed as KubeObject)
  if (live) return updateObject(api, context, next, managedFields as Draft['metadata']['managedFields'])
  if (context.subresource) throw notFound(groupName(as), context.name)
  const creation: RequestContext = { ...context, verb: 'create' }
  // Who may patch need not be one who may create.
  authorize(api, creation)
  return createObject(
    api,
    creation,
    { ...next, metadata: { ...next.metadata, managedFields } },
    { managedFieldsKnown: true },
  )
}

/** A configuration says itself what it is; that has to be what its URL is about. */
function checkType(as: Kind, configuration: KubeObject): void {
  const { apiVersion, kind } = texts(configuration)
  const expected = apiVersionOf(as)
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const invalid = () => badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`)
  if (!apiVersion || !kind) throw invalid()
  if (apiVersion !== expected) {
    const text = `Specified patch version: ${apiVersion}, expected: ${expected}`
    throw badRequest(`Incorrect version specified in apply patch. ${text}`)
  }
  if (kind !== as.kind) throw invalid()
}

function texts({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }) {
  return { apiVersion: typeof apiVersion === 'string' ? apiVersion : '', kind: typeof kind === 'string' ? kind : '' }
}
