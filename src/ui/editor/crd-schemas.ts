import type { JSONSchema } from 'monaco-yaml'
import type { KubeObject } from '../../machinery/objects.ts'

/** A kind that a CustomResourceDefinition adds, with its JSON Schema. */
export interface CustomKind {
  readonly apiVersion: string
  readonly kind: string
  readonly schema: JSONSchema
}

const deepest = 24

/** The kinds of CustomResourceDefinitions, each served version, for completion and hover. */
export function customKinds(definitions: Iterable<KubeObject>): CustomKind[] {
  return [...definitions].flatMap(({ spec }) =>
    ((spec?.versions ?? []) as any[])
      .filter((version) => version.served)
      .map(({ name, schema }) => ({
        apiVersion: `${spec.group}/${name}`,
        kind: String(spec.names?.kind),
        schema: schemaOf(schema?.openAPIV3Schema, 0),
      })),
  )
}

const plain = ['type', 'title', 'description', 'default', 'enum', 'format', 'pattern', 'required', 'minimum', 'maximum']
const nested = ['oneOf', 'anyOf', 'allOf']

/** A structural schema as JSON Schema; Kubernetes' extensions become what they mean. */
function schemaOf(from: any, depth: number): JSONSchema {
  if (typeof from !== 'object' || from === null || depth > deepest) return {}
  const to: Record<string, unknown> = {}
  for (const name of plain) if (from[name] !== undefined) to[name] = from[name]
  if (from['x-kubernetes-int-or-string']) to.type = ['integer', 'string']
  if (from.nullable && typeof to.type === 'string') to.type = [to.type, 'null']
  if (from.properties) {
    to.properties = Object.fromEntries(
      Object.entries(from.properties).map(([name, value]) => [name, schemaOf(value, depth + 1)]),
    )
  }
  if (from.items) to.items = schemaOf(from.items, depth + 1)
  if (typeof from.additionalProperties === 'object')
    to.additionalProperties = schemaOf(from.additionalProperties, depth + 1)
  for (const name of nested)
    if (Array.isArray(from[name])) to[name] = from[name].map((each: unknown) => schemaOf(each, depth + 1))
  return to as JSONSchema
}
