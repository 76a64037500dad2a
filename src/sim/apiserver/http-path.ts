import type { Kind } from '../../kinds/kind.ts'
import type { ServedKinds } from './served-kinds.ts'

/** What a URL names. */
export interface ResourcePath {
  readonly kind: Kind
  readonly namespace: string | undefined
  /** '' for the collection. */
  readonly name: string
  readonly subresource: string
}

/** Reads `/api/v1/namespaces/NS/pods/NAME/log` and its kin; undefined when no resource is there. */
export function parseResourcePath(kinds: ServedKinds, path: string): ResourcePath | undefined {
  const parts = path.split('/').filter((part) => part !== '')
  const core = parts[0] === 'api'
  if (!core && parts[0] !== 'apis') return undefined
  const [group, version, rest] = core ? ['', parts[1], parts.slice(2)] : [parts[1] ?? '', parts[2], parts.slice(3)]
  if (!version || rest.length === 0) return undefined
  const segments = rest.map(decodeSegment)
  if (segments.some((segment) => segment === undefined)) return undefined
  return locate(kinds, group, version, segments as string[])
}

function locate(kinds: ServedKinds, group: string, version: string, segments: string[]): ResourcePath | undefined {
  if (segments[0] === 'namespaces' && segments.length > 2 && !isNamespaceSubresource(segments[2]!)) {
    const [, namespace, plural, name = '', ...subresource] = segments
    const kind = kinds.byResource(group, version, plural!)
    return kind?.namespaced ? { kind, namespace, name, subresource: subresource.join('/') } : undefined
  }
  const [plural, name = '', ...subresource] = segments
  const kind = kinds.byResource(group, version, plural!)
  if (!kind) return undefined
  // Without a namespace, only all objects of a namespaced kind can be named.
  if (kind.namespaced && name !== '') return undefined
  return { kind, namespace: undefined, name, subresource: subresource.join('/') }
}

function isNamespaceSubresource(segment: string): boolean {
  return segment === 'status' || segment === 'finalize'
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
