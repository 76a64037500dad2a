import { deepEqual } from '../lib/deep-equal.ts'
import { badRequest, StatusError } from './errors.ts'
import { maxJsonDepth } from './go-json.ts'

interface Operation {
  readonly op?: unknown
  readonly path?: unknown
  readonly from?: unknown
  readonly value?: unknown
}

const rejected = () =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
const maxOperations = 10_000
/** Upstream: jsonpatch.AccumulatedCopySizeLimit. */
const maxCopiedCharacters = 3 * 1024 * 1024

/** JSON patch, RFC 6902; throws the API server's own errors. The target is not changed. */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${patch === null ? 'null' : typeof patch} into Go value of type []handlers.jsonPatchOp`,
    )
  if (patch.length > maxOperations)
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    )
  let result = target
  let copied = 0
  for (const operation of patch as Operation[]) {
    const { op, from } = operation ?? {}
    // A few operations can double what is there again and again.
    if (op === 'copy' && typeof from === 'string') copied += JSON.stringify(find(result, pointer(from)) ?? null).length
    if (copied > maxCopiedCharacters) throw rejected()
    result = applyOperation(result, operation ?? {})
  }
  if (patch.length > 0 && isDeeperThan(result, maxJsonDepth)) throw rejected()
  return result
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const key in value) if (isDeeperThan((value as Record<string, unknown>)[key], levels - 1)) return true
  return false
}

function applyOperation(target: unknown, { op, path, from, value = null }: Operation): unknown {
  if (typeof path !== 'string') throw rejected()
  const at = pointer(path)
  switch (op) {
    case 'add':
      return add(target, at, value)
    case 'remove':
      return remove(target, at)
    case 'replace':
      get(target, at)
      return at.length ? change(target, at, (parent, key) => set(parent, key, value)) : value
    case 'move': {
      if (typeof from !== 'string') throw rejected()
      const moved = get(target, pointer(from))
      return add(remove(target, pointer(from)), at, moved)
    }
    case 'copy': {
      if (typeof from !== 'string') throw rejected()
      return add(target, at, get(target, pointer(from)))
    }
    case 'test':
      if (!deepEqual(find(target, at) ?? null, value ?? null)) throw rejected()
      return target
    default:
      throw rejected()
  }
}

function pointer(path: string): string[] {
  if (path === '') return []
  if (!path.startsWith('/')) throw rejected()
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return /^(0|[1-9]\d*)$/.test(key) ? parent[Number(key)] : undefined
  if (typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key))
    return (parent as Record<string, unknown>)[key]
  return undefined
}

function find(target: unknown, at: readonly string[]): unknown {
  return at.reduce(child, target)
}

function get(target: unknown, at: readonly string[]): unknown {
  const value = find(target, at)
  if (value === undefined) throw rejected()
  return value
}

type Container = Record<string, unknown> | unknown[]

/** Copies what lies on the way and lets `act` change the copy of the last container. */
function change(target: unknown, at: readonly string[], act: (parent: Container, key: string) => void): unknown {
  if (typeof target !== 'object' || target === null) throw rejected()
  const copy: Container = Array.isArray(target) ? [...target] : { ...(target as Record<string, unknown>) }
  const [key, ...rest] = at
  if (key === undefined || key === '__proto__') throw rejected()
  if (rest.length === 0) act(copy, key)
  else {
    const inner = child(copy, key)
    if (inner === undefined) throw rejected()
    set(copy, key, change(inner, rest, act))
  }
  return copy
}

function set(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value
  else parent[key] = value
}

function add(target: unknown, at: readonly string[], value: unknown): unknown {
  if (at.length === 0) return value
  return change(target, at, (parent, key) => {
    if (!Array.isArray(parent)) parent[key] = value
    else if (key === '-') parent.push(value)
    else {
      const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN
      if (!(index >= 0 && index <= parent.length)) throw rejected()
      parent.splice(index, 0, value)
    }
  })
}

function remove(target: unknown, at: readonly string[]): unknown {
  return change(target, at, (parent, key) => {
    if (child(parent, key) === undefined) throw rejected()
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else delete parent[key]
  })
}
