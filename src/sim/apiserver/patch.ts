import { apiVersionOf, type Kind } from '../../kinds/kind.ts'
import { badRequest, notFound } from '../../machinery/errors.ts'
import { applyJsonPatch } from '../../machinery/json-patch.ts'
import { mergePatch } from '../../machinery/merge-patch.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { applyServerSide } from '../../machinery/server-side-apply.ts'
import { strategicMergePatch } from '../../machinery/strategic-merge.ts'
import { createObject } from './create.ts'
import { goMap, readPatched } from './patched-object.ts'
import type { Draft, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'
import { updateObject } from './update.ts'

export type Patch =
  | { readonly type: 'json'; readonly patch: unknown }
  | { readonly type: 'merge'; readonly patch: unknown }
  | { readonly type: 'strategic'; readonly patch: unknown }
  | { readonly type: 'apply'; readonly patch: KubeObject }

/** Changes an object by a patch of one of the four types; apply creates what is not there. */
export function patchObject(api: ApiServer, context: RequestContext, patch: Patch, force: boolean): KubeObject {
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  const live = api.etcd.get(context.resource, key)
  if (patch.type === 'apply') return applyObject(api, context, patch.patch, live, force)
  if (!live) throw notFound(groupName(context.kind), context.name)
  const { schema } = context.kind
  const patched = patchedObject(live, patch, schema)
  const shown = () => (patch.type === 'strategic' ? goMap(patch.patch) : JSON.stringify(patched))
  return updateObject(
    api,
    context,
    readPatched(schema, patched, shown, { ...context, strictErrors: context.patchErrors }),
  )
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
): KubeObject {
  const { kind } = context
  if (applied.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil')
  if (applied.metadata?.resourceVersion && live && applied.metadata.resourceVersion !== live.metadata.resourceVersion) {
    return updateObject(api, context, {
      ...live,
      metadata: { ...live.metadata, resourceVersion: applied.metadata.resourceVersion },
    })
  }
  const { object, managedFields, changed } = applyServerSide({
    live,
    applied,
    schema: kind.schema,
    manager: context.fieldManager,
    force,
    apiVersion: apiVersionOf(kind),
    subresource: context.subresource,
    time: api.timestamp(),
  })
  if (live && !changed) return live
  if (live) return updateObject(api, context, object as KubeObject, managedFields as Draft['metadata']['managedFields'])
  return createObject(
    api,
    context,
    { ...object, metadata: { ...object.metadata, managedFields } },
    { managedFieldsKnown: true },
  )
}
