import { definition, type Definition, type Field, type SchemaType } from '../schema/schema.ts'
import type { Decoded } from '../decode.ts'
import { decodeCustom } from './decode.ts'
import { isEmbedded, isIntOrString, preserves, valuesOf, type JsonSchema } from './json-schema.ts'

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const deduced: SchemaType = { kind: 'deduced' }
const text: SchemaType = { kind: 'string' }
const noFields: readonly Field[] = []

/** How objects of a custom kind are read, merged and tracked. Upstream: builder.BuildOpenAPIV2 and its typed schema. */
export function customDefinition(kind: string, schema: JsonSchema): Definition {
  const root = new SchemaDefinition(kind, schema, true)
  return Object.assign(root, { decode: (object: unknown): Decoded => decodeCustom(schema, object) })
}

/** Fields are made when they are first asked for. */
class SchemaDefinition implements Definition {
  readonly name: string
  readonly short: string
  readonly always = noFields
  readonly open: boolean
  readonly atomic: boolean
  readonly #schema: JsonSchema
  readonly #isResource: boolean
  #fields: Map<string, Field> | undefined

  constructor(name: string, schema: JsonSchema, isResource: boolean) {
    this.name = name
    this.short = name
    this.#schema = schema
    this.#isResource = isResource
    this.open = preserves(schema) || schema.additionalProperties === true
    this.atomic = schema['x-kubernetes-map-type'] === 'atomic'
  }

  get fields(): ReadonlyMap<string, Field> {
    if (this.#fields) return this.#fields
    const fields = new Map<string, Field>()
    if (this.#isResource) {
      fields.set('apiVersion', field('apiVersion', text))
      fields.set('kind', field('kind', text))
      fields.set('metadata', field('metadata', { kind: 'ref', definition: definition(objectMeta)! }))
    }
    for (const [name, schema] of Object.entries(this.#schema.properties ?? {})) {
      if (!fields.has(name)) fields.set(name, fieldOf(name, schema))
    }
    this.#fields = fields
    return fields
  }
}

function field(name: string, type: SchemaType, schema: JsonSchema = {}): Field {
  return {
    name,
    type,
    required: false,
    listType: schema['x-kubernetes-list-type'],
    listMapKeys: schema['x-kubernetes-list-map-keys'],
    mapType: schema['x-kubernetes-map-type'],
    patchMergeKey: undefined,
    patchStrategy: undefined,
    enum: undefined,
    default: schema.default,
    pointer: true,
    struct: false,
    goType: undefined,
  }
}

function fieldOf(name: string, schema: JsonSchema): Field {
  return field(name, typeOf(name, schema), schema)
}

function typeOf(name: string, schema: JsonSchema): SchemaType {
  if (isIntOrString(schema)) return { kind: 'intOrString' }
  if (isEmbedded(schema)) return { kind: 'ref', definition: new SchemaDefinition(name, schema, true) }
  switch (schema.type) {
    case 'object': {
      const values = valuesOf(schema)
      if (values) return { kind: 'map', items: typeOf(name, values) }
      if (preserves(schema) && !schema.properties) return deduced
      return { kind: 'ref', definition: new SchemaDefinition(name, schema, false) }
    }
    case 'array':
      return schema.items ? { kind: 'array', items: typeOf(name, schema.items) } : deduced
    case 'string':
      return text
    case 'boolean':
      return { kind: 'boolean' }
    case 'integer':
      return { kind: 'int64' }
    case 'number':
      return { kind: 'double' }
    default:
      return deduced
  }
}
