import type { Kind } from '../../../kinds/kind.ts'
import { decodeStrict } from '../../../machinery/decode.ts'
import { badRequest } from '../../../machinery/errors.ts'
import { duplicateFields, keyOffsets } from '../../../machinery/json-duplicates.ts'
import type { SchemaRef } from '../../../machinery/schema/schema.ts'
import type { RawBody } from './body.ts'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** What a body means as an object of a schema. */
export interface StrictlyDecoded {
  readonly object: any
  /** As they stand in a message: the duplicates of a YAML text are one error of several lines. */
  readonly strictErrors: readonly string[]
  readonly typeError: string | undefined
}

/** Decodes into a schema's type and collects what strict decoding finds, in the order in which Go's decoder meets it. */
export function decodeBody(body: RawBody, schema: SchemaRef, validation: FieldValidation): StrictlyDecoded {
  const { object, strictErrors, typeError } = decodeStrict(body.value ?? {}, schema)
  if (validation === 'Ignore' || typeError !== undefined) return { object, strictErrors: [], typeError }
  const yaml = body.yamlErrors.length > 0 ? [`yaml: unmarshal errors:\n  ${body.yamlErrors.join('\n  ')}`] : []
  return { object, strictErrors: [...yaml, ...withDuplicates(body.text, strictErrors)], typeError }
}

function withDuplicates(text: string | undefined, unknown: readonly string[]): readonly string[] {
  if (text === undefined) return unknown
  const duplicates = duplicateFields(text)
  if (duplicates.length === 0) return unknown
  const pathOf = (error: string) => error.slice(error.indexOf('"') + 1, -1)
  const strangers = unknown.map(pathOf)
  // Of what is not known, nobody looks at what comes twice.
  const seen = duplicates.filter((error) => {
    const path = pathOf(error)
    return !strangers.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`))
  })
  const offsets = keyOffsets(text)
  const place = (error: string) => {
    const at = offsets.get(pathOf(error)) ?? []
    return (error.startsWith('duplicate') ? at[1] : at[0]) ?? 0
  }
  return [...unknown, ...seen].sort((a, b) => place(a) - place(b))
}

/** The texts of Warning headers for strict errors: those of a YAML text go out line by line. */
export function warningsOf(strictErrors: readonly string[]): string[] {
  const prefix = 'yaml: unmarshal errors:\n'
  return strictErrors.flatMap((error) =>
    error.startsWith(prefix)
      ? error
          .slice(prefix.length)
          .split('\n')
          .map((line) => line.trim())
      : [error],
  )
}

/** `strict decoding error: unknown field "a", unknown field "b"`. */
export function strictDecodingError(strictErrors: readonly string[]): string {
  return `strict decoding error: ${strictErrors.join(', ')}`
}

/** An object as its kind reads it; 400 where that fails, warnings for what it does not know. */
export function readStrictly(body: unknown, kind: Kind, validation: FieldValidation, warnings: string[]): any {
  const read = decodeBody({ value: body, text: undefined, yamlErrors: [] }, kind.schema, validation)
  const { object, strictErrors, typeError } = read
  const problem =
    typeError ?? (validation === 'Strict' && strictErrors.length > 0 ? strictDecodingError(strictErrors) : '')
  if (problem)
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${problem}`)
  warnings.push(...strictErrors)
  return object
}
