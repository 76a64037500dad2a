import { endpointOf, schemaOfSubresource } from '../../../kinds/endpoints.ts'
import { badRequest } from '../../../machinery/errors.ts'
import type { ResourcePath } from '../http-path.ts'
import type { ServedKinds } from '../served-kinds.ts'
import { readObjectBody, UnreadableBody, unrecognized, type RawBody } from './body.ts'
import { checkType, typeOfBody, type GroupVersionKind } from './body-type.ts'
import type { HttpExtras, HttpRequest } from './messages.ts'
import { decodeBody, strictDecodingError, warningsOf, type FieldValidation } from './strict.ts'

/** What a path takes: its own kind, or what its subresource is written as. */
export function expectedType({ kind, subresource }: ResourcePath): GroupVersionKind {
  const endpoint = subresource ? endpointOf(kind, subresource) : undefined
  if (!endpoint?.version) return { group: kind.group, version: kind.version, kind: endpoint?.kind ?? kind.kind }
  return { group: endpoint.group ?? '', version: endpoint.version, kind: endpoint.kind }
}

/** The object that a POST or PUT brings, decoded as Go would. Upstream: handlers/create.go, decoding. */
export function decodeObject(
  request: HttpRequest,
  extras: HttpExtras,
  kinds: ServedKinds,
  at: ResourcePath,
  validation: FieldValidation,
  warnings: string[],
): any {
  const expected = expectedType(at)
  const { body, type } = readTyped(request, extras, expected)
  checkType(kinds, type, expected, at.kind.custom === true)
  const schema = at.subresource ? schemaOfSubresource(at.kind, at.subresource) : at.kind.schema
  if (schema === undefined) return body.value
  const { object, strictErrors, typeError } = decodeBody(body, schema, validation)
  const cannot = (why: string) =>
    badRequest(
      `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${expected.kind}: ${why}`,
    )
  if (typeError !== undefined) throw cannot(typeError)
  if (strictErrors.length > 0 && validation === 'Strict') throw cannot(strictDecodingError(strictErrors))
  warnings.push(...warningsOf(strictErrors))
  if (object.metadata === undefined || object.metadata === null) object.metadata = {}
  return object
}

function readTyped(
  request: HttpRequest,
  extras: HttpExtras,
  expected: GroupVersionKind,
): { readonly body: RawBody; readonly type: GroupVersionKind } {
  try {
    const body = readObjectBody(request, extras)
    return { body, type: typeOfBody(body, expected) }
  } catch (error) {
    if (error instanceof UnreadableBody) throw unrecognized(error, expected.kind)
    throw error
  }
}
