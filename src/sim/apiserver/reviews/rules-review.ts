import { badRequest } from '../../../machinery/errors.ts'
import { rulesFor } from '../rbac/rule-resolver.ts'
import type { ReviewRequest } from './create-review.ts'

/** What may I do in a namespace? Upstream: pkg/registry/authorization/selfsubjectrulesreview. */
export function selfSubjectRulesReview({ api, user, body }: ReviewRequest): object {
  const namespace: string = body.spec?.namespace ?? ''
  if (!namespace) throw badRequest('no namespace on request')
  const { rules, errors } = rulesFor(api.etcd, user, namespace)
  const resourceRules: object[] = []
  const nonResourceRules: object[] = []
  for (const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } of rules) {
    if (resources.length > 0)
      resourceRules.push({ verbs, apiGroups, resources, ...(resourceNames.length > 0 && { resourceNames }) })
    if (nonResourceURLs.length > 0) nonResourceRules.push({ verbs, nonResourceURLs })
  }
  const incomplete = errors.length > 0
  const evaluationError = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`
  // Upstream answers with a new object, in which the question is not repeated.
  return {
    metadata: {},
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete, ...(incomplete && { evaluationError }) },
  }
}
