import { apiVersionOf, storageOf, type Kind } from '../../kinds/kind.ts'
import { badRequest } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { matchesRequirements, parseFieldSelector, parseLabelSelector } from '../../machinery/selectors.ts'
import type { ResourcePath } from './http-path.ts'
import type { ApiServer } from './server.ts'

export type Matcher = (object: KubeObject) => boolean

/** The objects that a query's selectors choose, in key order, with the list that wraps them. */
export function listObjects(
  api: ApiServer,
  at: Pick<ResourcePath, 'kind' | 'namespace'>,
  query: ReadonlyMap<string, string>,
) {
  const matches = matcherOf(at.kind, query)
  const { view } = at.kind
  const stored = api.list(storageOf(at.kind), at.namespace)
  const all = (view ? stored.map((object) => view.fromStored(object)) : stored).filter(matches)
  const limit = Number(query.get('limit') ?? 0) || Infinity
  const start = continuation(query.get('continue'))
  const objects = all.slice(start, start + limit)
  const rest = all.length - start - objects.length
  const metadata = {
    resourceVersion: String(api.etcd.revision),
    ...(rest > 0 && { continue: `k${start + objects.length}` }),
    ...(rest > 0 && !query.get('labelSelector') && !query.get('fieldSelector') && { remainingItemCount: rest }),
  }
  const items = objects.map(({ apiVersion: _apiVersion, kind: _kind, ...item }) => item)
  return { objects, list: { kind: `${at.kind.kind}List`, apiVersion: apiVersionOf(at.kind), metadata, items } }
}

function continuation(token: string | undefined): number {
  if (!token) return 0
  const start = /^k(\d{1,9})$/.exec(token)
  if (!start) throw badRequest('continue key is not valid: invalid continue token')
  return Number(start[1])
}

/** Reads the query's label and field selectors. */
export function matcherOf(kind: Kind, query: ReadonlyMap<string, string>): Matcher {
  const tests: Matcher[] = []
  const labels = query.get('labelSelector')
  if (labels) {
    const parsed = parseLabelSelector(labels)
    if (!parsed.ok) throw badRequest(parsed.message)
    tests.push((object) => matchesRequirements(parsed.value, object.metadata.labels ?? {}))
  }
  const fields = query.get('fieldSelector')
  if (fields) tests.push(fieldMatcher(kind, fields))
  return (object) => tests.every((test) => test(object))
}

function fieldMatcher(kind: Kind, text: string): Matcher {
  const parsed = parseFieldSelector(text)
  if (!parsed.ok) throw badRequest(parsed.message)
  return (object) => {
    const fields: Record<string, string> = {
      'metadata.name': object.metadata.name,
      'metadata.namespace': object.metadata.namespace ?? '',
      ...kind.selectableFields?.(object),
    }
    return parsed.value.every(({ field, negated, value }) => {
      if (!Object.hasOwn(fields, field)) throw badRequest(`field label not supported: ${field}`)
      return (fields[field] === value) !== negated
    })
  }
}
