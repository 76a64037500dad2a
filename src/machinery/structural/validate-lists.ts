import { duplicate, required, invalid, type FieldError } from '../field-errors.ts'
import { isDns1123Subdomain } from '../names.ts'
import { validateLabels } from '../object-meta.ts'
import { isEmbedded, isMap, propertyOf, valuesOf, type JsonSchema } from './json-schema.ts'
import { keyText } from './validate-value.ts'

/** Sets without repetition, keyed lists without repeated keys. Upstream: listtype.ValidateListSetsAndMaps. */
export function validateLists(schema: JsonSchema, value: unknown, path = ''): FieldError[] {
  if (Array.isArray(value)) {
    const errors = repeated(schema, value, path)
    const { items } = schema
    if (items)
      for (const [index, item] of value.entries()) errors.push(...validateLists(items, item, `${path}[${index}]`))
    return errors
  }
  return insideMap(schema, value, path, validateLists)
}

function repeated(schema: JsonSchema, value: readonly unknown[], path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, item] of value.entries()) {
    const text = type === 'map' ? keyText(schema, item) : JSON.stringify(item)
    if (seen.has(text)) errors.push(duplicate(`${path}[${index}]`, type === 'map' ? keysOf(schema, item) : item))
    seen.add(text)
  }
  return errors
}

function keysOf(schema: JsonSchema, item: unknown): unknown {
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).filter((key) => isMap(item) && Object.hasOwn(item, key))
  return Object.fromEntries(keys.map((key) => [key, (item as Record<string, unknown>)[key]]))
}

/** Objects inside objects have a kind, an apiVersion and sound metadata. Upstream: objectmeta.Validate. */
export function validateEmbedded(schema: JsonSchema, value: unknown, path = ''): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.flatMap((item, index) => validateEmbedded(items, item, `${path}[${index}]`)) : []
  }
  const errors: FieldError[] = []
  if (isEmbedded(schema) && isMap(value)) {
    for (const field of ['apiVersion', 'kind'])
      if (!value[field]) errors.push(required(`${path}.${field}`, 'must not be empty'))
    const metadata = value.metadata as Record<string, any> | undefined
    if (metadata?.name) {
      for (const problem of isDns1123Subdomain(metadata.name))
        errors.push(invalid(`${path}.metadata.name`, metadata.name, problem))
    }
    if (metadata?.labels) errors.push(...validateLabels(metadata.labels, `${path}.metadata.labels`))
  }
  return [...errors, ...insideMap(schema, value, path, validateEmbedded)]
}

function insideMap(
  schema: JsonSchema,
  value: unknown,
  path: string,
  check: (schema: JsonSchema, value: unknown, path: string) => FieldError[],
): FieldError[] {
  if (!isMap(value) || (!schema.properties && !valuesOf(schema))) return []
  return Object.keys(value).flatMap((key) => {
    const known = propertyOf(schema, key)
    if (known) return check(known, value[key], path ? `${path}.${key}` : key)
    const values = valuesOf(schema)
    return values ? check(values, value[key], `${path}[${key}]`) : []
  })
}
