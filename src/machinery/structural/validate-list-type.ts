import { forbidden, invalid, notSupported, required, type FieldError } from '../field-errors.ts'
import { isMap, propertyOf, type JsonSchema } from './json-schema.ts'

const scalars = new Set(['string', 'integer', 'number', 'boolean'])

/** x-kubernetes-list-type and x-kubernetes-list-map-keys fit each other and the items. */
export function validateListType(schema: JsonSchema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const errors: FieldError[] = []
  const typeAt = `${path}.x-kubernetes-list-type`
  if (listType !== undefined) {
    if (schema.type !== 'array') {
      const detail = 'must be array if x-kubernetes-list-type is specified'
      errors.push(schema.type ? invalid(`${path}.type`, schema.type, detail) : required(`${path}.type`, detail))
    }
    if (!['atomic', 'map', 'set'].includes(listType))
      errors.push(notSupported(typeAt, listType, ['atomic', 'map', 'set']))
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(listType === undefined ? required(typeAt, detail) : invalid(typeAt, listType, detail))
  }
  if (listType === 'map') errors.push(...validateMapList(schema, keys, path))
  if (listType === 'set') errors.push(...validateSet(schema, path))
  return errors
}

function validateMapList(schema: JsonSchema, keys: readonly string[], path: string): FieldError[] {
  const at = `${path}.x-kubernetes-list-map-keys`
  if (keys.length === 0) return [required(at, 'must not be empty if x-kubernetes-list-type is map')]
  const items: JsonSchema | undefined = isMap(schema.items) ? schema.items : undefined
  if (!items) return [required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map')]
  const errors: FieldError[] = []
  if (items.type !== 'object')
    errors.push(
      invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"),
    )
  if (new Set(keys).size < keys.length) errors.push(invalid(at, keys, 'must not contain duplicate entries'))
  for (const key of new Set(keys)) {
    const property = propertyOf(items, key)
    if (!property) {
      errors.push(invalid(at, keys, 'entries must all be names of item properties'))
      continue
    }
    const propertyAt = `${path}.items.properties[${key}]`
    if (!scalars.has(property.type ?? ''))
      errors.push(
        invalid(
          `${propertyAt}.type`,
          property.type ?? '',
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      )
    else if (!items.required?.includes(key) && property.default === undefined)
      errors.push(
        required(
          `${propertyAt}.default`,
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      )
    if (property.nullable)
      errors.push(
        forbidden(`${propertyAt}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'),
      )
  }
  return errors
}

function validateSet(schema: JsonSchema, path: string): FieldError[] {
  const items: JsonSchema | undefined = isMap(schema.items) ? schema.items : undefined
  if (!items) return []
  const errors: FieldError[] = []
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  if (items.nullable)
    errors.push(forbidden(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is set'))
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    errors.push(invalid(`${path}.items.x-kubernetes-map-type`, items['x-kubernetes-map-type'] ?? null, detail))
  const listType = items['x-kubernetes-list-type'] ?? 'atomic'
  if (items.type === 'array' && listType !== 'atomic')
    errors.push(invalid(`${path}.items.x-kubernetes-list-type`, listType, detail))
  return errors
}
