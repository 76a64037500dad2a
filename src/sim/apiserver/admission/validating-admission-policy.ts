import { StatusError } from '../../../machinery/errors.ts'
import type { Validation, ValidatingPolicySpec } from '../../../kinds/validatingadmissionpolicy/kind.ts'
import type { ValidatingBindingSpec } from '../../../kinds/validatingadmissionpolicybinding/kind.ts'
import { groupName } from '../group-names.ts'
import { environmentOf, PolicyEvaluation } from './admission-policy-evaluation.ts'
import { isExempt, matchesResources, type AdmissionRequest } from './admission-policy-match.ts'
import { configurationProblem, paramsOf, PolicyProblem } from './admission-policy-params.ts'
import type { AdmissionPlugin } from './chain.ts'

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io'
const bindings = 'validatingadmissionpolicybindings.admissionregistration.k8s.io'

/** Why a write does not pass, with the reason its answer gives. */
interface Denial {
  readonly message: string
  readonly reason: string
  /** What is wrong with the policy itself counts whatever its binding does with denials. */
  readonly always?: boolean
}

/** Lets expressions decide. Upstream: apiserver/pkg/admission/plugin/policy/validating. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(api, context, object, old) {
    if (api.etcd.entries(policies).size === 0 || isExempt(context.resource)) return
    review({ api, context, operation: old ? 'UPDATE' : 'CREATE', object, old })
  },
  validateDelete(api, context, old) {
    if (api.etcd.entries(policies).size === 0 || isExempt(context.resource)) return
    review({ api, context, operation: 'DELETE', object: undefined, old })
  },
}

function review(request: AdmissionRequest): void {
  const { etcd } = request.api
  let first: StatusError | undefined
  for (const key of etcd.keys(policies)) {
    const policy = etcd.get(policies, key)!
    const spec = policy.spec as ValidatingPolicySpec
    if (!spec.matchConstraints || !matchesResources(spec.matchConstraints, request)) continue
    const problem = configurationProblem(spec.paramKind, request)
    if (problem !== undefined) {
      const message = `ValidatingAdmissionPolicy '${key}' denied request: ${problem}`
      if (spec.failurePolicy !== 'Ignore') first ??= refusal(request, message, 'Invalid')
      continue
    }
    for (const bindingKey of etcd.keys(bindings)) {
      const binding = etcd.get(bindings, bindingKey)!
      const bound = binding.spec as ValidatingBindingSpec
      if (bound.policyName !== key || !matchesResources(bound.matchResources ?? {}, request)) continue
      const who = `ValidatingAdmissionPolicy '${key}' with binding '${bindingKey}'`
      for (const denial of denialsOf(spec, bound, request)) {
        if (!denial.always && bound.validationActions?.includes('Warn'))
          request.context.warnings.push(`Validation failed for ${who}: ${denial.message}`)
        if (denial.always || bound.validationActions?.includes('Deny'))
          first ??= refusal(request, `${who} denied request: ${denial.message}`, denial.reason)
      }
    }
  }
  if (first) throw first
}

/** What a policy says against a request, for one binding and all of its parameters. */
function denialsOf(spec: ValidatingPolicySpec, binding: ValidatingBindingSpec, request: AdmissionRequest): Denial[] {
  const fails = spec.failurePolicy !== 'Ignore'
  const failure = (message: string, always = false): Denial[] => (fails ? [{ message, reason: 'Invalid', always }] : [])
  const denials: Denial[] = []
  try {
    for (const params of paramsOf(spec.paramKind, binding.paramRef, request)) {
      const environment = environmentOf(spec, { hasAuthorizer: true })
      const evaluation = new PolicyEvaluation(environment, request, params)
      const matched = evaluation.matches(spec.matchConditions)
      if ('problem' in matched) {
        denials.push(...failure(matched.problem))
        continue
      }
      if (matched.value !== true) continue
      for (const validation of spec.validations ?? []) {
        const outcome = evaluation.run(validation.expression)
        if ('problem' in outcome) denials.push(...failure(outcome.problem))
        else if (outcome.value !== true)
          denials.push({ message: messageOf(validation, evaluation), reason: validation.reason ?? 'Invalid' })
      }
      for (const { valueExpression } of spec.auditAnnotations ?? []) {
        const outcome = evaluation.run(valueExpression)
        if ('problem' in outcome) denials.push(...failure(outcome.problem, true))
      }
    }
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error
    denials.push(...failure(error.message, true))
  }
  return denials
}

const maxMessage = 5 * 1024

function messageOf({ expression, message, messageExpression }: Validation, evaluation: PolicyEvaluation): string {
  if (messageExpression) {
    const outcome = evaluation.run(messageExpression)
    const text = 'value' in outcome && typeof outcome.value === 'string' ? outcome.value.trim() : ''
    if (text !== '' && text.length <= maxMessage && !text.includes('\n')) return text
  }
  return message?.trim() || `failed expression: ${expression.trim()}`
}

const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
}

/** A policy's no, with its own reason and code. */
function refusal({ context, object, old }: AdmissionRequest, message: string, reason: string): StatusError {
  const { group, name: plural } = groupName(context.kind)
  const { name = '', generateName = '' } = (object ?? old)?.metadata ?? {}
  const shown = name || generateName || context.name
  const qualified = group ? `${plural}.${group}` : plural
  const text = `${qualified}${shown ? ` ${JSON.stringify(shown)}` : ''} is forbidden: ${message}`
  const details = { name: shown, group, kind: plural, causes: [{ message }] }
  return new StatusError(codes[reason] ?? 422, reason, text, details)
}
