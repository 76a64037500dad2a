import { definition, type Definition, type SchemaRef } from '../../../machinery/schema/schema.ts'

const made = new Map<SchemaRef, Readonly<Record<string, unknown>>>()

/** A kind's object without anything in it, as Go encodes one: what a bookmark looks like. Metadata are left to the caller. */
export function emptyObject(schema: SchemaRef): Readonly<Record<string, unknown>> {
  let empty = made.get(schema)
  if (!empty) {
    const def = definition(schema)
    empty = def && !def.decode ? emptyOf(def, 0) : {}
    made.set(schema, empty)
  }
  return empty
}

function emptyOf(def: Definition, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of def.fields.values()) {
    const { type, struct, required, name, pointer } = field
    if (name === 'metadata' && depth === 0) continue
    if (struct && type.kind === 'ref') result[name] = depth < 6 ? emptyOf(type.definition!, depth + 1) : {}
    else if (field.default === null) result[name] = null
    else if (!required) continue
    else if (
      pointer ||
      ['array', 'map', 'ref', 'any', 'bytes', 'time', 'microtime', 'intOrString', 'quantity'].includes(type.kind)
    )
      result[name] = null
    else result[name] = type.kind === 'string' ? '' : type.kind === 'boolean' ? false : 0
  }
  return result
}
