import { resourceOf } from '../../../kinds/kind.ts'
import type { ParamKind, ParamRef } from '../../../kinds/admissionpolicy/common.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionRequest } from './admission-policy-match.ts'

/** A policy or a binding cannot be used as it is. */
export class PolicyProblem extends Error {}

/** The parameters a binding brings, each for an evaluation of its own; null where there is nothing to bring. */
export function paramsOf(
  paramKind: ParamKind | undefined,
  ref: ParamRef | undefined,
  request: AdmissionRequest,
): readonly (KubeObject | null)[] {
  if (!paramKind || !ref) return [null]
  const { api, context } = request
  const kind = api.kinds.ofObject(paramKind)
  if (!kind) {
    const [group, version] = paramKind.apiVersion?.includes('/')
      ? paramKind.apiVersion.split('/')
      : ['', paramKind.apiVersion]
    throw new PolicyProblem(
      `failed to configure policy: failed to find resource referenced by paramKind: '${group ? `${group}/` : '/'}${version}, Kind=${paramKind.kind}'`,
    )
  }
  if (ref.namespace && !kind.namespaced)
    throw new PolicyProblem(
      'failed to configure binding: paramRef.namespace must not be provided for a cluster-scoped `paramKind`',
    )
  const namespace = kind.namespaced ? ref.namespace || context.namespace : undefined
  if (kind.namespaced && !namespace)
    throw new PolicyProblem(
      'failed to configure binding: cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    )
  const found = ref.name
    ? [api.etcd.get(resourceOf(kind), namespace ? `${namespace}/${ref.name}` : ref.name)]
    : api
        .list(resourceOf(kind), namespace)
        .filter(({ metadata }) => matchesLabelSelector(ref.selector, metadata.labels ?? {}))
  const params = found.filter((one) => one !== undefined)
  if (params.length > 0) return params
  if (ref.parameterNotFoundAction === 'Allow') return []
  throw new PolicyProblem(
    'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  )
}
