import type { JSONSchema } from 'monaco-yaml'
import discovery from '../../machinery/schema/generated/discovery.json'
import docs from '../../machinery/schema/generated/schema-docs.json'
import type { CustomKind } from './crd-schemas.ts'
import { definition, definitionNames, schemaOfResource } from '../../machinery/schema/schema.ts'
import type { Field, SchemaType } from '../../machinery/schema/schema.ts'

type Docs = Record<string, { d?: string; f?: Record<string, string> }>
type Discovery = Record<string, Record<string, { kind: string; verbs: string }>>

const scalars: Readonly<Record<string, JSONSchema>> = {
  string: { type: 'string' },
  bytes: { type: 'string' },
  time: { type: 'string' },
  microtime: { type: 'string' },
  int32: { type: 'integer' },
  int64: { type: 'integer' },
  double: { type: 'number' },
  boolean: { type: 'boolean' },
  quantity: { type: ['string', 'number'] },
  intOrString: { type: ['string', 'integer'] },
  any: {},
}

/** The kinds of Kubernetes 1.36, and others, as JSON Schema, for completion and hover. */
export function kubernetesSchema(custom: readonly CustomKind[] = []): JSONSchema {
  const customName = ({ apiVersion, kind }: CustomKind) => `custom ${apiVersion} ${kind}`.replaceAll('/', ' ')
  const served = [...servedKinds(), ...custom.map((each) => ({ ...each, name: customName(each) }))]
  return {
    type: 'object',
    properties: {
      apiVersion: { type: 'string', enum: [...new Set(served.map((each) => each.apiVersion))] },
      kind: { type: 'string', enum: [...new Set(served.map((each) => each.kind))] },
    },
    // The document's own kind decides which definition it follows.
    allOf: served.map(({ apiVersion, kind, name }) => ({
      if: {
        properties: { apiVersion: { const: apiVersion }, kind: { const: kind } },
        required: ['apiVersion', 'kind'],
      },
      then: { $ref: `#/definitions/${name}` },
    })),
    definitions: {
      ...Object.fromEntries(definitionNames().map((name) => [name, definitionSchema(name)])),
      ...Object.fromEntries(custom.map((each) => [customName(each), customSchema(each.schema)])),
    },
  }
}

/** A definition says little of metadata: it is what all objects have. */
function customSchema(schema: JSONSchema): JSONSchema {
  const metadata = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }
  return { type: 'object', ...schema, properties: { ...schema.properties, metadata } }
}

function servedKinds(): { apiVersion: string; kind: string; name: string }[] {
  return Object.entries(discovery as unknown as Discovery).flatMap(([groupVersion, resources]) =>
    Object.entries(resources).flatMap(([plural, { kind, verbs }]) => {
      const name = schemaOfResource(`${groupVersion}/${plural}`)
      return name && verbs.split(' ').includes('list') && !plural.includes('/')
        ? [{ apiVersion: groupVersion, kind, name }]
        : []
    }),
  )
}

function definitionSchema(name: string): JSONSchema {
  const fields = [...(definition(name)?.fields.values() ?? [])]
  const words = (docs as Docs)[name]
  return {
    type: 'object',
    title: name.slice(name.lastIndexOf('.') + 1),
    ...(words?.d && { description: words.d }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, words?.f?.[field.name])])),
    required: fields.filter((field) => field.required).map((field) => field.name),
  }
}

function fieldSchema(field: Field, description: string | undefined): JSONSchema {
  const type = typeSchema(field.type)
  const more: JSONSchema = {
    ...(description && { description }),
    ...(field.enum && { enum: [...field.enum] }),
    ...(field.default !== undefined && { default: field.default }),
  }
  return type.$ref && description ? { allOf: [type], ...more } : { ...type, ...more }
}

function typeSchema(type: SchemaType): JSONSchema {
  if (type.kind === 'ref') return { $ref: `#/definitions/${type.definition?.name}` }
  if (type.kind === 'array') return { type: 'array', items: type.items ? typeSchema(type.items) : {} }
  if (type.kind === 'map') return { type: 'object', additionalProperties: type.items ? typeSchema(type.items) : {} }
  return scalars[type.kind] ?? {}
}
