import type { Definition, SchemaType } from '../schema/schema.ts'
import { bool, bytes, double, dyn, int, listOf, mapOf, string, timestamp, type CelType } from './types.ts'

const known = new WeakMap<Definition, CelType>()

/** The type of a kind's objects, by the schema they are decoded with. */
export function typeOfDefinition(definition: Definition): CelType {
  let type = known.get(definition)
  if (!type) {
    const field = (name: string): CelType | undefined => {
      const declared = definition.fields.get(name)
      return declared ? typeOf(declared.type) : definition.open ? dyn : undefined
    }
    known.set(definition, (type = { kind: 'object', name: definition.name, field }))
  }
  return type
}

function typeOf(type: SchemaType): CelType {
  switch (type.kind) {
    case 'string':
    case 'quantity':
      return string
    case 'int32':
    case 'int64':
      return int
    case 'double':
      return double
    case 'boolean':
      return bool
    case 'bytes':
      return bytes
    case 'time':
    case 'microtime':
      return timestamp
    case 'array':
      return listOf(typeOf(type.items!))
    case 'map':
      return mapOf(string, typeOf(type.items!))
    case 'ref':
      return typeOfDefinition(type.definition!)
    default:
      return dyn
  }
}
