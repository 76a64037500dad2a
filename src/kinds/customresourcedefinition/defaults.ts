import { decodeStrict } from '../../machinery/decode.ts'

const schemaProps = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'
const maxDepth = 200

/** Upstream: apiextensions/v1/defaults.go, and the reading of schemas that are not declared as such. */
export function applyCrdDefaults(crd: any): void {
  const spec = (crd.spec ??= {})
  const names = (spec.names ??= {})
  if (names.kind) {
    names.singular ||= names.kind.toLowerCase()
    names.listKind ||= `${names.kind}List`
  }
  spec.conversion ??= { strategy: 'None' }
  const { service } = spec.conversion.webhook?.clientConfig ?? {}
  if (service) service.port ??= 443
  spec.versions ??= []
  for (const version of spec.versions) {
    const schema = version.schema?.openAPIV3Schema
    if (schema) readNested(schema, 0)
  }
}

/** Items and additionalProperties may be something else than a schema; where they are one, they are read as one. */
function readNested(schema: any, depth: number): void {
  if (depth > maxDepth) return
  // What is neither of what it may be is nothing.
  if (!isSchema(schema.items) && !Array.isArray(schema.items)) delete schema.items
  if (!isSchema(schema.additionalProperties) && typeof schema.additionalProperties !== 'boolean')
    delete schema.additionalProperties
  for (const name of ['items', 'additionalProperties'])
    if (isSchema(schema[name])) schema[name] = decodeStrict(schema[name], schemaProps).object
  const inner = [
    schema.items,
    schema.additionalProperties,
    schema.not,
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...Object.values(schema.properties ?? {}),
  ]
  for (const one of inner) if (isSchema(one)) readNested(one, depth + 1)
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
