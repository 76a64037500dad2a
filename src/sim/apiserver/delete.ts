import { rfc3339 } from '../../lib/time.ts'
import { conflict, forbiddenRequest, notFound } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { DeleteOptions, Draft, RequestContext } from './request.ts'
import { groupName } from './group-names.ts'
import type { ApiServer } from './server.ts'

const undeletable = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease'])

/** Deletes at once, or marks as being deleted where a grace period or finalizers keep the object for now. */
export function deleteObject(api: ApiServer, context: RequestContext, options: DeleteOptions): KubeObject {
  const { kind, resource } = context
  const key = context.namespace ? `${context.namespace}/${context.name}` : context.name
  const old = api.etcd.get(resource, key)
  if (!old) throw notFound(groupName(kind), context.name)
  const { uid, resourceVersion } = options.preconditions ?? {}
  if (uid && uid !== old.metadata.uid) {
    throw conflict(
      groupName(kind),
      context.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      groupName(kind),
      context.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
    )
  }
  if (resource === 'namespaces' && undeletable.has(context.name) && context.name !== 'kube-node-lease') {
    throw forbiddenRequest(groupName(kind), context.name, 'this namespace may not be deleted')
  }
  const finalizers = finalizersFor(old, options.propagationPolicy)
  const grace = gracePeriodFor(resource, old, options.gracePeriodSeconds)
  const stays = grace > 0 || finalizers.length > 0 || (resource === 'namespaces' && old.spec?.finalizers?.length > 0)
  if (!stays) return api.remove(context, old)
  const draft = { ...old, metadata: { ...old.metadata } } as Draft
  const { metadata } = draft
  if (finalizers.length > 0) metadata.finalizers = finalizers
  const shorter = metadata.deletionGracePeriodSeconds !== undefined && grace < metadata.deletionGracePeriodSeconds
  if (!metadata.deletionTimestamp || shorter) {
    // A second delete may only shorten what the first one granted.
    metadata.deletionTimestamp = rfc3339(api.clock.wall() + grace * 1000)
    metadata.deletionGracePeriodSeconds = grace
    if (kind.hasGeneration && metadata.generation !== undefined) metadata.generation++
    if (resource === 'namespaces') draft.status = { ...old.status, phase: 'Terminating' }
  } else if (finalizers.length === (old.metadata.finalizers?.length ?? 0)) {
    return old
  }
  return api.store(context, draft as KubeObject)
}

/**
 * Removes an object whose last reason to stay is gone: being deleted, no finalizer left, no grace period running.
 * Returns undefined when it stays.
 */
export function removeWhenReleased(
  api: ApiServer,
  context: RequestContext,
  object: KubeObject,
): KubeObject | undefined {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  if (!deletionTimestamp || (finalizers && finalizers.length > 0)) return undefined
  if (context.resource === 'namespaces') {
    if (object.spec?.finalizers?.length > 0) return undefined
  } else if (deletionGracePeriodSeconds && deletionGracePeriodSeconds > 0) {
    return undefined
  }
  return api.remove(context, object)
}

/** Seconds a pod gets to end in: none when no kubelet has it, or when it is over anyway. Other kinds get none. */
function gracePeriodFor(resource: string, object: KubeObject, asked: number | undefined): number {
  if (resource !== 'pods') return 0
  const phase = object.status?.phase
  if (!object.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0
  const period = asked ?? object.spec.terminationGracePeriodSeconds ?? 30
  // Upstream: a negative period means "at once, but gracefully".
  return period < 0 ? 1 : period
}

function finalizersFor(object: KubeObject, policy: DeleteOptions['propagationPolicy']): string[] {
  const rest = (object.metadata.finalizers ?? []).filter((one) => one !== 'orphan' && one !== 'foregroundDeletion')
  if (policy === 'Foreground') return [...rest, 'foregroundDeletion']
  if (policy === 'Orphan') return [...rest, 'orphan']
  return policy === 'Background' ? rest : [...(object.metadata.finalizers ?? [])]
}
