import { PatternError, PatternTooCostly, linearPattern } from '../../lib/linear-pattern/pattern.ts'
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-errors.ts'
import { isMap, preserves, type JsonSchema } from './json-schema.ts'
import { validateListType } from './validate-list-type.ts'
import { validateValue, wholeObject } from './validate-value.ts'
import { decodeCustom } from './decode.ts'

type Level = 'root' | 'item' | 'field'

/** Deeper schemas are refused: nobody writes them, and reading them would never end. */
const maxSchemaDepth = 100

const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const

const typeRequired: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

/** A schema that is too deep to be looked into; undefined for all others. */
export function schemaTooDeep(schema: JsonSchema, path: string): FieldError | undefined {
  if (depthOf(schema, 0) <= maxSchemaDepth) return undefined
  return invalid(path, '', `must not be nested more than ${maxSchemaDepth} levels deep`)
}

/** What no schema may say, anywhere. Upstream: ValidateCustomResourceDefinitionOpenAPISchema. */
export function validateOpenApi(schema: JsonSchema, path: string): FieldError[] {
  const errors = [...validateAnywhere(schema, path), ...validateListType(schema, path)]
  for (const [at, child] of [...childSchemas(schema), ...logicalChildren(schema)])
    errors.push(...validateOpenApi(child, path + at))
  return errors
}

/** Can Kubernetes prune, default and merge by this schema? Upstream: schema.ValidateStructural. */
export function validateStructural(schema: JsonSchema, path: string): FieldError[] {
  const text = ({ field, message }: FieldError) => `${field}: ${message}`
  return validateNode(schema, path, 'root').sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

/** Every schema directly below, with the path to it. */
export function childSchemas(schema: JsonSchema): [path: string, child: JsonSchema, level: Level][] {
  const children: [string, JsonSchema, Level][] = []
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (isMap(property)) children.push([`.properties[${name}]`, property, 'field'])
  if (isMap(schema.additionalProperties)) children.push(['.additionalProperties', schema.additionalProperties, 'field'])
  if (isMap(schema.items)) children.push(['.items', schema.items, 'item'])
  return children
}

function logicalChildren(schema: JsonSchema): [path: string, child: JsonSchema][] {
  const children: [string, JsonSchema][] = []
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const)
    for (const [index, one] of (schema[name] ?? []).entries()) children.push([`.${name}[${index}]`, one])
  if (schema.not) children.push(['.not', schema.not])
  return children
}

function depthOf(schema: JsonSchema, depth: number): number {
  if (depth > maxSchemaDepth) return depth
  let deepest = depth
  for (const [, child] of childSchemas(schema)) deepest = Math.max(deepest, depthOf(child, depth + 1))
  for (const [, child] of logicalChildren(schema)) deepest = Math.max(deepest, depthOf(child, depth + 1))
  return deepest
}

function validateNode(schema: JsonSchema, path: string, level: Level): FieldError[] {
  const errors = validateType(schema, path, level)
  if (level === 'root' || schema['x-kubernetes-embedded-resource'])
    errors.push(...validateMetadata(schema, path, level === 'root'))
  if (schema['x-kubernetes-embedded-resource'] && !preserves(schema) && !schema.properties)
    errors.push(
      required(
        `${path}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    )
  for (const [at, child, childLevel] of childSchemas(schema)) errors.push(...validateNode(child, path + at, childLevel))
  if (schema.pattern !== undefined) errors.push(...validatePattern(schema.pattern, path))
  for (const [at, child] of logicalChildren(schema)) {
    if (isIntOrStringPattern(schema, at)) continue
    errors.push(...validateNested(child, schema, path + at, path))
  }
  return errors
}

/** `anyOf: [{type: integer}, {type: string}]` may name types. */
function isIntOrStringPattern(schema: JsonSchema, at: string): boolean {
  const types = (list: readonly JsonSchema[] | undefined) => list?.map((one) => one.type).join()
  return (
    (at.startsWith('.anyOf') && types(schema.anyOf) === 'integer,string') ||
    (at === '.allOf[0]' && types(schema.allOf?.[0]?.anyOf) === 'integer,string')
  )
}

function validateAnywhere(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const name of unsupported)
    if ((schema as Record<string, unknown>)[name] !== undefined)
      errors.push(forbidden(`${path}.${name}`, `${name} is not supported`))
  if (schema.type === 'null')
    errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'))
  if (Array.isArray(schema.items))
    errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'))
  if (schema.uniqueItems)
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  const { additionalProperties } = schema
  if (additionalProperties !== undefined) {
    if (schema.properties && Object.keys(schema.properties).length > 0) {
      if (additionalProperties !== true)
        errors.push(
          forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
        )
    }
    if (additionalProperties === false)
      errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'))
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'))
  const mapType = schema['x-kubernetes-map-type']
  if (mapType !== undefined) {
    if (schema.type !== 'object')
      errors.push(wrongType(schema, path, 'must be object if x-kubernetes-map-type is specified'))
    if (mapType !== 'atomic' && mapType !== 'granular')
      errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']))
  }
  if (schema.type && !knownTypes.has(schema.type))
    errors.push(notSupported(`${path}.type`, schema.type, knownTypeNames))
  return errors
}

function validatePattern(pattern: string, path: string): FieldError[] {
  try {
    linearPattern(pattern)
    return []
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof PatternTooCostly)) throw error
    return [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${error.message}`)]
  }
}

/** A missing type is required, another one invalid. */
function wrongType(schema: JsonSchema, path: string, detail: string): FieldError {
  return schema.type ? invalid(`${path}.type`, schema.type, detail) : required(`${path}.type`, detail)
}

const knownTypeNames = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const knownTypes = new Set([...knownTypeNames, 'null'])

function validateType(schema: JsonSchema, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const isIntOrString = schema['x-kubernetes-int-or-string']
  if (schema['x-kubernetes-embedded-resource'] && schema.type !== 'object')
    errors.push(wrongType(schema, path, 'must be object if x-kubernetes-embedded-resource is true'))
  else if (!schema.type && !isIntOrString && !preserves(schema))
    errors.push(required(`${path}.type`, typeRequired[level]))
  if (level === 'root' && schema.type && schema.type !== 'object')
    errors.push(invalid(`${path}.type`, schema.type, 'must be object at the root'))
  if (schema.additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'))
    if (schema['x-kubernetes-embedded-resource'])
      errors.push(
        forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'),
      )
  }
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    if (isIntOrString && schema[name])
      errors.push(invalid(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'))
  if (schema.type === 'array' && schema.items === undefined) errors.push(required(`${path}.items`, 'must be specified'))
  return errors
}

function validateMetadata(schema: JsonSchema, path: string, isRoot: boolean): FieldError[] {
  const errors: FieldError[] = []
  const { metadata, apiVersion, kind } = schema.properties ?? {}
  for (const [name, property] of [
    ['apiVersion', apiVersion],
    ['kind', kind],
  ] as const)
    if (property && property.type !== 'string')
      errors.push(invalid(`${path}.properties[${name}].type`, property.type ?? '', 'must be string'))
  if (!metadata) return errors
  const at = `${path}.properties[metadata]`
  if (metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'))
  if (!isRoot) return errors
  const names = Object.keys(metadata.properties ?? {})
  const allowed = new Set(['type', 'properties', 'default'])
  if (
    names.some((name) => name !== 'name' && name !== 'generateName') ||
    Object.keys(metadata).some((name) => !allowed.has(name))
  )
    errors.push(
      forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'),
    )
  return errors
}

/** Inside allOf, anyOf, oneOf and not, only values are constrained. */
const structural: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['default', 'must be undefined to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

function validateNested(nested: JsonSchema, outer: JsonSchema, path: string, outerPath: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, text] of structural)
    if (nested[name] !== undefined && nested[name] !== false) errors.push(forbidden(`${path}.${name}`, text))
  if (nested.pattern !== undefined) errors.push(...validatePattern(nested.pattern, path))
  if (nested.properties && Object.hasOwn(nested.properties, 'metadata'))
    errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'))
  if (nested.items) {
    if (!outer.items) errors.push(required(`${outerPath}.items`, `because it is defined in ${path}.items`))
    else errors.push(...validateNested(nested.items, outer.items, `${path}.items`, `${outerPath}.items`))
  }
  for (const [name, property] of Object.entries(nested.properties ?? {})) {
    const declared = outer.properties && Object.hasOwn(outer.properties, name) ? outer.properties[name] : undefined
    if (declared)
      errors.push(
        ...validateNested(property, declared, `${path}.properties[${name}]`, `${outerPath}.properties[${name}]`),
      )
    else
      errors.push(required(`${outerPath}.properties[${name}]`, `because it is defined in ${path}.properties[${name}]`))
  }
  for (const [at, child] of logicalChildren(nested)) errors.push(...validateNested(child, outer, path + at, outerPath))
  return errors
}

/** Defaults have to be valid themselves. Upstream: structural/defaulting, ValidateDefaults. */
export function validateDefaults(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.default !== undefined) {
    const at = `${path}.default`
    const { default: value } = schema
    if (isMap(value)) {
      const wrapped: JsonSchema = { type: 'object', properties: { value: schema } }
      const { strictErrors } = decodeCustom(wrapped, { value })
      if (strictErrors.length > 0) errors.push(invalid(at, value, 'must not have unknown fields'))
    }
    for (const error of validateValue(schema, value))
      errors.push({ ...error, field: error.field === wholeObject ? at : `${at}.${error.field}` })
  }
  for (const [at, child] of childSchemas(schema)) errors.push(...validateDefaults(child, path + at))
  return errors
}
