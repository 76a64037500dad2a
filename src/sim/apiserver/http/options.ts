import { utf8Length } from '../../../lib/utf8.ts'
import { badRequest, invalidObject } from '../../../machinery/errors.ts'
import {
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from '../../../machinery/field-errors.ts'
import type { Patch } from '../patch.ts'
import type { WriteOptions } from '../request.ts'
import type { HttpRequest, Query } from './messages.ts'
import type { FieldValidation } from './strict.ts'

const managerLimit = 128
/** What a write's query says, checked as CreateOptions, UpdateOptions or PatchOptions; 422 where it is wrong. */
export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: Query,
  request: HttpRequest,
  patch?: Patch['type'],
): Pick<WriteOptions, 'fieldManager' | 'dryRun' | 'fieldValidation'> & { readonly force: boolean } {
  const errors: FieldError[] = []
  const manager = query.get('fieldManager')
  if (patch === 'apply' && manager === '') errors.push(required('fieldManager', 'is required for apply patch'))
  if (patch && patch !== 'apply' && query.has('force'))
    errors.push(forbidden('force', 'may not be specified for non-apply patch'))
  if (utf8Length(manager) > managerLimit) errors.push(tooLong('fieldManager', managerLimit))
  errors.push(...unprintable(manager), ...validateDryRun(query.all('dryRun')))
  const validation = query.get('fieldValidation')
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']))
  if (errors.length > 0) throw invalidOptions(kind, errors)
  return {
    fieldManager: manager || managerOf(request.headers['user-agent']),
    dryRun: query.has('dryRun'),
    fieldValidation: (validation || 'Warn') as FieldValidation,
    force: query.flag('force'),
  }
}

/** 422 for options: `DeleteOptions.meta.k8s.io "" is invalid: …`. */
export function invalidOptions(kind: string, errors: readonly FieldError[]): Error {
  return invalidObject({ group: 'meta.k8s.io', name: kind }, '', errors)
}

/** Only "All" is a dry run. */
export function validateDryRun(values: readonly unknown[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])]
}

/** Upstream: managerOrUserAgent. */
function managerOf(agent: string | undefined): string {
  const prefix = (agent ?? '').split('/')[0]!
  return (
    [...prefix]
      .filter((character) => isPrintable(character))
      .join('')
      .slice(0, managerLimit) || 'unknown'
  )
}

function unprintable(manager: string): FieldError[] {
  const errors: FieldError[] = []
  let position = 0
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      errors.push(invalid('fieldManager', manager, `invalid character U+${code} (at position ${position})`))
    }
    position += utf8Length(character)
    if (errors.length >= 100) break
  }
  return errors
}

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and the plain space. */
function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)
}

/** A whole number of a query; 400 in the words of Go's strconv. */
export function integerParameter(query: Query, name: string): number | undefined {
  const text = query.get(name)
  if (text === '') return query.has(name) ? 0 : undefined
  const problem = integerProblem(text, /^[+-]?\d+$/)
  if (problem) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${problem}`)
  return Number(text)
}

const maxInt64 = 9223372036854775807n

/** Why a text is no 64-bit integer, as strconv says it. */
export function integerProblem(text: string, form: RegExp): string | undefined {
  if (!form.test(text)) return 'invalid syntax'
  if (text.length < 18) return undefined
  return BigInt(text.slice(0, 40).replace('+', '')) > maxInt64 || text.length > 40 ? 'value out of range' : undefined
}
