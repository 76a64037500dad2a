import { badRequest, invalidObject } from '../../../machinery/errors.ts'
import { forbidden, invalid, required, type FieldError } from '../../../machinery/field-errors.ts'
import { decide } from '../rbac/authorizer.ts'
import type { Identity } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { ReviewRequest } from './create-review.ts'

/** May I? Upstream: pkg/registry/authorization/selfsubjectaccessreview. */
export function selfSubjectAccessReview({ api, user, body }: ReviewRequest): object {
  const spec = body.spec ?? {}
  refuse([...validateAttributes(spec), ...validateSelectors(spec), ...validateMetadata(body.metadata)])
  return { metadata: {}, spec, status: statusOf(api, user, spec) }
}

/** May they? */
export function subjectAccessReview({ api, body }: ReviewRequest): object {
  const spec = body.spec ?? {}
  refuse([...validateSubject(spec), ...validateMetadata(body.metadata)])
  return { metadata: {}, spec, status: statusOf(api, subjectOf(spec), spec) }
}

/** May they, in this namespace? */
export function localSubjectAccessReview({ api, namespace, body }: ReviewRequest): object {
  const spec = body.spec ?? {}
  const named: string = body.metadata?.namespace ?? ''
  if (named && named !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  const errors = [...validateSubject(spec), ...validateMetadata(body.metadata, namespace)]
  const about = spec.resourceAttributes
  if (about && (about.namespace ?? '') !== namespace)
    errors.push(invalid('spec.resourceAttributes.namespace', about.namespace ?? '', 'must match metadata.namespace'))
  if (spec.nonResourceAttributes)
    errors.push(invalid('spec.nonResourceAttributes', spec.nonResourceAttributes, 'disallowed on this kind of request'))
  refuse(errors)
  return { metadata: { namespace }, spec, status: statusOf(api, subjectOf(spec), spec) }
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject({ group: 'authorization.k8s.io', name: '' }, '', errors)
}

function validateSubject(spec: any): FieldError[] {
  const errors = validateAttributes(spec)
  if (!spec.user && !spec.groups?.length)
    errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'))
  return [...errors, ...validateSelectors(spec)]
}

/** Selectors that narrow a list or watch down: a text or requirements. */
function validateSelectors({ resourceAttributes }: any): FieldError[] {
  return ['fieldSelector', 'labelSelector'].flatMap((name) => {
    const selector = resourceAttributes?.[name]
    return selector ? validateSelector(selector, `spec.resourceAttributes.${name}`) : []
  })
}

function validateSelector({ rawSelector, requirements = [] }: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (rawSelector && requirements.length > 0)
    errors.push(invalid(`${field}.rawSelector`, rawSelector, 'may not specified at the same time as requirements'))
  if (!rawSelector && requirements.length === 0)
    errors.push(
      required(`${field}.requirements`, `when ${field} is specified, requirements or rawSelector is required`),
    )
  for (const [index, { key, operator, values = [] }] of (requirements as any[]).entries()) {
    const at = `${field}.requirements[${index}]`
    if (!key) errors.push(required(`${at}.key`, 'must be specified'))
    // Operators of newer clients are let pass.
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
      errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
      errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  }
  return errors
}

/** Upstream: pkg/apis/authorization/validation. */
function validateAttributes(spec: any): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec
  if (resourceAttributes && nonResourceAttributes)
    return [
      invalid(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ]
  if (resourceAttributes || nonResourceAttributes) return []
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [invalid('spec.resourceAttributes', null, detail)]
}

function validateMetadata(metadata: any, namespace?: string): FieldError[] {
  const { managedFields: _managed, namespace: named, creationTimestamp, ...rest } = metadata ?? {}
  const isBare = Object.keys(rest).length === 0 && !creationTimestamp && (namespace !== undefined || !named)
  if (isBare) return []
  const detail = namespace === undefined ? 'must be empty' : 'must be empty except for namespace'
  return [invalid('metadata', metadata, detail)]
}

function subjectOf(spec: any): Identity {
  return { name: spec.user ?? '', groups: spec.groups ?? [] }
}

function statusOf(api: ApiServer, user: Identity, spec: any): object {
  const { resourceAttributes: about, nonResourceAttributes: path } = spec
  const { group = '', resource = '', subresource = '', namespace = '', name = '' } = about ?? {}
  const { allowed, reason } = decide(
    api.etcd,
    about
      ? { user, verb: about.verb ?? '', resource: { group, resource, subresource, namespace, name } }
      : { user, verb: path.verb ?? '', path: path.path ?? '' },
  )
  return { allowed, ...(reason && { reason }) }
}
