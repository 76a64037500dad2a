import { storageOf } from '../../../kinds/kind.ts'
import type { ParamKind, ParamRef } from '../../../kinds/admissionpolicy/common.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { AdmissionRequest } from './admission-policy-match.ts'

/** A policy or a binding cannot be used as it is. */
export class PolicyProblem extends Error {}

/** What keeps a policy from being used, whatever its bindings; undefined when nothing does. */
export function configurationProblem(paramKind: ParamKind | undefined, { api }: AdmissionRequest): string | undefined {
  if (!paramKind || api.kinds.ofObject(paramKind)) return undefined
  const { apiVersion = '', kind } = paramKind
  const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  return `failed to configure policy: failed to find resource referenced by paramKind: '${version}, Kind=${kind}'`
}

/** The parameters a binding brings, each for an evaluation of its own; null where there is nothing to bring. */
export function paramsOf(
  paramKind: ParamKind | undefined,
  ref: ParamRef | undefined,
  request: AdmissionRequest,
): readonly (KubeObject | null)[] {
  const { api, context } = request
  const kind = paramKind && ref ? api.kinds.ofObject(paramKind) : undefined
  if (!kind || !ref) return [null]
  const problem = (text: string) => new PolicyProblem(`failed to configure binding: ${text}`)
  const namespace = kind.namespaced ? ref.namespace || context.namespace : undefined
  if (kind.namespaced && !namespace)
    throw problem('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources')
  if (ref.namespace && !kind.namespaced)
    throw problem('paramRef.namespace must not be provided for a cluster-scoped `paramKind`')
  const resource = storageOf(kind)
  const found = ref.name
    ? [api.etcd.get(resource, namespace ? `${namespace}/${ref.name}` : ref.name)]
    : api.list(resource, namespace).filter(({ metadata }) => matchesLabelSelector(ref.selector, metadata.labels ?? {}))
  const params = found.filter((one) => one !== undefined)
  if (params.length === 0 && ref.parameterNotFoundAction === 'Deny')
    throw problem('no params found for policy binding with `Deny` parameterNotFoundAction')
  return params
}
