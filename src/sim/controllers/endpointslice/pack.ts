import { deepEqual } from '../../../lib/deep-equal.ts'

/** What a slice holds, of a stored one or one to be made. */
export interface Packed<S> {
  /** The stored slice; undefined for one to be made. */
  readonly slice: S | undefined
  readonly endpoints: readonly any[]
  readonly changed: boolean
}

/** Tells endpoints apart by whom they are for. Upstream: the hash of addresses, target and the like. */
function identityOf(endpoint: any): string {
  const { targetRef, addresses } = endpoint
  return `${targetRef?.uid ?? ''} ${addresses}`
}

/**
 * Puts wanted endpoints of one set of ports into slices: they stay where they are, slices that change anyway are
 * filled up, fullest first, and what is left goes into one slice that has room for all of it, or into new ones.
 * A slice that comes out with nothing is to be deleted. Upstream: endpointslice reconciler, reconcileByPortMapping.
 */
export function pack<S extends { endpoints?: readonly any[] | null }>(
  wanted: readonly any[],
  slices: readonly S[],
  max: number,
): Packed<S>[] {
  const left = new Map(wanted.map((endpoint) => [identityOf(endpoint), endpoint]))
  const packed = slices.map((slice) => {
    const present = slice.endpoints ?? []
    const endpoints: any[] = []
    let changed = false
    for (const endpoint of present) {
      const identity = identityOf(endpoint)
      const desired = left.get(identity)
      if (!desired) continue
      endpoints.push(desired)
      left.delete(identity)
      changed ||= !deepEqual(desired, endpoint)
    }
    return { slice: slice as S | undefined, endpoints, changed: changed || endpoints.length !== present.length }
  })
  const rest = [...left.values()]
  const fill = (into: { endpoints: any[]; changed: boolean }) => {
    into.endpoints.push(...rest.splice(0, max - into.endpoints.length))
    into.changed = true
  }
  const touched = packed.filter(({ changed, endpoints }) => changed && endpoints.length > 0)
  for (const one of touched.sort((a, b) => b.endpoints.length - a.endpoints.length)) if (rest.length > 0) fill(one)
  while (rest.length > 0) {
    const room = rest.length < max ? fullestWithRoom(packed, rest.length, max) : undefined
    if (room) fill(room)
    else {
      const made = { slice: undefined, endpoints: [], changed: true }
      packed.push(made)
      fill(made)
    }
  }
  return packed
}

/** Of the slices that do not change yet, the one that will be nearest to full. Upstream: getSliceToFill. */
function fullestWithRoom<T extends { endpoints: readonly any[]; changed: boolean }>(
  packed: readonly T[],
  count: number,
  max: number,
): T | undefined {
  let best: T | undefined
  for (const one of packed) {
    if (one.changed || one.endpoints.length + count > max) continue
    if (!best || one.endpoints.length > best.endpoints.length) best = one
  }
  return best
}
