import { deepEqual } from '../lib/deep-equal.ts'
import {
  changedSet,
  covers,
  difference,
  removedSet,
  union,
  unionRoot,
  untyped,
  type FieldSet,
  type Walk,
} from './field-set.ts'
import type { ManagedFieldsEntry } from './objects.ts'
import { definition, type Definition, type SchemaRef } from './schema/schema.ts'

/** Who writes, how, when. */
export interface Writer {
  readonly manager: string
  readonly apiVersion: string
  /** '' for the object itself. */
  readonly subresource?: string
  /** RFC 3339, whole seconds. */
  readonly time: string
}

/** Metadata that belongs to the server or to identity and that nobody owns. Upstream: stripMeta. */
const strippedMetadata = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
])

/** The part of a set that is recorded: without identity, and without what this endpoint ignores. */
export function strip(set: FieldSet | undefined, subresource: string | undefined): FieldSet | undefined {
  if (!set) return undefined
  const ignored = subresource === 'status' ? 'f:spec' : 'f:status'
  const result: Record<string, FieldSet> = {}
  let any = false
  for (const key in set) {
    if (key === 'f:apiVersion' || key === 'f:kind' || key === ignored || key === '.') continue
    let node = set[key]!
    if (key === 'f:metadata') {
      const kept: Record<string, FieldSet> = {}
      let keptAny = false
      for (const child in node) {
        if (child === '.' || strippedMetadata.has(child.slice(2))) continue
        kept[child] = node[child]!
        keptAny = true
      }
      if (!keptAny) continue
      node = kept
    }
    result[key] = node
    any = true
  }
  return any ? result : undefined
}

/** How to walk objects of this schema; objects without one are walked as they look. */
export function walkOf(schema: SchemaRef | undefined): Walk {
  const def = schema ? definition(schema) : undefined
  if (!def) return untyped
  let walk = walks.get(def)
  if (!walk) walks.set(def, (walk = { type: { kind: 'ref', definition: def }, field: undefined }))
  return walk
}
const walks = new WeakMap<Definition, Walk>()

/** What Go encodes of an object with nothing in it: what a created object is compared with. */
export function emptyObject(schema: SchemaRef | undefined): Record<string, unknown> {
  const def = schema ? definition(schema) : undefined
  if (!def) return { metadata: {} }
  let empty = empties.get(def)
  if (!empty) empties.set(def, (empty = { metadata: {}, ...skeleton(def) }))
  return empty
}
const empties = new WeakMap<Definition, Record<string, unknown>>()

function skeleton(def: Definition): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of def.fields.values()) {
    if (field.struct) result[field.name] = skeleton(field.type.definition!)
    else if (field.required && (field.type.kind === 'array' || field.type.kind === 'map' || field.type.kind === 'ref'))
      result[field.name] = null
  }
  return result
}

interface KubeLike {
  readonly metadata?: { readonly managedFields?: readonly ManagedFieldsEntry[] }
}

/**
 * managedFields after an update: what the writer set becomes its own, what it changed others lose, what is gone nobody
 * owns. `old` is undefined on create. Neither object is changed; the old list comes back when nothing is new.
 */
export function trackUpdate(
  options: Writer & {
    readonly operation?: 'Update'
    readonly old?: KubeLike | undefined
    readonly new: KubeLike
    readonly schema: SchemaRef | undefined
  },
): readonly ManagedFieldsEntry[] {
  const { old, schema, subresource = '' } = options
  const walk = walkOf(schema)
  const before = old ?? emptyObject(schema)
  const entries = baseEntries(old, options.new)
  const changed = strip(changedSet(walk, before, options.new), subresource)
  const removed = old ? strip(removedSet(walk, before, options.new), subresource) : undefined
  if (!changed && !removed) return entries
  const result: ManagedFieldsEntry[] = []
  let own: FieldSet | undefined = changed
  for (const entry of entries) {
    const mine =
      entry.operation === 'Update' &&
      entry.manager === options.manager &&
      entry.apiVersion === options.apiVersion &&
      (entry.subresource ?? '') === subresource
    if (mine && changed && !removed && covers(entry.fieldsV1, changed)) {
      // It wrote what was its own before: the rule for whoever reports again and again.
      own = entry.fieldsV1
      continue
    }
    const lost = changed || removed ? difference(difference(entry.fieldsV1, changed) ?? {}, removed) : entry.fieldsV1
    if (mine && changed) own = lost ? unionRoot(lost, own) : own
    else if (lost && !isEmpty(lost)) result.push(lost === entry.fieldsV1 ? entry : { ...entry, fieldsV1: lost })
  }
  if (own && !isEmpty(own)) result.push(newEntry(options, 'Update', own))
  const capped = capUpdateManagers(result)
  return sortEntries(capped)
}

function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** Clients may send managedFields of their own; `[{}]` clears them. */
function baseEntries(old: KubeLike | undefined, next: KubeLike): readonly ManagedFieldsEntry[] {
  const sent = next.metadata?.managedFields
  const kept = old?.metadata?.managedFields
  if (!sent || sent.length === 0 || sent === kept) return kept ?? []
  if (sent.length === 1 && !sent[0]!.manager && !sent[0]!.fieldsV1) return []
  return deepEqual(sent, kept) ? kept! : sent
}

/** An entry as the API writes it, keys in its order. */
export function newEntry(writer: Writer, operation: 'Apply' | 'Update', fieldsV1: FieldSet): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation,
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(writer.subresource && { subresource: writer.subresource }),
  }
}

const maxUpdateManagers = 10

/** Upstream: capManagers merges the oldest update managers once there are more than ten. */
function capUpdateManagers(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const updaters = entries.filter((entry) => entry.operation === 'Update')
  if (updaters.length <= maxUpdateManagers) return entries
  updaters.sort((a, b) =>
    (a.time ?? '') < (b.time ?? '') ? -1 : (a.time ?? '') > (b.time ?? '') ? 1 : a.manager < b.manager ? -1 : 1,
  )
  const oldest = updaters.slice(0, updaters.length - maxUpdateManagers + 1)
  const byVersion = new Map<string, ManagedFieldsEntry>()
  for (const entry of oldest) {
    const bucket = byVersion.get(entry.apiVersion)
    byVersion.set(entry.apiVersion, {
      ...entry,
      manager: 'ancient-changes',
      fieldsV1: bucket ? union(bucket.fieldsV1, entry.fieldsV1) : entry.fieldsV1,
    })
  }
  return [...entries.filter((entry) => !oldest.includes(entry)), ...byVersion.values()]
}

/** Apply before Update, then by time, manager, version, subresource. */
export function sortEntries(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  if (entries.length < 2) return entries
  return entries.sort((a, b) => {
    if (a.operation !== b.operation) return a.operation < b.operation ? -1 : 1
    const [timeA = '', timeB = ''] = [a.time, b.time]
    if (timeA !== timeB) return timeA < timeB ? -1 : 1
    if (a.manager !== b.manager) return a.manager < b.manager ? -1 : 1
    if (a.apiVersion !== b.apiVersion) return a.apiVersion < b.apiVersion ? -1 : 1
    return (a.subresource ?? '') < (b.subresource ?? '') ? -1 : 1
  })
}
