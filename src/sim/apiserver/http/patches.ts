import { storageOf } from '../../../kinds/kind.ts'
import { badRequest, notFound, StatusError, unsupportedMediaType } from '../../../machinery/errors.ts'
import { parseGoJson } from '../../../machinery/go-json.ts'
import { duplicateFields } from '../../../machinery/json-duplicates.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { groupName } from '../group-names.ts'
import type { ResourcePath } from '../http-path.ts'
import type { Patch } from '../patch.ts'
import type { ApiServer } from '../server.ts'
import { bodyText, mediaType, readYamlText, UnreadableBody } from './body.ts'
import type { HttpRequest } from './messages.ts'
import type { FieldValidation } from './strict.ts'

const types: Readonly<Record<string, Patch['type'] | undefined>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** The type of a patch by its content type. Throws 415 in the words of whoever serves the kind. */
export function patchType(request: HttpRequest, { kind }: ResourcePath): Patch['type'] {
  const asked = mediaType(request)
  const type = Object.hasOwn(types, asked) ? types[asked] : undefined
  if (kind.custom && (!type || type === 'strategic'))
    throw unsupportedMediaType(Object.keys(types).filter((one) => types[one] !== 'strategic'))
  if (type) return type
  // The router refuses a body it cannot read; with no body, it finds nothing that it could answer.
  if (!request.body?.length)
    throw new StatusError(406, 'NotAcceptable', '406: Not Acceptable\n\nAvailable representations: ', {})
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

/** A patch as it was sent, and what strict reading finds wrong with its text. */
export interface ReadPatch {
  readonly patch: any
  readonly strictErrors: readonly string[]
}

/** Reads a patch's body; a patch of what is not there is 404 before anything is said of its text. */
export function readPatch(
  api: ApiServer,
  at: ResourcePath,
  type: Patch['type'],
  request: HttpRequest,
  validation: FieldValidation,
): ReadPatch {
  if (type === 'apply') return readApply(at, request, validation)
  const key = at.namespace ? `${at.namespace}/${at.name}` : at.name
  if (!api.find(storageOf(at.kind), key)) throw notFound(groupName(at.kind), at.name)
  const text = bodyText(request)
  const parsed = parseGoJson(text)
  const prefix = type === 'strategic' || validation === 'Ignore' ? '' : 'error decoding patch: '
  if (!parsed.ok) throw badRequest(`${prefix}${parsed.message}`)
  const { value } = parsed
  const wanted = type === 'json' ? '[]handlers.jsonPatchOp' : 'map[string]interface {}'
  const isRight =
    value === null || (type === 'json' ? Array.isArray(value) : typeof value === 'object' && !Array.isArray(value))
  if (!isRight) throw badRequest(`${prefix}json: cannot unmarshal ${goKind(value)} into Go value of type ${wanted}`)
  const patch = value ?? (type === 'json' ? [] : {})
  const duplicates = validation === 'Ignore' ? [] : duplicateFields(text)
  if (type !== 'json') return { patch, strictErrors: duplicates }
  checkOperations(patch as unknown[], prefix)
  const unknown = validation === 'Ignore' ? [] : unknownOperationFields(patch as unknown[])
  return { patch, strictErrors: [...duplicates, ...unknown].map((error) => `json patch ${error}`) }
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const operationFields = ['op', 'path', 'from', 'value']

function checkOperations(patch: readonly unknown[], prefix: string): void {
  for (const operation of patch) {
    if (operation === null) continue
    if (typeof operation !== 'object' || Array.isArray(operation))
      throw badRequest(
        `${prefix}json: cannot unmarshal ${goKind(operation)} into Go value of type handlers.jsonPatchOp`,
      )
    for (const field of ['op', 'path', 'from']) {
      const value = Object.hasOwn(operation, field) ? (operation as Record<string, unknown>)[field] : undefined
      if (value === undefined || value === null || typeof value === 'string') continue
      throw badRequest(
        `${prefix}json: cannot unmarshal ${goKind(value)} into Go struct field jsonPatchOp.${field} of type string`,
      )
    }
  }
}

function unknownOperationFields(patch: readonly unknown[]): string[] {
  return patch
    .flatMap((operation, index) =>
      Object.keys(operation ?? {}).flatMap((key) =>
        operationFields.includes(key) ? [] : [`unknown field "[${index}].${key}"`],
      ),
    )
    .slice(0, 100)
}

function readApply(at: ResourcePath, request: HttpRequest, validation: FieldValidation): ReadPatch {
  let body
  try {
    body = readYamlText(bodyText(request))
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error
    throw badRequest(
      `error decoding YAML: ${error.message.replace(/^yaml: /, 'error converting YAML to JSON: yaml: ')}`,
    )
  }
  const { value, text, yamlErrors } = body
  if (value !== null && value !== undefined && (typeof value !== 'object' || Array.isArray(value)))
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
    )
  const duplicates = yamlErrors.length > 0 ? [...yamlErrors] : text === undefined ? [] : duplicateFields(text)
  if (duplicates.length > 0 && validation === 'Strict')
    throw badRequest(
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`,
    )
  const patch = (value ?? {}) as KubeObject
  const { metadata } = patch as { metadata?: unknown }
  const name = isObject(metadata) ? (metadata as { name?: unknown }).name : undefined
  if (typeof name === 'string' && name !== '' && name !== at.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${at.name})`)
  return { patch, strictErrors: duplicates }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
