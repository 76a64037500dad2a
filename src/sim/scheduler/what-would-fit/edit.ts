/** What an edit does, as a key: texts and the page go by it. */
export type EditKind =
  | 'lowerRequest'
  | 'tolerate'
  | 'dropNodeSelector'
  | 'widenNodeAffinity'
  | 'dropNodeAffinity'
  | 'relaxSpread'
  | 'dropSpread'
  | 'dropPodAffinity'
  | 'dropPodAntiAffinity'
  | 'freeHostPort'
  | 'leaveHostNetwork'
  | 'dropNodeName'
  | 'removeGates'
  | 'addNode'

/** A place in a pod's spec. `-` is the end of a list. */
export type Place = readonly (string | number)[]

/** One thing to change. Plain data. */
export interface Edit {
  readonly kind: EditKind
  /** For people: `spec.containers[0].resources.requests.cpu`; of a node: the name of the one it would be like. */
  readonly path: string
  /** What is there; missing when nothing is. */
  readonly from?: unknown
  /** What should be there; missing when nothing should. */
  readonly to?: unknown
  /** The same for machines, within a pod's spec or that of its template. Nothing for a node. */
  readonly changes: readonly { readonly at: Place; readonly to?: unknown }[]
  /** How much it changes, from 0 up: smaller is suggested first. */
  readonly size: number
}

/** A spec with edits made; the one given stays as it is. Places name what the spec has before any of them. */
export function applyEdits(spec: any, edits: readonly Edit[]): any {
  const copy = plainCopy(spec)
  const lists = new Set<unknown[]>()
  for (const { changes } of edits) for (const change of changes) applyChange(copy, change, lists)
  for (const list of lists) {
    const left = list.filter((item) => item !== gone)
    list.length = 0
    list.push(...left)
  }
  return copy
}

/** Specs are JSON. */
function plainCopy(value: unknown): any {
  return JSON.parse(JSON.stringify(value))
}

/** Stands in a list for what is to go, so that the others keep their places until all edits are made. */
const gone = Symbol('gone')

function applyChange(root: any, { at, to }: Edit['changes'][number], lists: Set<unknown[]>): void {
  let target = root
  for (const [index, part] of at.slice(0, -1).entries()) {
    if (!Object.hasOwn(target, part)) {
      if (to === undefined) return
      target[part] = typeof at[index + 1] === 'number' || at[index + 1] === '-' ? [] : {}
    }
    target = target[part]
    if (typeof target !== 'object' || target === null) return
  }
  const last = at.at(-1)!
  if (Array.isArray(target) && last === '-') target.push(plainCopy(to))
  else if (to !== undefined) target[last] = plainCopy(to)
  else if (Array.isArray(target)) {
    if (typeof last !== 'number' || last >= target.length) return
    target[last] = gone
    lists.add(target)
  } else delete target[last]
}

/** `spec.tolerations`, `spec.nodeSelector[a/b]`. */
export function pathOf(at: Place): string {
  let path = 'spec'
  for (const part of at) {
    if (part === '-') continue
    if (typeof part === 'number') path += `[${part}]`
    else path += /^\w+$/.test(part) ? `.${part}` : `[${part}]`
  }
  return path
}

/** An edit of one place. */
export function editAt(spec: any, kind: EditKind, at: Place, to: unknown, size: number): Edit {
  const from = at.at(-1) === '-' ? undefined : at.reduce((value: any, part) => value?.[part], spec)
  return {
    kind,
    path: pathOf(at),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    changes: [{ at, ...(to !== undefined && { to }) }],
    size,
  }
}

/**
 * A JSON merge patch (RFC 7386) of what has this spec that makes the edits: a pod, or a template that pods come from,
 * which knows nothing of what was added to them later.
 */
export function patchFor(spec: any, edits: readonly Edit[]): { readonly spec?: Readonly<Record<string, unknown>> } {
  const patch = mergePatchBetween(spec, applyEdits(spec, edits))
  return Object.keys(patch).length > 0 ? { spec: patch } : {}
}

/** What makes `after` of `before`: lists as a whole. */
function mergePatchBetween(before: any, after: any): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (JSON.stringify(old) === JSON.stringify(value)) continue
    patch[key] = isMap(old) && isMap(value) ? mergePatchBetween(old, value) : value
  }
  return patch
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
