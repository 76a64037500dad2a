import { deepCopy } from '../../lib/freeze.ts'
import { isMap, propertyOf, setKey, valuesOf, type JsonSchema } from './json-schema.ts'

const needed = new WeakMap<JsonSchema, boolean>()

/** Is there anything in this schema that an object could miss? Also nulls are taken out where they mean nothing. */
function fillsIn(schema: JsonSchema): boolean {
  return schema.properties !== undefined || schema.items !== undefined || valuesOf(schema) !== undefined
}

const isForbiddenNull = (value: unknown, schema: JsonSchema | undefined) =>
  value === null && schema !== undefined && schema.nullable !== true

/**
 * Fills in a schema's defaults, and takes out nulls that are not allowed and have no default.
 * Upstream: structural/defaulting, Default and PruneNonNullableNullsWithoutDefaults.
 */
export function applyDefaults(schema: JsonSchema, value: unknown): void {
  let fills = needed.get(schema)
  if (fills === undefined) needed.set(schema, (fills = fillsIn(schema)))
  if (!fills) return
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return
    for (let index = 0; index < value.length; index++) {
      if (isForbiddenNull(value[index], items) && items.default !== undefined) value[index] = deepCopy(items.default)
      applyDefaults(items, value[index])
    }
    return
  }
  if (!isMap(value)) return
  const { properties } = schema
  if (properties) {
    for (const name of Object.keys(properties)) {
      const property = properties[name]!
      const missing = !Object.hasOwn(value, name)
      if (!missing && !isForbiddenNull(value[name], property)) continue
      if (property.default !== undefined) setKey(value, name, deepCopy(property.default))
      else if (!missing) delete value[name]
    }
  }
  const values = valuesOf(schema)
  for (const key of Object.keys(value)) {
    const known = propertyOf(schema, key)
    if (known) applyDefaults(known, value[key])
    else if (values) {
      if (isForbiddenNull(value[key], values)) {
        if (values.default === undefined) {
          delete value[key]
          continue
        }
        setKey(value, key, deepCopy(values.default))
      }
      applyDefaults(values, value[key])
    }
  }
}
