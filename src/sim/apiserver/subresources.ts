import { resourceOf } from '../../kinds/kind.ts'
import { badRequest, noSuchResource } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { formatLabelSelector } from '../../machinery/selectors.ts'
import type { ResourcePath } from './http-path.ts'
import type { WriteOptions } from './request.ts'
import type { ApiServer } from './server.ts'

const scalable = new Set(['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'replicationcontrollers'])

/** GET of a subresource. */
export function readSubresource(at: ResourcePath, object: KubeObject): unknown {
  if (at.subresource === 'scale' && scalable.has(resourceOf(at.kind))) return scaleOf(object)
  throw noSuchResource()
}

/** POST to a subresource: binding, eviction. */
export function createSubresource(api: ApiServer, at: ResourcePath, body: any, options: WriteOptions): unknown {
  const key = `${at.namespace}/${at.name}`
  if (at.kind.plural === 'pods' && at.subresource === 'binding') {
    if (body.target?.kind && body.target.kind !== 'Node') throw badRequest('target.kind: Unsupported value')
    api.bind(key, body.metadata?.uid ?? '', body.target?.name ?? '', options)
    return success()
  }
  if (at.kind.plural === 'pods' && at.subresource === 'eviction') {
    const { gracePeriodSeconds, preconditions, dryRun } = body.deleteOptions ?? {}
    api.delete('pods', key, {
      ...options,
      gracePeriodSeconds,
      preconditions,
      dryRun: options.dryRun || dryRun?.includes('All'),
    })
    return success()
  }
  throw noSuchResource()
}

/** PUT or PATCH of `/scale`. */
export function writeScale(api: ApiServer, at: ResourcePath, body: any, options: WriteOptions): unknown {
  const resource = resourceOf(at.kind)
  if (!scalable.has(resource)) throw noSuchResource()
  const live = api.get(resource, `${at.namespace}/${at.name}`)
  const replicas = body.spec?.replicas ?? live.spec.replicas
  const resourceVersion = body.metadata?.resourceVersion ?? live.metadata.resourceVersion
  const next = { ...live, metadata: { ...live.metadata, resourceVersion }, spec: { ...live.spec, replicas } }
  return scaleOf(api.update(resource, next, options))
}

function scaleOf({ metadata, spec, status }: KubeObject): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const selector =
    spec.selector?.matchLabels || spec.selector?.matchExpressions ? spec.selector : { matchLabels: spec.selector }
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(selector) },
  }
}

function success(): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
}
