import { builtInGroupVersions, createOnlyKind, endpointOf } from '../../../kinds/endpoints.ts'
import type { Kind } from '../../../kinds/kind.ts'
import type { ResourcePath } from '../http-path.ts'
import type { ServedKinds } from '../served-kinds.ts'

/** What a URL leads to, and what may be done there. */
export interface Route {
  readonly at: ResourcePath
  /** Verbs that the path has. */
  readonly verbs: readonly string[]
  /** A legacy path below `/watch/`: it can only be watched. */
  readonly watch: boolean
}

const ofCollection = ['list', 'create', 'deletecollection']
const ofObject = ['get', 'update', 'patch', 'delete']

/**
 * The route of a decoded path. 'unknown' is a path that an API group answers itself with 404, undefined one that
 * nothing serves. Upstream: apiserver/pkg/endpoints/installer.go.
 */
export function routeOf(kinds: ServedKinds, path: string): Route | 'unknown' | undefined {
  const parts = path.replace(/^\/|\/+$/g, '').split('/')
  const core = parts[0] === 'api'
  if (!core && parts[0] !== 'apis') return undefined
  const [group, version, all] = core ? ['', parts[1], parts.slice(2)] : [parts[1] ?? '', parts[2], parts.slice(3)]
  const found = version && all.length > 0 ? resourceRoute(kinds, group, version, all) : undefined
  if (found) return found
  return core || builtInGroupVersions.some((one) => one.startsWith(`${group}/`)) ? 'unknown' : undefined
}

function resourceRoute(kinds: ServedKinds, group: string, version: string, all: string[]): Route | undefined {
  const watch = all[0] === 'watch' && all.length > 1
  const segments = watch ? all.slice(1) : all
  if (segments.includes('')) return undefined
  const kindOf = (plural: string) => kinds.byResource(group, version, plural) ?? createOnlyKind(group, version, plural)
  let at: ResourcePath | undefined
  if (segments[0] === 'namespaces' && segments.length > 2) {
    const [, namespace, plural, name = '', ...subresource] = segments
    const kind = kindOf(plural!)
    if (kind?.namespaced) at = { kind, namespace, name, subresource: subresource.join('/') }
  }
  if (!at) {
    const [plural, name = '', ...subresource] = segments
    const kind = kindOf(plural!)
    // Without a namespace, only all objects of a namespaced kind can be named.
    if (!kind || (kind.namespaced && name !== '')) return undefined
    at = { kind, namespace: undefined, name, subresource: subresource.join('/') }
  }
  const verbs = verbsOf(at.kind, at, watch)
  return verbs.length > 0 ? { at, verbs, watch } : undefined
}

function verbsOf(kind: Kind, { namespace, name, subresource }: ResourcePath, watch: boolean): readonly string[] {
  const served = endpointOf(kind, subresource)?.verbs ?? []
  if (watch) return subresource === '' && served.includes('watch') ? ['list'] : []
  if (subresource) return served
  if (name !== '') return ofObject.filter((verb) => served.includes(verb))
  if (kind.namespaced && namespace === undefined) return served.includes('list') ? ['list'] : []
  return ofCollection.filter((verb) => served.includes(verb))
}

/** The verb of a method on a path; undefined for a method that no path has. */
export function verbOf(method: string, { name }: ResourcePath): string | undefined {
  switch (method) {
    case 'GET':
      return name === '' ? 'list' : 'get'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete'
    default:
      return undefined
  }
}
