import { isPathSegmentName } from '../../machinery/names.ts'
import { parseFieldSelector } from '../../machinery/selector-syntax.ts'
import type { Attributes } from './rbac/attributes.ts'

const verbs: Readonly<Record<string, string | undefined>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}
const ofNamespace = new Set(['status', 'finalize'])

interface QueryLike {
  get(name: string): string | undefined
  has(name: string): boolean
}

/**
 * What a request is about, by its method and URL alone, whether or not there is such a resource.
 * The path has been unescaped. Upstream: apiserver/pkg/endpoints/request/requestinfo.go.
 */
export function requestInfo(
  method: string,
  path: string,
  query: QueryLike,
): Pick<Attributes, 'verb' | 'resource' | 'path'> {
  const plain = { verb: method.toLowerCase(), path }
  const parts = path.split('/').filter((part) => part !== '')
  const [root] = parts
  // /api/v1/pods, /apis/apps/v1/deployments; anything shorter is no resource.
  if (parts.length < 3 || (root !== 'api' && (root !== 'apis' || parts.length < 4))) return plain
  const group = root === 'api' ? '' : parts[1]!
  let rest = parts.slice(root === 'api' ? 2 : 3)
  let namespace = ''
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1]!
    if (rest.length > 2 && !ofNamespace.has(rest[2]!)) rest = rest.slice(2)
  }
  const [resource = '', name = '', subresource = ''] = rest
  const verb = Object.hasOwn(verbs, method) ? verbs[method]! : ''
  const about = { group, resource, subresource, namespace, name }
  if (name !== '') return { verb, path, resource: about }
  if (verb === 'delete') return { verb: 'deletecollection', path, resource: about }
  if (verb !== 'get') return { verb, path, resource: about }
  const watch = query.get('watch') ?? ''
  const isWatch = query.has('watch') && watch !== '0' && watch.toLowerCase() !== 'false'
  return { verb: isWatch ? 'watch' : 'list', path, resource: { ...about, name: selectedName(query) } }
}

/** A list or watch of one name is authorized as being about that object. */
function selectedName(query: QueryLike): string {
  const text = query.get('fieldSelector')
  if (!text) return ''
  const parsed = parseFieldSelector(text)
  if (!parsed.ok) return ''
  const exact = parsed.value.find(({ field, negated }) => field === 'metadata.name' && !negated)
  return exact && isPathSegmentName(exact.value).length === 0 ? exact.value : ''
}
