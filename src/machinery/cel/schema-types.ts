import { isEmbedded, isIntOrString, isMap, propertyOf, valuesOf, type JsonSchema } from '../structural/json-schema.ts'
import { keyText } from '../structural/validate-value.ts'
import { utf8Bytes } from '../../lib/utf8.ts'
import { parseDuration, parseTimestamp } from './functions/time.ts'
import { bool, bytes, double, duration, dyn, int, listOf, mapOf, string, timestamp, type CelType } from './types.ts'
import { fromJson, LazyList, LazyMap } from './values.ts'
import { decodeBase64Text } from '../../lib/base64.ts'

const keywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const unescapes: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' }

/** The property that a name in CEL means: `x__dash__y` is `x-y`, `__namespace__` is `namespace`. */
function unescapeName(name: string): string {
  const keyword = /^__([a-z]+)__$/.exec(name)
  if (keyword && keywords.has(keyword[1]!)) return keyword[1]!
  return name.replace(/__(underscores|dot|dash|slash)__/g, (_whole, word: string) => unescapes[word]!)
}

const meta: JsonSchema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } }
const resourceFields: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: meta,
}

/** What a rule may reach of an object: of metadata only the names. */
function fieldSchema(schema: JsonSchema, name: string, isResource: boolean): JsonSchema | undefined {
  if (isResource && Object.hasOwn(resourceFields, name)) return resourceFields[name]
  return propertyOf(schema, name)
}

const types = new WeakMap<JsonSchema, CelType>()
const rootTypes = new WeakMap<JsonSchema, CelType>()

/** The type of a schema's values; undefined for those that rules cannot see. Upstream: common.SchemaDeclType. */
export function celTypeOf(schema: JsonSchema, isRoot = false): CelType | undefined {
  const known = (isRoot ? rootTypes : types).get(schema)
  if (known) return known
  const type = typeOf(schema, isRoot || isEmbedded(schema))
  if (type) (isRoot ? rootTypes : types).set(schema, type)
  return type
}

function typeOf(schema: JsonSchema, isResource: boolean): CelType | undefined {
  if (isIntOrString(schema)) return dyn
  switch (schema.type) {
    case 'object': {
      const values = valuesOf(schema)
      if (values && !isResource) {
        const type = celTypeOf(values)
        return type && mapOf(string, type)
      }
      return {
        kind: 'object',
        name: 'object',
        field(name) {
          const field = fieldSchema(schema, name, isResource) ?? fieldSchema(schema, unescapeName(name), isResource)
          return field && celTypeOf(field)
        },
      }
    }
    case 'array': {
      const item = schema.items && celTypeOf(schema.items)
      return item && listOf(item)
    }
    case 'string':
      return stringTypes[schema.format ?? ''] ?? string
    case 'boolean':
      return bool
    case 'integer':
      return int
    case 'number':
      return double
    default:
      return undefined
  }
}

const stringTypes: Readonly<Record<string, CelType | undefined>> = {
  byte: bytes,
  duration,
  date: timestamp,
  'date-time': timestamp,
}

/** A JSON value as its schema has rules see it. Upstream: common.UnstructuredToVal. */
export function fromSchema(value: unknown, schema: JsonSchema, isRoot = false): unknown {
  if (value === null || value === undefined) return null
  if (isIntOrString(schema)) return fromJson(value)
  switch (schema.type) {
    case 'number':
      return typeof value === 'number' ? value : fromJson(value)
    case 'string':
      return typeof value === 'string' ? fromText(value, schema.format) : fromJson(value)
    case 'array':
      return Array.isArray(value) ? listFrom(value, schema) : fromJson(value)
    case 'object':
      return isMap(value) ? objectFrom(value, schema, isRoot || isEmbedded(schema)) : fromJson(value)
    default:
      return fromJson(value)
  }
}

function fromText(text: string, format: string | undefined): unknown {
  if (format === 'byte') return Uint8Array.from(utf8Bytes(decodeBase64Text(text)))
  if (format === 'duration') return parseDuration(text) ?? text
  if (format === 'date') return parseTimestamp(`${text}T00:00:00Z`) ?? text
  return format === 'date-time' ? (parseTimestamp(text) ?? text) : text
}

function listFrom(value: readonly unknown[], schema: JsonSchema): LazyList {
  const { items } = schema
  const at = (index: number) => (items ? fromSchema(value[index], items) : fromJson(value[index]))
  const type = schema['x-kubernetes-list-type']
  if (type !== 'map' && type !== 'set') return new LazyList(value.length, at)
  // Sets and keyed lists are equal whatever their order; an item's text tells it from the others.
  const made = new Map<unknown, string>()
  const lazyAt = (index: number) => {
    const item = at(index)
    made.set(item, type === 'map' ? keyText(schema, value[index]) : JSON.stringify(value[index]))
    return item
  }
  return new LazyList(value.length, lazyAt, (item) => made.get(item) ?? itemText(schema, item))
}

function itemText(schema: JsonSchema, item: unknown): string {
  if (schema['x-kubernetes-list-type'] === 'set') return JSON.stringify(typeof item === 'bigint' ? Number(item) : item)
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return JSON.stringify(
    keys.map((key) => {
      const value = item instanceof LazyMap ? item.get(key) : null
      return typeof value === 'bigint' ? Number(value) : (value ?? null)
    }),
  )
}

function objectFrom(value: Record<string, unknown>, schema: JsonSchema, isResource: boolean): LazyMap {
  const values = valuesOf(schema)
  if (values && !isResource) {
    return new LazyMap(
      () => Object.keys(value),
      (key) => (typeof key === 'string' && Object.hasOwn(value, key) ? fromSchema(value[key], values) : undefined),
    )
  }
  const get = (name: string) => {
    const field = fieldSchema(schema, name, isResource)
    if (!field || !Object.hasOwn(value, name) || value[name] === undefined) return undefined
    return value[name] === null && !field.nullable ? undefined : fromSchema(value[name], field)
  }
  return new LazyMap(
    () => Object.keys(value).filter((name) => fieldSchema(schema, name, isResource)),
    (key) => (typeof key === 'string' ? (get(key) ?? get(unescapeName(key))) : undefined),
  )
}
