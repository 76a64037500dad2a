import { badRequest } from '../../../machinery/errors.ts'
import type { ResourcePath } from '../http-path.ts'

/**
 * Fills in the namespace of the URL, and refuses a body that is about another object than the URL.
 * Upstream: rest.EnsureObjectNamespaceMatchesRequestNamespace and handlers.checkName.
 */
export function checkUrl(body: any, { kind, namespace, name }: ResourcePath, verb: 'create' | 'update'): void {
  const metadata = body?.metadata
  if (typeof metadata !== 'object' || metadata === null) return
  if (namespace !== undefined) {
    if (!metadata.namespace) metadata.namespace = namespace
    else if (metadata.namespace !== namespace)
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  } else if (!kind.namespaced && metadata.namespace) delete metadata.namespace
  if (verb === 'create') return
  if (!metadata.name)
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (metadata.name === name) return
  throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
}
