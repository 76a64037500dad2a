import { badRequest, invalidObject } from '../../../machinery/errors.ts'
import { invalid, type FieldError } from '../../../machinery/field-errors.ts'
import { decide } from '../rbac/authorizer.ts'
import type { Identity } from '../request.ts'
import type { ApiServer } from '../server.ts'
import type { ReviewRequest } from './create-review.ts'

/** May I? Upstream: pkg/registry/authorization/selfsubjectaccessreview. */
export function selfSubjectAccessReview({ api, user, body }: ReviewRequest): object {
  const spec = body.spec ?? {}
  refuse([...validateAttributes(spec), ...validateMetadata(body.metadata)])
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
