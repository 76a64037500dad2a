import { badRequest } from '../../../machinery/errors.ts'
import { reviewToken } from '../authentication.ts'
import type { Identity } from '../request.ts'
import type { ReviewRequest } from './create-review.ts'

/** Who am I? Upstream: pkg/registry/authentication/selfsubjectreview. */
export function selfSubjectReview({ api, user }: ReviewRequest): object {
  return { metadata: { creationTimestamp: api.timestamp() }, status: { userInfo: userInfo(user) } }
}

/** Whose token is this? Upstream: pkg/registry/authentication/tokenreview. */
export function tokenReview({ api, body }: ReviewRequest): object {
  const spec = body.spec ?? {}
  if (!spec.token) throw badRequest('token is required for TokenReview in authentication')
  const outcome = reviewToken(api, spec.token, spec.audiences ?? [])
  const status =
    typeof outcome === 'string'
      ? { user: {}, error: outcome }
      : { authenticated: true, user: userInfo(outcome.user), audiences: outcome.audiences }
  return { metadata: {}, spec, status }
}

function userInfo({ name, uid, groups, extra }: Identity): object {
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  }
}
