import { deepEqual } from '../lib/deep-equal.ts'
import { plainError } from './errors.ts'
import {
  definition,
  fieldOf as declaredField,
  type Definition,
  type Field,
  type SchemaRef,
  type SchemaType,
} from './schema/schema.ts'

type Obj = Record<string, unknown>

/** Strategic merge patch by the schema's merge keys. Neither argument is changed. Upstream: util/strategicpatch. */
export function strategicMergePatch(original: unknown, patch: unknown, schema: SchemaRef): unknown {
  return mergeMap(asObject(original), asObject(patch), definition(schema))
}

const asObject = (value: unknown): Obj =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Obj) : {}
const isObject = (value: unknown): value is Obj => typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldOf(def: Definition | undefined, key: string): Field | undefined {
  return def && declaredField(def, key)
}

function mergeMap(original: Obj, patch: Obj, def: Definition | undefined, type?: SchemaType): Obj {
  const directive = patch['$patch']
  if (directive === 'replace') {
    const { $patch: _directive, ...rest } = patch
    return dropDirectives(rest) as Obj
  }
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw plainError(
      `Unknown patch type found: ${typeof directive === 'string' ? directive : JSON.stringify(directive)}`,
    )
  const retain = patch['$retainKeys']
  let result: Obj = { ...original }
  if (Array.isArray(retain)) result = Object.fromEntries(Object.entries(result).filter(([key]) => retain.includes(key)))

  for (const key of Object.keys(patch)) {
    if (!key.startsWith('$deleteFromPrimitiveList/')) continue
    const name = key.slice('$deleteFromPrimitiveList/'.length)
    const removed = patch[key]
    if (Array.isArray(result[name]) && Array.isArray(removed))
      result[name] = (result[name] as unknown[]).filter((item) => !removed.some((one) => deepEqual(one, item)))
  }
  const itemsOf = (key: string): Definition | undefined =>
    fieldOf(def, key)?.type.definition ?? (def ? undefined : type?.items?.definition)
  for (const key of Object.keys(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$deleteFromPrimitiveList/') || key === '__proto__')
      continue
    if (key.startsWith('$setElementOrder/')) {
      const name = key.slice('$setElementOrder/'.length)
      if (!(name in patch) && Array.isArray(result[name]))
        result[name] = mergeList(result[name] as unknown[], [], fieldOf(def, name), patch[key] as unknown[])
      continue
    }
    const value = patch[key]
    if (value === null) {
      delete result[key]
      continue
    }
    const existing = Object.hasOwn(result, key) ? result[key] : undefined
    const field = fieldOf(def, key)
    if (isObject(value)) {
      const replaces = field?.patchStrategy?.split(',').includes('replace')
      if (!isObject(existing) || replaces) {
        const fresh = isObject(existing) || value['$patch'] !== 'delete' ? (dropDirectives(value) as Obj) : undefined
        if (fresh === undefined) delete result[key]
        else result[key] = fresh
      } else if (value['$patch'] === 'delete') delete result[key]
      else result[key] = mergeMap(existing, value, itemsOf(key), field?.type)
    } else if (Array.isArray(value)) {
      const order = patch[`$setElementOrder/${key}`]
      result[key] = mergesList(field)
        ? mergeList(Array.isArray(existing) ? existing : [], value, field, Array.isArray(order) ? order : undefined)
        : value
    } else result[key] = value
  }
  return result
}

function mergesList(field: Field | undefined): boolean {
  return field?.patchStrategy?.split(',').includes('merge') ?? false
}

function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  field: Field | undefined,
  setOrder: readonly unknown[] | undefined,
): unknown[] {
  const mergeKey = field?.patchMergeKey
  const itemDefinition = field?.type.items?.definition
  const keyOf = (item: unknown): unknown => (mergeKey ? asObject(item)[mergeKey] : item)
  const indexIn = (list: readonly unknown[], item: unknown) =>
    list.findIndex((one) => deepEqual(keyOf(one), keyOf(item)))

  let merged = [...original]
  const plain: unknown[] = []
  let replace = false
  for (const item of patch) {
    const directive = mergeKey ? asObject(item)['$patch'] : undefined
    if (directive === undefined || directive === 'merge') {
      plain.push(item)
      continue
    }
    if (directive === 'replace') {
      replace = true
      continue
    }
    if (directive !== 'delete')
      throw plainError(
        `Unknown patch type found: ${typeof directive === 'string' ? directive : JSON.stringify(directive)}`,
      )
    merged = merged.filter((one) => !deepEqual(keyOf(one), keyOf(item)))
  }
  if (replace) return plain.map((item) => dropDirectives(item))
  for (const item of plain) {
    if (mergeKey && keyOf(item) === undefined)
      throw plainError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`)
    const index = indexIn(merged, item)
    if (index < 0) merged.push(dropDirectives(item))
    else if (mergeKey) merged[index] = mergeMap(asObject(merged[index]), asObject(item), itemDefinition)
  }
  const order = setOrder ?? plain
  const fromPatch = order.map((item) => merged[indexIn(merged, item)]).filter((item) => item !== undefined)
  const serverOnly = original
    .map((item) => merged[indexIn(merged, item)])
    .filter((item) => item !== undefined && indexIn(order, item) < 0)
  const unordered = merged.filter((item) => indexIn(order, item) < 0 && indexIn(original, item) < 0)
  return [...interleave(serverOnly, fromPatch, (item) => indexIn(original, item)), ...unordered]
}

/** Server-only items keep their place relative to those that were in the original too. Upstream: mergeSortedSlice. */
function interleave(
  left: readonly unknown[],
  right: readonly unknown[],
  position: (item: unknown) => number,
): unknown[] {
  const result: unknown[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i >= left.length) result.push(right[j++])
    else if (j >= right.length) result.push(left[i++])
    else {
      const [l, r] = [position(left[i]), position(right[j])]
      result.push(l >= 0 && r >= 0 && l < r ? left[i++] : right[j++])
    }
  }
  return result
}

/** A patch's value where there was none: without directives and nulls. */
function dropDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => asObject(item)['$patch'] === undefined).map(dropDirectives)
  if (!isObject(value)) return value
  const result: Obj = {}
  for (const key of Object.keys(value)) {
    if (
      key.startsWith('$patch') ||
      key === '$retainKeys' ||
      key.startsWith('$setElementOrder/') ||
      key.startsWith('$deleteFromPrimitiveList/') ||
      key === '__proto__'
    )
      continue
    if (value[key] !== null) result[key] = dropDirectives(value[key])
  }
  return result
}
