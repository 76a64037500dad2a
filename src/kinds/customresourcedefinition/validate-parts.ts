import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { parseJsonPath } from '../../machinery/structural/json-path.ts'
import { propertyOf, type JsonSchema } from '../../machinery/structural/json-schema.ts'
import type { CrdColumn, CrdScale, CrdVersion } from './types.ts'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

/** Columns have a name, a type that is known and a path. */
export function validateColumns(columns: readonly CrdColumn[] | undefined, path: string): FieldError[] {
  return (columns ?? []).flatMap((column, index) => {
    const at = `${path}[${index}]`
    const errors: FieldError[] = []
    if (!column.name) errors.push(required(`${at}.name`))
    if (!column.type) errors.push(required(`${at}.type`, `must be one of ${columnTypes.join(',')}`))
    else if (!columnTypes.includes(column.type))
      errors.push(invalid(`${at}.type`, column.type, `must be one of ${columnTypes.join(',')}`))
    if (column.format && !columnFormats.includes(column.format))
      errors.push(invalid(`${at}.format`, column.format, `must be one of ${columnFormats.join(',')}`))
    if (!column.jsonPath) errors.push(required(`${at}.jsonPath`))
    else errors.push(...validateJsonPath(column.jsonPath, `${at}.jsonPath`))
    return errors
  })
}

function validateJsonPath(text: string, field: string): FieldError[] {
  if (!text.startsWith('.')) return [invalid(field, text, 'must be a simple json path starting with .')]
  const parsed = parseJsonPath(text)
  return 'problem' in parsed ? [invalid(field, text, parsed.problem)] : []
}

/** Upstream: ValidateCustomResourceDefinitionSubresources. */
export function validateScale(scale: CrdScale | undefined, path: string): FieldError[] {
  if (!scale) return []
  const check = (name: keyof CrdScale, under: string, isRequired: boolean): FieldError[] => {
    const field = `${path}.scale.${name}`
    const value = scale[name]
    if (!value) return isRequired ? [required(field)] : []
    if (!value.startsWith('.')) return [invalid(field, value, 'must be a simple json path starting with .')]
    if (value.includes('[')) return [invalid(field, value, 'must be a json path in the dot notation')]
    return value.startsWith(`.${under}.`) ? [] : [invalid(field, value, `should be a json path under .${under}`)]
  }
  const selector = scale.labelSelectorPath
  const selectorAt = `${path}.scale.labelSelectorPath`
  return [
    ...check('specReplicasPath', 'spec', true),
    ...check('statusReplicasPath', 'status', true),
    ...(selector && !selector.startsWith('.')
      ? [invalid(selectorAt, selector, 'must be a simple json path starting with .')]
      : selector && !selector.startsWith('.spec.') && !selector.startsWith('.status.')
        ? [invalid(selectorAt, selector, 'should be a json path under either .status or .spec')]
        : []),
  ]
}

const selectableTypes = new Set(['string', 'boolean', 'integer'])
const maxSelectableFields = 8

/** Upstream: ValidateCustomResourceSelectableFields. */
export function validateSelectableFields(version: CrdVersion, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  const fields = version.selectableFields ?? []
  for (const [index, { jsonPath }] of fields.entries()) {
    const at = `${path}[${index}].jsonPath`
    if (!jsonPath) {
      errors.push(required(at))
      continue
    }
    const found = schemaAt(version.schema?.openAPIV3Schema ?? {}, jsonPath)
    if (typeof found === 'string') {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found}`))
      continue
    }
    if (jsonPath.startsWith('.metadata')) errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'))
    if (!selectableTypes.has(found.type ?? ''))
      errors.push(
        invalid(
          at,
          jsonPath,
          'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        ),
      )
    if (seen.has(jsonPath))
      errors.push({ type: 'FieldValueDuplicate', field: at, message: `Duplicate value: ${JSON.stringify(jsonPath)}` })
    seen.add(jsonPath)
  }
  if (fields.length > maxSelectableFields)
    errors.push({
      type: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${fields.length}: must have at most ${maxSelectableFields} items`,
    })
  return errors
}

/** The schema that a dotted path names, or what is wrong with the path. */
export function schemaAt(root: JsonSchema, path: string): JsonSchema | string {
  if (path.includes('[')) return 'array notation is not allowed'
  if (!path.startsWith('.')) return `expected [ or . but got: ${path.split('.')[0]}`
  let schema: JsonSchema = root
  for (const name of path.slice(1).split('.')) {
    if (name === '') return 'unexpected end of JSON path'
    const property = propertyOf(schema, name)
    if (!property) return 'does not refer to a valid field'
    schema = property
  }
  return schema
}
