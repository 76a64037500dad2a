import { definition, type Definition, type Field, type SchemaType } from '../../../machinery/schema/schema.ts'

export type Json = Record<string, unknown>

/** Descriptions, where somebody has them: of a definition, or of one of its fields. */
export type Describe = (definition: string, field?: string) => string | undefined

/** OpenAPI 3 wraps references so that they can carry more; OpenAPI 2 puts the rest beside them. */
export type Dialect = 'v2' | 'v3'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const special: Readonly<Record<string, string>> = {
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  time: `${meta}.Time`,
  microtime: `${meta}.MicroTime`,
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  any: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
}

/** Collects the schemas of a document: what is asked for, and all that it refers to. */
export class Schemas {
  readonly all = new Map<string, Json>()
  readonly #dialect: Dialect
  readonly #describe: Describe

  constructor(dialect: Dialect, describe: Describe) {
    this.#dialect = dialect
    this.#describe = describe
  }

  /** A reference to a definition, whose schema is collected. */
  ref(name: string): Json {
    if (!this.all.has(name)) {
      const schema: Json = {}
      this.all.set(name, schema)
      const def = definition(name)
      Object.assign(schema, def ? this.#definition(def) : this.#scalar(name))
    }
    return { $ref: `${this.#dialect === 'v3' ? '#/components/schemas/' : '#/definitions/'}${name}` }
  }

  /** Adds a schema made elsewhere. */
  add(name: string, schema: Json): Json {
    this.all.set(name, schema)
    return { $ref: `${this.#dialect === 'v3' ? '#/components/schemas/' : '#/definitions/'}${name}` }
  }

  /** The schema of a list of a kind. */
  list(name: string, item: Json, kind: string): Json {
    return this.add(name, {
      description: `${kind} is a list of ${kind.slice(0, -4)}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        items: { type: 'array', items: this.#wrapped(item, { default: {} }) },
        kind: { type: 'string' },
        metadata: this.#wrapped(this.ref(`${meta}.ListMeta`), { default: {} }),
      },
    })
  }

  #definition(def: Definition): Json {
    const description = this.#describe(def.name)
    const properties: Json = {}
    const required: string[] = []
    for (const name of [...def.fields.keys()].sort()) {
      const field = def.fields.get(name)!
      properties[name] = this.#field(def, field)
      if (field.required) required.push(name)
    }
    return {
      ...(description && { description }),
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(def.fields.size > 0 && { properties }),
      ...(def.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    }
  }

  #field(def: Definition, field: Field): Json {
    const description = this.#describe(def.name, field.name)
    const value = defaultOf(field)
    const more: Json = {
      ...(description && { description }),
      ...(value !== undefined && { default: value }),
      ...(field.enum && { enum: [...field.enum].sort() }),
      ...(field.listMapKeys && { 'x-kubernetes-list-map-keys': [...field.listMapKeys] }),
      ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
      ...(field.mapType && { 'x-kubernetes-map-type': field.mapType }),
      ...(field.patchMergeKey && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
      ...(field.patchStrategy && { 'x-kubernetes-patch-strategy': field.patchStrategy }),
    }
    return this.#wrapped(this.#type(field.type), more)
  }

  /** A type with more said of it: OpenAPI 3 lets nothing stand beside a reference. */
  #wrapped(type: Json, more: Json): Json {
    if (type.$ref === undefined || this.#dialect === 'v2' || Object.keys(more).length === 0) return { ...type, ...more }
    return { allOf: [type], ...more }
  }

  #type(type: SchemaType): Json {
    switch (type.kind) {
      case 'string':
      case 'boolean':
        return { type: type.kind }
      case 'int32':
      case 'int64':
        return { type: 'integer', format: type.kind }
      case 'double':
        return { type: 'number', format: 'double' }
      case 'bytes':
        return { type: 'string', format: 'byte' }
      case 'ref':
        return this.ref(type.definition!.name)
      case 'array':
        return { type: 'array', items: this.#item(type.items!) }
      case 'map':
        return { type: 'object', additionalProperties: this.#item(type.items!) }
      default:
        return this.ref(special[type.kind]!)
    }
  }

  #item(type: SchemaType): Json {
    const item = this.#type(type)
    if (this.#dialect === 'v2') return item
    const zero = type.kind === 'string' ? '' : type.kind === 'ref' ? {} : type.kind === 'boolean' ? false : undefined
    return zero === undefined ? item : this.#wrapped(item, { default: zero })
  }

  #scalar(name: string): Json {
    const description = this.#describe(name)
    const said = description ? { description } : {}
    switch (name) {
      case special.quantity:
        return {
          ...said,
          ...(this.#dialect === 'v3' ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' }),
        }
      case special.intOrString:
        return {
          ...said,
          format: 'int-or-string',
          ...(this.#dialect === 'v3' ? { oneOf: [{ type: 'integer' }, { type: 'string' }] } : { type: 'string' }),
        }
      case special.time:
      case special.microtime:
        return { ...said, type: 'string', format: 'date-time' }
      default:
        return { ...said, type: 'object' }
    }
  }
}

function defaultOf(field: Field): unknown {
  if (field.default !== undefined && field.default !== null) return field.default
  if (field.pointer) return undefined
  const { kind } = field.type
  if (field.struct && kind === 'ref') return {}
  if (!field.required) return undefined
  if (kind === 'string') return ''
  if (kind === 'int32' || kind === 'int64' || kind === 'double') return 0
  if (kind === 'boolean') return false
  return kind === 'ref' ? {} : undefined
}
