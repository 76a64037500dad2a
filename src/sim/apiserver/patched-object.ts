import { decodeStrict } from '../../machinery/decode.ts'
import { invalidObject } from '../../machinery/errors.ts'
import { invalid } from '../../machinery/field-errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { SchemaRef } from '../../machinery/schema/schema.ts'

/** What a patch's own text was found to hold, and how strict to be with it. */
export interface PatchReading {
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  readonly strictErrors: readonly string[]
  readonly warnings: string[]
}

/**
 * A patched object, read as strictly as one that was sent whole; ` "" is invalid: patch: …` where that fails.
 * `shown` is what the error shows: the patched object, or a strategic merge patch itself.
 * Upstream: handlers/patch.go, applyPatchToCurrentObject.
 */
export function readPatched(
  schema: SchemaRef,
  patched: unknown,
  shown: () => string,
  { fieldValidation, strictErrors, warnings }: PatchReading,
): KubeObject {
  const { object, strictErrors: unknown, typeError } = decodeStrict(patched, schema)
  const refuse = (why: string) => invalidObject({ group: '', name: '' }, '', [invalid('patch', shown(), why)])
  if (typeError) throw refuse(typeError)
  const errors = fieldValidation === 'Ignore' ? [] : [...strictErrors, ...unknown]
  if (errors.length > 0 && fieldValidation === 'Strict') throw refuse(`strict decoding error: ${errors.join(', ')}`)
  warnings.push(...errors)
  return object as KubeObject
}

/** A patch as Go prints a map: `map[data:map[a:1]]`, keys in order. */
export function goMap(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const keys = Object.keys(value).sort()
  return `map[${keys.map((key) => `${key}:${goMap((value as Record<string, unknown>)[key])}`).join(' ')}]`
}

/** A patched object as Go writes it: it was a map, so its keys come in order. */
export function patchedText(patched: unknown): string {
  if (typeof patched !== 'object' || patched === null || Array.isArray(patched)) return JSON.stringify(patched)
  const fields = patched as Readonly<Record<string, unknown>>
  return `{${Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(fields[key])}`)
    .join(',')}}`
}
