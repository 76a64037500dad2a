import { forbiddenRequest } from '../../machinery/errors.ts'
import type { RequestContext } from './request.ts'
import type { Attributes } from './rbac/attributes.ts'
import { decide } from './rbac/authorizer.ts'
import type { ApiServer } from './server.ts'

/** Lets a request that came through the API server's own methods pass, or throws 403. */
export function authorize(api: ApiServer, context: RequestContext): void {
  const { user, verb, kind, subresource, name } = context
  if (user.groups.includes('system:masters')) return
  // A namespace is within itself: who may read all in it may read it.
  const namespace = context.namespace ?? (kind.plural === 'namespaces' && kind.group === '' ? name : '')
  const resource = { group: kind.group, resource: kind.plural, subresource, namespace, name }
  authorizeAttributes(api, { user, verb, resource })
}

/** Lets a request pass, or throws 403 with the words of Kubernetes. */
export function authorizeAttributes(api: ApiServer, attributes: Attributes): void {
  const { allowed, reason } = decide(api.etcd, attributes)
  if (allowed) return
  const { resource } = attributes
  const text = forbiddenText(attributes)
  const detail = reason ? `${text}: ${reason}` : text
  throw forbiddenRequest({ group: resource?.group ?? '', name: resource?.resource ?? '' }, resource?.name ?? '', detail)
}

/** Upstream: apiserver/pkg/endpoints/handlers/responsewriters, forbiddenMessage. */
function forbiddenText({ user, verb, resource, path = '' }: Attributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  if (!resource) return `${who} path ${JSON.stringify(path)}`
  const named = resource.subresource ? `${resource.resource}/${resource.subresource}` : resource.resource
  const where = resource.namespace ? `in the namespace ${JSON.stringify(resource.namespace)}` : 'at the cluster scope'
  return `${who} resource ${JSON.stringify(named)} in API group ${JSON.stringify(resource.group)} ${where}`
}
