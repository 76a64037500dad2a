import { parseTime, rfc3339 } from '../../lib/time.ts'
import { conflict, forbiddenRequest, notFound } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { DeleteOptions, Draft, RequestContext } from './request.ts'
import { groupKind, groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

const undeletable = new Set(['default', 'kube-system', 'kube-public'])
/** What their first versions did stayed their default. Upstream: DefaultGarbageCollectionPolicy. */
const orphanByDefault = new Set(['jobs.batch', 'replicationcontrollers'])
const orphan = 'orphan'
const foreground = 'foregroundDeletion'

type Policy = DeleteOptions['propagationPolicy']

/**
 * Deletes at once, or marks as being deleted where a grace period or finalizers keep the object for now.
 * Upstream: registry/generic/registry/store.go, Delete; registry/rest/delete.go, BeforeDelete.
 */
export function deleteObject(api: ApiServer, context: RequestContext, options: DeleteOptions): KubeObject {
  const { kind, resource } = context
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  let old = api.etcd.get(resource, key)
  if (!old) throw notFound(groupName(kind), context.name)
  if (resource === 'namespaces' && undeletable.has(context.name))
    throw forbiddenRequest(groupName(kind), context.name, 'this namespace may not be deleted')
  checkPreconditions(context, options, old)
  api.admission.validateDelete(context, old)
  if (resource === 'jobs.batch' && options.propagationPolicy === undefined)
    context.warnings.push(
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    )
  if (old.metadata.deletionTimestamp) return deleteAgain(api, context, options, old)

  if (kind.prepareForDelete) old = kind.prepareForDelete(old, api.timestamp())
  const finalizers = finalizersFor(resource, old, options.propagationPolicy)
  const grace = gracePeriodFor(resource, old, options.gracePeriodSeconds)
  const draft = { ...old, metadata: { ...old.metadata } } as Draft
  if (finalizers.length > 0) draft.metadata.finalizers = finalizers
  else delete draft.metadata.finalizers
  const waits = (grace ?? 0) > 0 || finalizers.length > 0
  if (resource === 'namespaces' && (waits || old.spec?.finalizers?.length > 0)) {
    draft.metadata.deletionTimestamp = api.timestamp()
    draft.status = { ...old.status, phase: 'Terminating' }
    return api.store(context, draft as KubeObject)
  }
  if (waits || grace !== undefined) {
    // What is about to go changes its behaviour: that counts as a generation.
    if (draft.metadata.generation !== undefined) draft.metadata.generation++
    draft.metadata.deletionTimestamp = rfc3339(api.clock.wall() + (grace ?? 0) * 1000)
    draft.metadata.deletionGracePeriodSeconds = grace ?? 0
  }
  return waits ? api.store(context, draft as KubeObject) : api.remove(context, draft as KubeObject)
}

/** One that is being deleted can only be given less time. */
function deleteAgain(api: ApiServer, context: RequestContext, options: DeleteOptions, old: KubeObject): KubeObject {
  const { metadata } = old
  const asked = options.gracePeriodSeconds
  const granted = metadata.deletionGracePeriodSeconds
  if (context.resource === 'namespaces' || asked === undefined || granted === undefined || asked >= granted) {
    return removeWhenReleased(api, context, old) ?? old
  }
  const grace = Math.max(0, asked)
  const since = parseTime(metadata.deletionTimestamp) - granted * 1000
  const draft = {
    ...old,
    metadata: {
      ...metadata,
      deletionTimestamp: rfc3339(since + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  } as KubeObject
  return removeWhenReleased(api, context, draft) ?? api.store(context, draft)
}

function checkPreconditions(context: RequestContext, options: DeleteOptions, old: KubeObject): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  if (uid !== undefined && uid !== old.metadata.uid) {
    const detail = `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`
    throw conflict(groupKind(context.kind), context.name, detail)
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    const detail = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`
    throw conflict(groupKind(context.kind), context.name, detail)
  }
}

/**
 * Removes an object whose last reason to stay is gone: being deleted, no finalizer left, no grace period running.
 * Returns undefined when it stays. What watchers see going is `stored`, as it was before the update that released it.
 */
export function removeWhenReleased(
  api: ApiServer,
  context: RequestContext,
  object: KubeObject,
  stored?: KubeObject,
): KubeObject | undefined {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  if (!deletionTimestamp || (finalizers && finalizers.length > 0)) return undefined
  if (context.resource === 'namespaces') {
    if (object.spec?.finalizers?.length > 0) return undefined
  } else if (deletionGracePeriodSeconds && deletionGracePeriodSeconds > 0) {
    return undefined
  }
  if (!stored) return api.remove(context, object)
  api.remove(context, stored)
  return object
}

/** Seconds a pod gets to end in: none when no kubelet has it, or when it is over anyway. Other kinds know no grace. */
function gracePeriodFor(resource: string, object: KubeObject, asked: number | undefined): number | undefined {
  if (resource !== 'pods') return undefined
  const phase = object.status?.phase
  if (!object.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0
  const period = asked ?? object.spec.terminationGracePeriodSeconds ?? 30
  // Upstream: a negative period means "at once, but gracefully".
  return period < 0 ? 1 : period
}

/** The request's policy decides; without one the finalizers that are there, then the kind's own default. */
function finalizersFor(resource: string, object: KubeObject, policy: Policy): string[] {
  const present = object.metadata.finalizers ?? []
  const rest = present.filter((one) => one !== orphan && one !== foreground)
  const wanted: Policy =
    policy ??
    (present.includes(orphan)
      ? 'Orphan'
      : present.includes(foreground)
        ? 'Foreground'
        : orphanByDefault.has(resource)
          ? 'Orphan'
          : 'Background')
  if (wanted === 'Orphan') return [...rest, orphan]
  if (wanted === 'Foreground') return [...rest, foreground]
  return rest
}
