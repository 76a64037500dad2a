import { apiVersionOf, storageOf } from '../../kinds/kind.ts'
import type { Kind, ScaleAccess } from '../../kinds/kind.ts'
import { conflict, invalidObject, noSuchResource, plainError } from '../../machinery/errors.ts'
import { aggregate } from '../../machinery/errors.ts'
import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { evictPod } from './eviction.ts'
import { groupName } from './group-names.ts'
import type { ResourcePath } from './http-path.ts'
import { patchedObject, type Patch } from './patch.ts'
import type { WriteOptions } from './request.ts'
import type { ApiServer } from './server.ts'
import { createToken } from './tokens/token-request.ts'

/** The definition that a Scale's patches are read by. */
const scaleSchema = 'io.k8s.api.autoscaling.v1.Scale'

type At = Pick<ResourcePath, 'kind' | 'namespace' | 'name' | 'subresource'>

/** GET of a subresource that is not the object itself. */
export function readSubresource(at: At, object: KubeObject): unknown {
  if (at.subresource === 'scale') return scaleOf(scaleAccess(at.kind), object)
  throw noSuchResource()
}

/** Is GET, PUT and PATCH of this subresource about the whole object? */
export function isWholeObject(kind: Kind, subresource: string): boolean {
  return subresource === 'status' || subresource === 'finalize' || kind.subresourceUpdates?.[subresource] !== undefined
}

/** POST to a subresource of an object: binding, eviction, token. */
export function createSubresource(api: ApiServer, at: At, body: any, options: WriteOptions): unknown {
  const key = `${at.namespace}/${at.name}`
  if (at.kind.plural === 'pods' && at.subresource === 'binding') {
    const { target = {}, metadata } = body
    const errors: FieldError[] = []
    if (target.kind && target.kind !== 'Node')
      errors.push(notSupported('target.kind', target.kind, ['Node', '<empty>']))
    if (!target.name) errors.push(required('target.name'))
    // Upstream hands the list of errors on as one that has no status of its own.
    if (errors.length > 0) throw plainError(aggregate(errors.map(({ field, message }) => `${field}: ${message}`)))
    api.bind(key, metadata?.uid ?? '', target.name, options)
    return created()
  }
  if (at.kind.plural === 'pods' && at.subresource === 'eviction') {
    evictPod(api, key, body, options)
    return created()
  }
  if (at.kind.plural === 'serviceaccounts' && at.subresource === 'token')
    return createToken(api, at.namespace ?? '', at.name, body)
  throw noSuchResource()
}

/** PUT of `/scale`. */
export function writeScale(api: ApiServer, at: At, body: any, options: WriteOptions): unknown {
  const access = scaleAccess(at.kind)
  const resource = storageOf(at.kind)
  const live = api.get(resource, at.namespace ? `${at.namespace}/${at.name}` : at.name)
  const replicas: number = body.spec?.replicas ?? 0
  if (replicas < 0) {
    const error = invalid('spec.replicas', replicas, 'must be greater than or equal to 0')
    throw invalidObject({ group: 'autoscaling', name: 'Scale' }, at.name, [error])
  }
  const { uid, resourceVersion } = body.metadata ?? {}
  if (uid && uid !== live.metadata.uid) {
    const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`
    throw conflict(groupName(at.kind), at.name, detail)
  }
  const sized = access.withReplicas(live, replicas)
  const version = resourceVersion || live.metadata.resourceVersion
  const next = { ...sized, metadata: { ...sized.metadata, resourceVersion: version } }
  return scaleOf(access, api.update(resource, next, { ...options, subresource: 'scale' }))
}

/** PATCH of `/scale`. */
export function patchScale(
  api: ApiServer,
  at: At,
  patch: Patch,
  options: WriteOptions & { readonly force?: boolean },
): unknown {
  const access = scaleAccess(at.kind)
  const resource = storageOf(at.kind)
  const key = at.namespace ? `${at.namespace}/${at.name}` : at.name
  const live = api.get(resource, key)
  if (patch.type !== 'apply') {
    const scale = patchedObject(scaleOf(access, live), patch, scaleSchema)
    return writeScale(api, at, scale, options)
  }
  // What is applied to a scale is applied to the object's own size.
  const { name, namespace } = live.metadata
  const bare = {
    apiVersion: apiVersionOf(at.kind),
    kind: at.kind.kind,
    metadata: { name, ...(namespace && { namespace }) },
  }
  const applied = access.withReplicas(bare as KubeObject, patch.patch.spec?.replicas ?? 0)
  return scaleOf(
    access,
    api.patch(resource, key, { type: 'apply', patch: applied }, { ...options, subresource: 'scale' }),
  )
}

function scaleAccess(kind: Kind): ScaleAccess {
  if (!kind.scale) throw noSuchResource()
  return kind.scale
}

function scaleOf(access: ScaleAccess, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const { replicas, statusReplicas, selector } = access.read(object)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: statusReplicas, ...(selector && { selector }) },
  } as unknown as KubeObject
}

function created(): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
}
