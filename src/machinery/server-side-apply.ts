import { deepEqual } from '../lib/deep-equal.ts'
import { decodeStrict } from './decode.ts'
import { applyConflict, plainError, type StatusCause, type StatusError } from './errors.ts'
import {
  changedSet,
  difference,
  fieldSetOf,
  fieldWalk,
  intersection,
  intersectionPaths,
  itemWalk,
  listItemKey,
  pathText,
  removedSet,
  setItemKey,
  shapeOf,
  unionRoot,
  untyped,
  type FieldSet,
  type Walk,
} from './field-set.ts'
import { emptyObject, newEntry, sortEntries, strip, walkOf, type Writer } from './managed-fields.ts'
import type { ManagedFieldsEntry } from './objects.ts'
import { definition, type SchemaRef } from './schema/schema.ts'

export { trackUpdate } from './managed-fields.ts'

export interface ApplyOptions extends Writer {
  /** Undefined when the object does not exist yet. */
  readonly live: any
  /** The configuration as sent: partial, not decoded. */
  readonly applied: any
  readonly schema: SchemaRef | undefined
  readonly force: boolean
}

export interface ApplyOutcome {
  /** Read by the schema and private to the caller; still to be defaulted and validated. It carries the new managedFields. */
  readonly object: any
  readonly managedFields: readonly ManagedFieldsEntry[]
  /** False when neither the object nor its managers change. */
  readonly changed: boolean
}

/**
 * Server-side apply. Throws StatusErrors: 409 with a cause for each conflict, 500 for what the schema does not declare.
 * Upstream: structured-merge-diff merge.Updater.Apply under apimachinery's field manager.
 */
export function applyServerSide(options: ApplyOptions): ApplyOutcome {
  const { live, applied, schema, force, subresource = '' } = options
  const walk = walkOf(schema)
  const problems = typedProblems(walk, applied, [])
  if (problems.length) {
    const detail =
      problems.length === 1 ? problems[0] : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`
    throw plainError(`failed to create typed patch object (${subjectOf(applied)}): ${detail}`)
  }
  const entries: readonly ManagedFieldsEntry[] = live?.metadata?.managedFields ?? []
  const isOwn = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Apply' && entry.manager === options.manager && (entry.subresource ?? '') === subresource
  const own = entries.find(isOwn)
  const base = live ?? emptyObject(schema)
  const configured = fieldSetOf(walk, applied) ?? {}
  const merged = merge(walk, base, applied)
  const others = entries.filter((entry) => !isOwn(entry))
  let owned: FieldSet = configured
  for (const entry of others) owned = unionRoot(owned, entry.fieldsV1)
  const pruned = own ? prune(walk, merged, own.fieldsV1, owned) : merged
  const changed = strip(changedSet(walk, base, pruned), subresource)
  const removed = live ? strip(removedSet(walk, base, pruned), subresource) : undefined

  const result: ManagedFieldsEntry[] = []
  const conflicts: { entry: ManagedFieldsEntry; path: string[] }[] = []
  for (const entry of others) {
    const taken = changed ? intersection(entry.fieldsV1, changed) : undefined
    if (taken && !force) for (const path of intersectionPaths(taken, taken)) conflicts.push({ entry, path })
    const left = difference(difference(entry.fieldsV1, taken) ?? {}, removed)
    if (left && Object.keys(left).length) result.push(left === entry.fieldsV1 ? entry : { ...entry, fieldsV1: left })
  }
  if (conflicts.length) throw conflictError(conflicts)
  const set = strip(configured, subresource)
  const isSame = !changed && !removed
  if (set) {
    const unchanged = own && isSame && deepEqual(own.fieldsV1, set) && own.apiVersion === options.apiVersion
    result.push(unchanged ? own : newEntry(options, 'Apply', set))
  }
  sortEntries(result)
  if (live && isSame && deepEqual(result, entries)) return { object: live, managedFields: entries, changed: false }
  const object = schema && definition(schema) ? typed(pruned, schema) : { ...pruned, metadata: { ...pruned.metadata } }
  object.metadata = { ...object.metadata, managedFields: result }
  return { object, managedFields: result, changed: true }
}

/** The merged object as its Go type reads it; what has the right shape may still be no quantity or no time. */
function typed(merged: any, schema: SchemaRef): any {
  const { object, typeError } = decodeStrict(merged, schema)
  if (!typeError) return object
  const kind = kindText(merged)
  throw plainError(
    `failed to convert new object (${subjectOf(merged)}) to proper version (${merged.apiVersion}): unable to convert unstructured object to ${kind}: ${typeError}`,
  )
}

function kindText({ apiVersion, kind }: { readonly apiVersion?: string; readonly kind?: string }): string {
  return `${apiVersion?.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}

/** `demo/web; apps/v1, Kind=Deployment`, of what may be no object at all. */
function subjectOf(object: any): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return `${text(object.metadata?.namespace)}/${text(object.metadata?.name)}; ${kindText(object)}`
}

/** A configuration laid over an object by its schema, without regard to who owns what. Neither is changed. */
export function mergeApplied(schema: SchemaRef | undefined, object: unknown, applied: unknown): unknown {
  const walk = walkOf(schema)
  const problems = typedProblems(walk, applied, [])
  if (problems.length) throw plainError(`failed to convert patch object to typed object: ${problems.join(', ')}`)
  const atomics = atomicPaths(walk, applied, [])
  if (atomics.length)
    throw plainError(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`)
  return merge(walk, object, applied)
}

/** Where a value stands that can only be replaced as a whole: setting a part of it would take the rest away. */
function atomicPaths(walk: Walk, value: unknown, path: readonly string[]): string[] {
  const { type, field } = walk
  if (!type || value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) {
    if (type.kind !== 'array') return []
    const isAtomic = field?.listType !== 'map' && field?.listType !== 'set'
    const inner = value.flatMap((item, index) => atomicPaths(itemWalk(walk), item, [...path, `i:${index}`]))
    return isAtomic ? [pathText(path), ...inner] : inner
  }
  if (type.kind !== 'ref' && type.kind !== 'map') return []
  const isAtomic = field?.mapType === 'atomic' || type.definition?.atomic === true
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const child = type.kind === 'ref' ? fieldWalk(type.definition!, key) : itemWalk(walk)
    return child ? atomicPaths(child, item, [...path, `f:${key}`]) : []
  })
  return isAtomic ? [pathText(path), ...inner] : inner
}

/** The right value laid over the left one. Neither is changed; untouched parts are shared. */
function merge(walk: Walk, left: any, right: any): any {
  if (right === undefined) return left
  if (left === undefined || left === null || right === null) return right
  const shape = shapeOf(walk, right)
  if (shape === 'leaf') return deepEqual(left, right) ? left : right
  if (shape === 'struct' || shape === 'map') {
    const result: Record<string, unknown> = { ...left }
    const definition = shape === 'struct' ? walk.type!.definition! : undefined
    for (const key of Object.keys(right)) {
      const child = definition ? (fieldWalk(definition, key) ?? untyped) : walk.type ? itemWalk(walk) : untyped
      result[key] = merge(child, Object.hasOwn(left, key) ? left[key] : undefined, right[key])
    }
    return result
  }
  return mergeLists(walk, shape === 'list', left, right)
}

/** Items by key, in the applied order as far as it goes. Upstream: mergeWalker.visitListItems. */
function mergeLists(walk: Walk, keyed: boolean, left: any[], right: any[]): any[] {
  const child = itemWalk(walk)
  const keyOf = (item: unknown) => (keyed ? (listItemKey(walk, item) ?? '') : setItemKey(item))
  const leftKeys = left.map(keyOf)
  const rightKeys = right.map(keyOf)
  const leftByKey = new Map(leftKeys.map((key, index) => [key, left[index]]))
  const inRight = new Set(rightKeys)
  const shared = rightKeys.filter((key) => leftByKey.has(key))
  const result: any[] = []
  let l = 0
  let r = 0
  let next = 0
  while (l < left.length || r < right.length) {
    const leftKey = leftKeys[l]
    if (l < left.length && r < right.length) {
      if (leftKey === rightKeys[r]) {
        result.push(merge(child, left[l], right[r]))
        l++
        r++
        next++
        continue
      }
      if (inRight.has(leftKey!) && shared[next] !== undefined && shared[next] !== leftKey) {
        l++
        continue
      }
    }
    if (l < left.length) {
      if (!inRight.has(leftKey!)) {
        result.push(left[l])
        l++
        continue
      }
      if (r >= right.length) {
        l++
        continue
      }
    }
    if (r < right.length) {
      const key = rightKeys[r]!
      result.push(merge(child, leftByKey.get(key), right[r]))
      if (shared[next] === key) next++
      r++
    }
  }
  return result
}

/** Takes out what the manager applied last time and nobody owns now. Upstream: Updater.prune. */
function prune(walk: Walk, value: any, last: FieldSet, owned: FieldSet | undefined): any {
  if (value === null || value === undefined) return value
  const shape = shapeOf(walk, value)
  if (shape === 'leaf') return value
  if (shape === 'struct' || shape === 'map') {
    let result = value
    for (const element in last) {
      if (element === '.') continue
      const key = element.slice(2)
      if (!Object.hasOwn(value, key)) continue
      const child = shape === 'struct' ? fieldWalk(walk.type!.definition!, key) : walk.type ? itemWalk(walk) : untyped
      if (!child) continue
      const holders = owned?.[element]
      const kept = holders ? prune(child, value[key], last[element]!, holders) : undefined
      if (kept === value[key]) continue
      if (result === value) result = { ...value }
      if (kept === undefined) delete result[key]
      else result[key] = kept
    }
    return result
  }
  const child = itemWalk(walk)
  let touched = false
  const items: any[] = []
  for (const item of value) {
    const element = shape === 'list' ? (listItemKey(walk, item) ?? '') : setItemKey(item)
    const lastNode = last[element]
    if (!lastNode) items.push(item)
    else if (!owned?.[element]) touched = true
    else {
      const kept = prune(child, item, lastNode, owned[element])
      if (kept !== item) touched = true
      items.push(kept)
    }
  }
  return touched ? items : value
}

const expectedScalar: Record<string, string> = {
  string: 'string',
  int32: 'numeric (int or float)',
  int64: 'numeric (int or float)',
  double: 'numeric (int or float)',
  boolean: 'boolean',
}

/** What does not fit the schema, in structured-merge-diff's words. */
function typedProblems(walk: Walk, value: unknown, path: readonly string[]): string[] {
  const { type } = walk
  if (!type || value === null || value === undefined) return []
  const at = pathText(path)
  if (type.kind === 'ref' || type.kind === 'map') {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at}: expected map, got ${describe(value)}`]
    if (type.definition && type.definition.fields.size === 0 && !type.definition.decode) return []
    return Object.entries(value).flatMap(([key, item]) => {
      const child = type.kind === 'ref' ? fieldWalk(type.definition!, key) : itemWalk(walk)
      const childPath = [...path, `f:${key}`]
      return child ? typedProblems(child, item, childPath) : [`${pathText(childPath)}: field not declared in schema`]
    })
  }
  if (type.kind === 'array') {
    if (!Array.isArray(value)) return [`${at}: expected list, got ${describe(value)}`]
    const shape = shapeOf(walk, value)
    const seen = new Set<string>()
    const duplicates = new Set<string>()
    const problems: string[] = []
    for (const [index, item] of value.entries()) {
      let element = `i:${index}`
      if (shape === 'list') {
        const key = listItemKey(walk, item)
        if (key === undefined) {
          problems.push(
            `${at}: element ${index}: associative list with keys has an element that omits key field "${walk.field!.listMapKeys![0]}" (and doesn't have default value)`,
          )
          continue
        }
        element = key
      } else if (shape === 'set') element = setItemKey(item)
      if (shape !== 'leaf' && seen.has(element)) duplicates.add(element)
      seen.add(element)
      problems.push(...typedProblems(itemWalk(walk), item, [...path, element]))
    }
    for (const element of duplicates) problems.unshift(`${at}: duplicate entries for key ${pathText([element])}`)
    return problems
  }
  const expected = expectedScalar[type.kind]
  if (!expected) return []
  const fits =
    type.kind === 'string'
      ? typeof value === 'string'
      : type.kind === 'boolean'
        ? typeof value === 'boolean'
        : typeof value === 'number'
  return fits ? [] : [`${at}: expected ${expected}, got ${describe(value)}`]
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `&value.valueUnstructured{Value:${JSON.stringify(value)}}`
  return typeof value === 'object' ? 'map' : `&value.valueUnstructured{Value:${JSON.stringify(value)}}`
}

function conflictError(conflicts: readonly { entry: ManagedFieldsEntry; path: string[] }[]): StatusError {
  const identity = (entry: ManagedFieldsEntry) =>
    JSON.stringify([entry.manager, entry.operation, entry.apiVersion, entry.subresource])
  const sorted = [...conflicts].sort((a, b) => {
    const [left, right] = [identity(a.entry), identity(b.entry)]
    return left < right ? -1 : left > right ? 1 : 0
  })
  const causes: StatusCause[] = sorted.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: pathText(path),
  }))
  if (sorted.length === 1)
    return applyConflict(
      `Apply failed with 1 conflict: conflict with ${managerText(sorted[0]!.entry)}: ${pathText(sorted[0]!.path)}`,
      causes,
    )
  const lines: string[] = []
  let previous = ''
  for (const { entry, path } of sorted) {
    const id = identity(entry)
    if (id !== previous) lines.push(`conflicts with ${managerText(entry)}:`)
    previous = id
    lines.push(`- ${pathText(path)}`)
  }
  return applyConflict(`Apply failed with ${sorted.length} conflicts: ${lines.join('\n')}`, causes)
}

function managerText(entry: ManagedFieldsEntry): string {
  const subresource = entry.subresource ? ` with subresource ${JSON.stringify(entry.subresource)}` : ''
  return `${JSON.stringify(entry.manager)}${subresource}${entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''}`
}
