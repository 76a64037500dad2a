import { resourceOf, type Kind } from '../../../kinds/kind.ts'
import { noSuchResource } from '../../../machinery/errors.ts'
import type { Identity } from '../request.ts'
import type { ApiServer } from '../server.ts'
import { localSubjectAccessReview, selfSubjectAccessReview, subjectAccessReview } from './access-reviews.ts'
import { selfSubjectRulesReview } from './rules-review.ts'
import { selfSubjectReview, tokenReview } from './user-reviews.ts'

/** A question put to the API server by creating an object that nobody keeps. */
export interface ReviewRequest {
  readonly api: ApiServer
  readonly user: Identity
  readonly namespace: string
  /** Decoded by the kind's schema. */
  readonly body: any
}

/** Answers a question: the object as it was sent, with its status. */
export type Review = (request: ReviewRequest) => object

const reviews: Readonly<Record<string, Review>> = {
  'selfsubjectaccessreviews.authorization.k8s.io': selfSubjectAccessReview,
  'subjectaccessreviews.authorization.k8s.io': subjectAccessReview,
  'localsubjectaccessreviews.authorization.k8s.io': localSubjectAccessReview,
  'selfsubjectrulesreviews.authorization.k8s.io': selfSubjectRulesReview,
  'selfsubjectreviews.authentication.k8s.io': selfSubjectReview,
  'tokenreviews.authentication.k8s.io': tokenReview,
}

/** Is it one of the kinds that are only asked? */
export function isReview(kind: Pick<Kind, 'group' | 'plural'>): boolean {
  return Object.hasOwn(reviews, resourceOf(kind))
}

/** POST of a review. */
export function createReview(kind: Kind, request: ReviewRequest): object {
  if (!isReview(kind)) throw noSuchResource()
  const { group, version } = kind
  const answer = reviews[resourceOf(kind)]!(request)
  return { kind: kind.kind, apiVersion: `${group}/${version}`, ...answer }
}
