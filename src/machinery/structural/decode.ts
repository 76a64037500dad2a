import { deepCopy } from '../../lib/freeze.ts'
import { decodeStrict, type Decoded } from '../decode.ts'
import { applyDefaults } from './defaults.ts'
import { isEmbedded, isMap, preserves, propertyOf, setKey, valuesOf, type JsonSchema } from './json-schema.ts'

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
/** Beyond it no schema reaches, and recursion would. */
const maxDepth = 500

interface Run {
  readonly unknown: string[]
  typeError: string | undefined
}

/**
 * Reads an object of a custom kind: what the schema does not know is dropped and named, metadata is read as Go's
 * ObjectMeta, defaults are filled in. Upstream: schemaCoercingDecoder.
 */
export function decodeCustom(schema: JsonSchema, object: unknown): Decoded {
  if (!isMap(object)) {
    const what = Array.isArray(object) ? 'array' : object === null ? 'null' : typeof object
    return {
      object: {},
      strictErrors: [],
      typeError: `json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    }
  }
  const run: Run = { unknown: [], typeError: undefined }
  const copy = pruneMap(run, schema, object, '', true, 0)
  if (run.typeError === undefined) applyDefaults(schema, copy)
  const strictErrors = run.unknown.sort().map((path) => `unknown field "${path}"`)
  return { object: copy, strictErrors, ...(run.typeError !== undefined && { typeError: run.typeError }) }
}

function prune(run: Run, schema: JsonSchema, value: unknown, path: string, depth: number): unknown {
  if (depth > maxDepth) {
    run.typeError ??= 'exceeded max depth'
    return null
  }
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return preserves(schema) ? deepCopy(value) : value.map((item) => (isMap(item) ? {} : item))
    return value.map((item, index) => prune(run, items, item, `${path}[${index}]`, depth + 1))
  }
  if (isMap(value)) return pruneMap(run, schema, value, path, isEmbedded(schema), depth)
  return value
}

function pruneMap(
  run: Run,
  schema: JsonSchema,
  value: Record<string, unknown>,
  path: string,
  isResource: boolean,
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = value[key]
    const at = path ? `${path}.${key}` : key
    if (isResource && (key === 'apiVersion' || key === 'kind')) {
      if (typeof item === 'string') result[key] = item
      continue
    }
    if (isResource && key === 'metadata') {
      result.metadata = readMetadata(run, item, at)
      continue
    }
    const known = propertyOf(schema, key) ?? valuesOf(schema)
    if (known) setKey(result, key, prune(run, known, item, at, depth + 1))
    else if (preserves(schema) || schema.additionalProperties === true) setKey(result, key, deepCopy(item))
    else if (run.unknown.length < 100) run.unknown.push(at)
  }
  return result
}

function readMetadata(run: Run, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return {}
  const { object, strictErrors, typeError } = decodeStrict(value, objectMeta)
  if (typeError !== undefined) run.typeError ??= typeError
  for (const error of strictErrors) run.unknown.push(error.replace(/^unknown field "(.*)"$/, `${path}.$1`))
  return object
}
