import type { FieldError } from './field-errors.ts'

/** Why a request failed, in one field: `{reason, message, field}`. */
export interface StatusCause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  readonly retryAfterSeconds?: number
}

/** The body of every failed answer, and of some that succeed. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails
  readonly code: number
}

/** A failure with Kubernetes' own code, reason and words. Upstream: apimachinery/pkg/api/errors. */
export class StatusError extends Error {
  readonly status: Status
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details: withoutEmpty(details) }),
      code,
    }
  }
  get code(): number {
    return this.status.code
  }
  get reason(): string {
    return this.status.reason ?? ''
  }
}

function withoutEmpty(details: StatusDetails): StatusDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== '' && value !== undefined))
}

/** A resource or kind with its group: `deployments` of `apps`. */
export interface GroupName {
  readonly group: string
  readonly name: string
}

const qualified = ({ group, name }: GroupName) => (group ? `${name}.${group}` : name)
const detailsOf = (resource: GroupName, name: string): StatusDetails => ({
  name,
  group: resource.group,
  kind: resource.name,
})

/** 404, `pods "x" not found`. */
export function notFound(resource: GroupName, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name))
}

/** 409, `pods "x" already exists`. */
export function alreadyExists(resource: GroupName, name: string): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  )
}

/** What a conflict says when the resourceVersion is stale. */
export const optimisticLockText =
  'the object has been modified; please apply your changes to the latest version and try again'

/** 409 Conflict, `Operation cannot be fulfilled on pods "x": …`. */
export function conflict(resource: GroupName, name: string, detail: string = optimisticLockText): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${detail}`
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name))
}

/** 409 with a FieldManagerConflict cause for each field. */
export function applyConflict(message: string, causes: readonly StatusCause[]): StatusError {
  return new StatusError(409, 'Conflict', message, { causes })
}

/** All errors in one text, as utilerrors.Aggregate prints them: bracketed when several, repeated ones once. */
export function aggregate(messages: readonly string[]): string {
  const unique = [...new Set(messages)]
  return unique.length === 1 ? unique[0]! : `[${unique.join(', ')}]`
}

/** 422, `Deployment.apps "x" is invalid: …` with a cause for each field error. `kind.name` is the Kind. */
export function invalidObject(kind: GroupName, name: string, errors: readonly FieldError[]): StatusError {
  const causes = errors.map((error) => ({ reason: error.type, message: error.message, field: error.field }))
  const detail = errors.length ? `: ${aggregate(errors.map((error) => `${error.field}: ${error.message}`))}` : ''
  const message = `${qualified(kind)} "${name}" is invalid${detail}`
  return new StatusError(422, 'Invalid', message, { ...detailsOf(kind, name), ...(causes.length && { causes }) })
}

/** 403, `pods "x" is forbidden: …`. */
export function forbiddenRequest(
  resource: GroupName,
  name: string,
  detail: string,
  causes?: readonly StatusCause[],
): StatusError {
  const subject = !resource.name
    ? 'forbidden'
    : name
      ? `${qualified(resource)} "${name}" is forbidden`
      : `${qualified(resource)} is forbidden`
  return new StatusError(403, 'Forbidden', `${subject}: ${detail}`, {
    ...detailsOf(resource, name),
    ...(causes && { causes }),
  })
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

/** 401. */
export function unauthorized(message = 'Unauthorized'): StatusError {
  return new StatusError(401, 'Unauthorized', message)
}

/** 405, for a method that a path does not have. */
export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** 404 for a path that serves nothing. */
export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** 406. */
export function notAcceptable(mediaTypes: readonly string[]): StatusError {
  return new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${mediaTypes.join(', ')}`)
}

/** 415. */
export function unsupportedMediaType(mediaTypes: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', message)
}

/** 429, with seconds to wait. */
export function tooManyRequests(
  message: string,
  retryAfterSeconds?: number,
  causes?: readonly StatusCause[],
): StatusError {
  return new StatusError(429, 'TooManyRequests', message, { retryAfterSeconds, causes })
}

/** 410: the history asked for has been compacted. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

/** 504 Timeout. */
export function timeout(message: string, retryAfterSeconds?: number, causes?: readonly StatusCause[]): StatusError {
  return new StatusError(504, 'Timeout', message, { retryAfterSeconds, causes })
}

/** 500, `Internal error occurred: …`. */
export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
}

/** 500 without a reason, as the API server answers an error that is no Status of its own. */
export function plainError(message: string): StatusError {
  return new StatusError(500, '', message)
}
