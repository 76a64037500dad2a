import raw from './generated/schema.json'
import type { Decoded } from '../decode.ts'

/** What a value is: a scalar, a list or map of something, or another definition. */
export interface SchemaType {
  readonly kind:
    | 'string'
    | 'int32'
    | 'int64'
    | 'double'
    | 'boolean'
    | 'quantity'
    | 'time'
    | 'microtime'
    | 'intOrString'
    | 'bytes'
    | 'any'
    /** No schema: merged as it looks. */
    | 'deduced'
    | 'ref'
    | 'array'
    | 'map'
  /** Of an array or a map. */
  readonly items?: SchemaType
  /** Of a ref. */
  readonly definition?: Definition
}

export interface Field {
  readonly name: string
  readonly type: SchemaType
  readonly required: boolean
  readonly listType: 'map' | 'set' | 'atomic' | undefined
  readonly listMapKeys: readonly string[] | undefined
  readonly mapType: 'granular' | 'atomic' | undefined
  readonly patchMergeKey: string | undefined
  readonly patchStrategy: string | undefined
  readonly enum: readonly string[] | undefined
  readonly default: unknown
  /** Go holds a pointer, so that a zero value is kept. */
  readonly pointer: boolean
  /** Go holds a struct by value, so that it is present in every answer. */
  readonly struct: boolean
  readonly goType: string | undefined
}

export interface Definition {
  readonly name: string
  /** The Go type's name: the last part of the definition's. */
  readonly short: string
  readonly fields: ReadonlyMap<string, Field>
  readonly atomic: boolean
  /** Fields that answers always carry: structs held by value, scalars and times without omitempty. */
  readonly always: readonly Field[]
  /** Fields that are not declared are kept, and merged as they look. */
  readonly open?: boolean
  /** Reads an object of a custom kind, which Go has no type for. */
  decode?(object: unknown): Decoded
}

/** A definition, or the full name of a built-in one (`io.k8s.api.core.v1.Pod`). */
export type SchemaRef = string | Definition

interface RawExtra {
  r?: 1
  l?: 'map' | 'set' | 'atomic'
  k?: string[]
  m?: 'granular' | 'atomic'
  pk?: string
  ps?: string
  e?: string[]
  d?: unknown
  p?: 1
  z?: 1
  g?: string
}
type RawField = string | [string, RawExtra]
const schema = raw as unknown as {
  definitions: [name: string, fields: Record<string, RawField>, map?: 'atomic' | 'granular'][]
  resources: Record<string, number>
}

const scalars: Record<string, SchemaType> = {
  s: { kind: 'string' },
  i: { kind: 'int32' },
  I: { kind: 'int64' },
  n: { kind: 'double' },
  b: { kind: 'boolean' },
  q: { kind: 'quantity' },
  t: { kind: 'time' },
  m: { kind: 'microtime' },
  x: { kind: 'intOrString' },
  y: { kind: 'bytes' },
  '*': { kind: 'any' },
}
const nothing: RawExtra = {}

const typeCache = new Map<string, SchemaType>()
function typeOf(code: string): SchemaType {
  const scalar = scalars[code]
  if (scalar) return scalar
  let type = typeCache.get(code)
  if (!type) {
    if (code[0] === '[') type = { kind: 'array', items: typeOf(code.slice(1)) }
    else if (code[0] === '{') type = { kind: 'map', items: typeOf(code.slice(1)) }
    else type = { kind: 'ref', definition: definitionAt(Number(code.slice(1))) }
    typeCache.set(code, type)
  }
  return type
}

function fieldFrom(name: string, entry: RawField): Field {
  const code = typeof entry === 'string' ? entry : entry[0]
  const extra = typeof entry === 'string' ? nothing : entry[1]
  return {
    name,
    type: typeOf(code),
    required: extra.r === 1,
    listType: extra.l,
    listMapKeys: extra.k,
    mapType: extra.m,
    patchMergeKey: extra.pk,
    patchStrategy: extra.ps,
    enum: extra.e,
    default: extra.d,
    pointer: extra.p === 1,
    struct: extra.z === 1,
    goType: extra.g,
  }
}

/** Fields are compiled when first asked for: most definitions never are. */
class LazyDefinition implements Definition {
  readonly name: string
  readonly short: string
  readonly atomic: boolean
  readonly #raw: Record<string, RawField>
  #fields: Map<string, Field> | undefined
  #always: Field[] | undefined
  constructor(name: string, fields: Record<string, RawField>, map: string | undefined) {
    this.name = name
    this.short = name.slice(name.lastIndexOf('.') + 1)
    this.atomic = map === 'atomic'
    this.#raw = fields
  }
  get fields(): Map<string, Field> {
    return (this.#fields ??= new Map(Object.entries(this.#raw).map(([name, entry]) => [name, fieldFrom(name, entry)])))
  }
  get always(): Field[] {
    return (this.#always ??= [...this.fields.values()].filter(
      (field) => field.struct || field.default === 0 || field.default === false || field.default === null,
    ))
  }
}

const compiled: (LazyDefinition | undefined)[] = []
function definitionAt(index: number): Definition {
  const entry = schema.definitions[index]
  if (!entry) throw new Error(`no schema definition ${index}`)
  return (compiled[index] ??= new LazyDefinition(entry[0], entry[1], entry[2]))
}

let indexByName: Map<string, number> | undefined

/** The definition of that full name (`io.k8s.api.core.v1.Pod`), if there is one; a definition is itself. */
export function definition(name: SchemaRef): Definition | undefined {
  if (typeof name !== 'string') return name
  indexByName ??= new Map(schema.definitions.map(([full], index) => [full, index]))
  const index = indexByName.get(name)
  return index === undefined ? undefined : definitionAt(index)
}

/** The field of that name, or undefined when the definition does not declare it. */
export function fieldOf(def: Definition, name: string): Field | undefined {
  return def.fields.get(name)
}

/** Names of all definitions, in a stable order. */
export function definitionNames(): string[] {
  return schema.definitions.map(([name]) => name)
}

/** The definition name of a served resource, `apps/v1/deployments` or `v1/pods/status`; undefined when it has none. */
export function schemaOfResource(path: string): string | undefined {
  const index = schema.resources[path]
  return index === undefined ? undefined : schema.definitions[index]?.[0]
}
