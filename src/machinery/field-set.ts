import { deepEqual } from '../lib/deep-equal.ts'
import type { FieldsV1 } from './objects.ts'
import type { Definition, Field, SchemaType } from './schema/schema.ts'

/**
 * Sets of fields as FieldsV1 tries, and how objects turn into them.
 * Upstream: structured-merge-diff, fieldpath.Set and typed (toFieldSetWalker, compareWalker).
 * A node without children is a member; one with children is a member when it holds '.'.
 */
export type FieldSet = FieldsV1
type MutableSet = Record<string, FieldsV1>

/** A member without children; shared, never changed. */
export const leaf: FieldSet = Object.freeze({})

/** How a value is walked: as the schema says, or as it looks where there is no schema. */
export interface Walk {
  readonly type: SchemaType | undefined
  readonly field: Field | undefined
  /** Of a struct's field: its path element, `f:name`. */
  readonly element?: string
}
export const untyped: Walk = { type: undefined, field: undefined }

type Shape = 'leaf' | 'struct' | 'map' | 'list' | 'set'

/** What merging does with values of this place. */
export function shapeOf(walk: Walk, sample: unknown): Shape {
  const { type, field } = walk
  if (!type || type.kind === 'deduced')
    return typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? 'map' : 'leaf'
  switch (type.kind) {
    case 'ref':
      return field?.mapType === 'atomic' || type.definition!.atomic ? 'leaf' : 'struct'
    case 'map':
      return field?.mapType === 'atomic' ? 'leaf' : 'map'
    case 'array':
      return field?.listType === 'map' ? 'list' : field?.listType === 'set' ? 'set' : 'leaf'
    default:
      return 'leaf'
  }
}

const itemWalks = new WeakMap<SchemaType, Walk>()
const fieldWalks = new WeakMap<Field, Walk>()

/** Items of a list or map carry no annotations of their own. */
export function itemWalk(walk: Walk): Walk {
  const items = walk.type?.items
  if (!items) return untyped
  let result = itemWalks.get(items)
  if (!result) itemWalks.set(items, (result = { type: items, field: undefined }))
  return result
}

/** The walk of a struct's field; undefined for one that is neither declared nor kept undeclared. */
export function fieldWalk(definition: Definition, name: string): Walk | undefined {
  const field = definition.fields.get(name)
  if (!field) return definition.open ? untyped : undefined
  let result = fieldWalks.get(field)
  if (!result) fieldWalks.set(field, (result = { type: field.type, field, element: `f:${name}` }))
  return result
}

/** `k:{"name":"c"}`; undefined when the item lacks a key that has no default. */
export function listItemKey(walk: Walk, item: unknown): string | undefined {
  const { field, type } = walk
  const keys = sortedKeys(field!)
  const source = item as Record<string, unknown>
  if (keys.length === 1 && typeof source?.[keys[0]!] === 'string')
    return remembered(`${keys[0]}=`, source[keys[0]!] as string, singleKey)
  let text = 'k:{'
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    let value = source?.[key]
    if (value === undefined) {
      value = type!.items!.definition?.fields.get(key)?.default
      // A key left out altogether is left out of the path; one key at least must be there.
      if (value === undefined) {
        if (keys.length === 1) return undefined
        continue
      }
    }
    if (text.length > 3) text += ','
    text += `${JSON.stringify(key)}:${JSON.stringify(value)}`
  }
  return text.length > 3 ? `${text}}` : undefined
}

const singleKey = (prefix: string, value: string): string =>
  `k:{${JSON.stringify(prefix.slice(0, -1))}:${JSON.stringify(value)}}`
const mapKey = (prefix: string, key: string): string => prefix + key

// Path elements are property names of tries: made anew each time, the engine would have to intern each of them again.
const elements = new Map<string, Map<string, string>>()
const longestMemo = 4000

/** `make(prefix, key)`, remembered within bounds. */
function remembered(prefix: string, key: string, make: (prefix: string, key: string) => string): string {
  let known = elements.get(prefix)
  if (!known) elements.set(prefix, (known = new Map()))
  let element = known.get(key)
  if (element === undefined) {
    element = make(prefix, key)
    if (known.size >= longestMemo) known.clear()
    known.set(key, element)
  }
  return element
}

const keyCache = new WeakMap<Field, readonly string[]>()
function sortedKeys(field: Field): readonly string[] {
  let keys = keyCache.get(field)
  if (!keys) keyCache.set(field, (keys = [...(field.listMapKeys ?? [])].sort()))
  return keys
}

/** `v:"x"`. */
export function setItemKey(item: unknown): string {
  return `v:${JSON.stringify(item)}`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isEmptyMap(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (!isObject(value)) return false
  for (const _ in value) return false
  return true
}

/** The path element, walk and value of everything directly inside. */
function visit(
  walk: Walk,
  shape: Shape,
  value: unknown,
  each: (element: string, child: Walk, item: unknown, declared: boolean, key: string) => void,
): void {
  if (value === undefined || value === null) return
  if (shape === 'struct') {
    if (!isObject(value)) return
    const definition = walk.type!.definition!
    for (const key in value) {
      const child = fieldWalk(definition, key)
      if (child?.element) each(child.element, child, value[key], true, key)
      else if (child) each(remembered('f:', key, mapKey), child, value[key], false, key)
    }
  } else if (shape === 'map') {
    if (!isObject(value)) return
    const child = walk.type ? itemWalk(walk) : untyped
    for (const key in value) each(remembered('f:', key, mapKey), child, value[key], false, key)
  } else if (Array.isArray(value)) {
    const child = itemWalk(walk)
    for (const item of value) {
      const element = shape === 'list' ? listItemKey(walk, item) : setItemKey(item)
      if (element !== undefined) each(element, child, item, false, element)
    }
  }
}

/** What an applied configuration owns. Upstream: TypedValue.ToFieldSet. */
export function fieldSetOf(walk: Walk, value: unknown): FieldSet | undefined {
  const shape = shapeOf(walk, value)
  if (shape === 'leaf') return leaf
  const node: MutableSet = {}
  let any = false
  visit(walk, shape, value, (element, child, item, declared) => {
    const inner = fieldSetOf(child, item)
    const isMember = !declared || item === null || (isObject(item) && isEmptyMap(item))
    const result = inner === undefined ? (isMember ? leaf : undefined) : isMember ? withMember(inner) : inner
    if (result === undefined) return
    node[element] = result
    any = true
  })
  return any ? node : undefined
}

function withMember(node: FieldSet): FieldSet {
  return isMember(node) ? node : { '.': leaf, ...node }
}

/** Is this node a member itself? */
export function isMember(node: FieldSet): boolean {
  if ('.' in node) return true
  for (const _ in node) return false
  return true
}

/** All of a value that is new or gone: every path in it, itself included. */
export function wholeSet(walk: Walk, value: unknown): FieldSet {
  const shape = shapeOf(walk, value)
  if (shape === 'leaf') return leaf
  const node: MutableSet = {}
  let any = false
  visit(walk, shape, value, (element, child, item) => {
    if (!any) {
      node['.'] = leaf
      any = true
    }
    node[element] = wholeSet(child, item)
  })
  return any ? node : leaf
}

/** Paths that `right` adds or changes. Upstream: Comparison.Added and Modified. */
export function changedSet(walk: Walk, left: unknown, right: unknown): FieldSet | undefined {
  if (left === right || right === undefined) return undefined
  if (left === undefined) return wholeSet(walk, right)
  const shape = shapeOf(walk, right ?? left)
  if (shape === 'leaf') return deepEqual(left, right) ? undefined : leaf
  if (isEmptyOf(shape, left) && isEmptyOf(shape, right)) return deepEqual(left, right) ? undefined : leaf
  const node: MutableSet = {}
  let any = false
  const before = childrenOf(walk, shape, left)
  visit(walk, shape, right, (element, child, item, _declared, key) => {
    const inner = changedSet(child, before(key), item)
    if (inner === undefined) return
    node[element] = inner
    any = true
  })
  return any ? node : undefined
}

/** Paths that `right` no longer has. Upstream: Comparison.Removed. */
export function removedSet(walk: Walk, left: unknown, right: unknown): FieldSet | undefined {
  if (left === right || left === undefined) return undefined
  if (right === undefined) return wholeSet(walk, left)
  const shape = shapeOf(walk, left ?? right)
  if (shape === 'leaf') return undefined
  const node: MutableSet = {}
  let any = false
  const after = childrenOf(walk, shape, right)
  visit(walk, shape, left, (element, child, item, _declared, key) => {
    const inner = removedSet(child, item, after(key))
    if (inner === undefined) return
    node[element] = inner
    any = true
  })
  return any ? node : undefined
}

function isEmptyOf(shape: Shape, value: unknown): boolean {
  return shape === 'list' || shape === 'set' ? !Array.isArray(value) || value.length === 0 : isEmptyMap(value)
}

/** Looks up what is directly inside, by a struct's or map's key or a list's path element. */
function childrenOf(walk: Walk, shape: Shape, value: unknown): (key: string) => unknown {
  if (shape === 'struct' || shape === 'map')
    return isObject(value) ? (key) => (Object.hasOwn(value, key) ? value[key] : undefined) : () => undefined
  const items = new Map<string, unknown>()
  visit(walk, shape, value, (element, _child, item) => items.set(element, item))
  return (element) => items.get(element)
}

/** Members of either. */
export function union(left: FieldSet | undefined, right: FieldSet | undefined): FieldSet {
  if (!left) return right ?? leaf
  if (!right || left === right) return left
  const leftMember = isMember(left)
  const rightMember = isMember(right)
  const node: MutableSet = { ...left }
  let any = false
  for (const key in right) {
    if (key === '.') continue
    any = true
    node[key] = left[key] ? union(left[key], right[key]) : right[key]!
  }
  if (!any && rightMember && leftMember) return left
  for (const key in node) {
    if (key !== '.') {
      if (leftMember || rightMember) node['.'] = leaf
      return node
    }
  }
  return leaf
}

/** The union of two sets of a whole object, where no children means no members. */
export function unionRoot(left: FieldSet | undefined, right: FieldSet | undefined): FieldSet {
  const node: MutableSet = { ...left }
  for (const key in right) node[key] = node[key] ? union(node[key], right[key]) : right[key]!
  return node
}

/** Members of `left` that are not in `right`; for roots, whose own membership means nothing. */
export function difference(left: FieldSet, right: FieldSet | undefined): FieldSet | undefined {
  if (!right) return left
  const node: MutableSet = {}
  let any = false
  let same = true
  for (const key in left) {
    if (key === '.') continue
    const a = left[key]!
    const b = right[key]
    const rest = b ? subtract(a, b) : a
    if (rest !== a) same = false
    if (rest === undefined) continue
    node[key] = rest
    any = true
  }
  return same ? left : any ? node : undefined
}

function subtract(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const keepsMember = isMember(a) && !isMember(b)
  let hasChildren = false
  for (const key in a) if (key !== '.') hasChildren = true
  if (!hasChildren) return keepsMember ? a : undefined
  const children = difference(a, b)
  if (children === a && (keepsMember || !isMember(a))) return a
  if (children === undefined) return keepsMember ? leaf : undefined
  const { '.': _self, ...rest } = children
  let any = false
  for (const _ in rest) any = true
  if (!any) return keepsMember ? leaf : undefined
  return keepsMember ? { '.': leaf, ...rest } : rest
}

/** Is every member of `part` one of `whole`? */
export function covers(whole: FieldSet, part: FieldSet): boolean {
  for (const key in part) {
    if (key === '.') continue
    const inner = whole[key]
    if (!inner || (isMember(part[key]!) && !isMember(inner)) || !covers(inner, part[key]!)) return false
  }
  return true
}

/** Paths (as lists of elements) that are members of both, members first at each level, sorted. */
export function intersectionPaths(left: FieldSet, right: FieldSet, prefix: readonly string[] = []): string[][] {
  const members: string[][] = []
  const nested: string[][] = []
  for (const key of Object.keys(left).sort()) {
    const other = key === '.' ? undefined : right[key]
    if (!other) continue
    const path = [...prefix, key]
    if (isMember(left[key]!) && isMember(other)) members.push(path)
    nested.push(...intersectionPaths(left[key]!, other, path))
  }
  return [...members, ...nested]
}

/** The members of both as a set. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet | undefined {
  const node: MutableSet = {}
  let any = false
  for (const key in left) {
    if (key === '.') continue
    const a = left[key]!
    const b = right[key]
    if (!b) continue
    const member = isMember(a) && isMember(b)
    const children = intersection(a, b)
    if (!member && !children) continue
    node[key] = children ? (member ? { '.': leaf, ...children } : children) : leaf
    any = true
  }
  return any ? node : undefined
}

/** `.spec.containers[name="c"].image`, as conflicts name a path. */
export function pathText(path: readonly string[]): string {
  let text = ''
  for (const element of path) {
    const rest = element.slice(2)
    if (element.startsWith('f:')) text += `.${rest}`
    else if (element.startsWith('v:')) text += `[=${rest}]`
    else if (element.startsWith('k:')) {
      const keys = JSON.parse(rest) as Record<string, unknown>
      text += `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`
    } else text += `[${rest}]`
  }
  return text
}
