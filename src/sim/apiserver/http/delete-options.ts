import { decodeStrict } from '../../../machinery/decode.ts'
import { badRequest, plainError } from '../../../machinery/errors.ts'
import { invalid, notSupported, type FieldError } from '../../../machinery/field-errors.ts'
import type { DeleteOptions } from '../request.ts'
import { readObjectBody, UnreadableBody } from './body.ts'
import type { HttpExtras, HttpRequest, Query } from './messages.ts'
import { integerParameter, invalidOptions, validateDryRun } from './options.ts'

const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'
const policies = ['Foreground', 'Background', 'Orphan']

/**
 * A DELETE's options: from its body, or from its query when there is no body. Throws 422 where they are wrong.
 * Upstream: handlers/delete.go.
 */
export function readDeleteOptions(
  request: HttpRequest,
  query: Query,
  extras: HttpExtras,
): Omit<DeleteOptions, 'user' | 'warnings' | 'fieldManager'> & { readonly orphanDependents?: boolean } {
  const options = request.body?.length ? fromBody(request, extras) : fromQuery(query)
  const errors: FieldError[] = []
  const { propagationPolicy, orphanDependents } = options
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    errors.push(
      invalid('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'),
    )
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy))
    errors.push(notSupported('propagationPolicy', propagationPolicy, [...policies, 'nil']))
  errors.push(...validateDryRun(options.dryRun ?? []))
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors)
  const { gracePeriodSeconds, preconditions } = options
  return {
    dryRun: (options.dryRun ?? []).length > 0,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(preconditions && { preconditions }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(propagationPolicy !== undefined
      ? { propagationPolicy: propagationPolicy as 'Foreground' }
      : orphanDependents !== undefined && { propagationPolicy: orphanDependents ? 'Orphan' : 'Background' }),
  }
}

interface SentOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: string
  readonly orphanDependents?: boolean
  readonly dryRun?: readonly string[]
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

function fromBody(request: HttpRequest, extras: HttpExtras): SentOptions {
  let value: unknown
  try {
    ;({ value } = readObjectBody(request, extras))
  } catch (error) {
    // Upstream lets the decoder's error out as it is.
    if (error instanceof UnreadableBody) throw plainError(error.message)
    throw error
  }
  const { kind } = (value ?? {}) as { kind?: unknown }
  if (typeof kind === 'string' && kind !== '' && kind !== 'DeleteOptions')
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for the internal version of group "meta.k8s.io" in scheme "pkg/runtime/scheme.go:110"`,
    )
  const { object, typeError } = decodeStrict(value ?? {}, deleteOptions)
  if (typeError) throw plainError(typeError)
  return object as SentOptions
}

function fromQuery(query: Query): SentOptions {
  const grace = integerParameter(query, 'gracePeriodSeconds')
  const policy = query.get('propagationPolicy')
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(query.has('propagationPolicy') && { propagationPolicy: policy }),
    ...(query.has('orphanDependents') && { orphanDependents: query.flag('orphanDependents') }),
    dryRun: query.all('dryRun'),
  }
}
