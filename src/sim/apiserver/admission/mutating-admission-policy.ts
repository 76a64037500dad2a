import type { Mutation, MutatingPolicySpec } from '../../../kinds/mutatingadmissionpolicy/kind.ts'
import type { BindingSpec } from '../../../kinds/admissionpolicy/common.ts'
import {
  CelError,
  isList,
  isMapValue,
  listItems,
  mapKeys,
  mapValue,
  Message,
  Optional,
  toJson,
  typeNameOf,
} from '../../../machinery/cel/values.ts'
import { decodeStrict } from '../../../machinery/decode.ts'
import { StatusError } from '../../../machinery/errors.ts'
import { applyJsonPatch } from '../../../machinery/json-patch.ts'
import { mergeApplied } from '../../../machinery/server-side-apply.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { groupName } from '../group-names.ts'
import type { Draft } from '../request.ts'
import { environmentOf, PolicyEvaluation } from './admission-policy-evaluation.ts'
import { isExempt, matchesResources, type AdmissionRequest } from './admission-policy-match.ts'
import { configurationProblem, paramsOf, PolicyProblem } from './admission-policy-params.ts'
import type { AdmissionPlugin } from './chain.ts'

const policies = 'mutatingadmissionpolicies.admissionregistration.k8s.io'
const bindings = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io'

/** Lets expressions change what is written. Upstream: apiserver/pkg/admission/plugin/policy/mutating. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  admit(api, context, draft, old) {
    if (api.etcd.entries(policies).size === 0 || isExempt(context.resource)) return
    const request: AdmissionRequest = {
      api,
      context,
      operation: old ? 'UPDATE' : 'CREATE',
      object: draft as KubeObject,
      old,
    }
    const again = invocationsOf(request).filter((one) => invoke(one, request, draft))
    // Once something was changed, those that ask for it run once more.
    for (const one of again) if (one.spec.reinvocationPolicy === 'IfNeeded') invoke(one, request, draft)
  },
}

/** A policy with a binding and a parameter. */
interface Invocation {
  readonly policy: string
  readonly binding: string
  readonly spec: MutatingPolicySpec
  readonly params: KubeObject | null
}

/** What a policy said against a request. */
interface PolicyError {
  readonly message: string
  readonly reason: string
}

function invocationsOf(request: AdmissionRequest): Invocation[] {
  const { etcd } = request.api
  const invocations: Invocation[] = []
  const errors: PolicyError[] = []
  for (const policy of etcd.keys(policies)) {
    const spec = etcd.get(policies, policy)!.spec as MutatingPolicySpec
    if (!spec.matchConstraints || !matchesResources(spec.matchConstraints, request)) continue
    const fails = spec.failurePolicy !== 'Ignore'
    const problem = configurationProblem(spec.paramKind, request)
    if (problem !== undefined) {
      if (fails) errors.push({ message: `policy "${policy}" denied request: ${problem}`, reason: 'Forbidden' })
      continue
    }
    for (const binding of etcd.keys(bindings)) {
      const bound = etcd.get(bindings, binding)!.spec as BindingSpec
      if (bound.policyName !== policy || !matchesResources(bound.matchResources ?? {}, request)) continue
      try {
        for (const params of paramsOf(spec.paramKind, bound.paramRef, request))
          invocations.push({ policy, binding, spec, params })
      } catch (error) {
        if (!(error instanceof PolicyProblem)) throw error
        if (fails) errors.push({ message: denied({ policy, binding }, error.message), reason: 'Forbidden' })
      }
    }
  }
  if (errors.length > 0) throw refusal(request, errors)
  return invocations
}

const denied = ({ policy, binding }: Pick<Invocation, 'policy' | 'binding'>, why: string) =>
  `policy '${policy}' with binding '${binding}' denied request: ${why}`

/** Runs a policy's mutations, each seeing what the one before it did; true when its conditions were met. */
function invoke(invocation: Invocation, request: AdmissionRequest, draft: Draft): boolean {
  const { spec, params } = invocation
  const environment = environmentOf(spec, { hasAuthorizer: true, mutates: true })
  const errors: PolicyError[] = []
  const fail = (why: string) => errors.push({ message: denied(invocation, why), reason: 'Invalid' })
  const conditions = new PolicyEvaluation(environment, request, params).matches(spec.matchConditions)
  if ('problem' in conditions) fail(conditions.problem)
  else if (conditions.value !== true) return false
  else {
    for (const mutation of spec.mutations ?? []) {
      const expression = mutation.applyConfiguration?.expression ?? mutation.jsonPatch?.expression ?? ''
      const outcome = new PolicyEvaluation(environment, request, params).run(expression)
      if ('problem' in outcome) fail(outcome.problem)
      else {
        try {
          replace(draft, changed(mutation, outcome.value, request))
        } catch (error) {
          if (!(error instanceof PolicyProblem || error instanceof CelError || error instanceof StatusError))
            throw error
          fail(error.message)
        }
      }
    }
  }
  if (errors.length > 0 && spec.failurePolicy !== 'Ignore') throw refusal(request, errors)
  return true
}

/** Upstream answers 403 in the words of the first policy that failed. */
function refusal({ context, object }: AdmissionRequest, errors: readonly PolicyError[]): StatusError {
  const { group, name: plural } = groupName(context.kind)
  const { name = '', generateName = '' } = object?.metadata ?? {}
  const causes = errors.map(({ message }) => ({ message }))
  const details = { name: name || generateName || context.name, group, kind: plural, causes }
  return new StatusError(403, errors[0]!.reason, errors[0]!.message, details)
}

/** The object after a mutation, read by its schema and given its defaults as a request's body is. */
function changed(mutation: Mutation, value: unknown, { context, object }: AdmissionRequest): any {
  const { schema, kind } = context.kind
  const next =
    mutation.patchType === 'JSONPatch' ? patched(value, object) : merged(schema, object, configuration(value))
  const { object: read, typeError } = decodeStrict(next, schema)
  if (typeError) throw new PolicyProblem(`error applying patch: ${kind}: ${typeError}`)
  context.kind.applyDefaults?.(read)
  return read
}

function merged(schema: Parameters<typeof mergeApplied>[0], object: unknown, applied: unknown): unknown {
  try {
    return mergeApplied(schema, object, applied)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw new PolicyProblem(`error applying patch: ${error.message}`)
  }
}

function replace(draft: Draft, next: Record<string, unknown>): void {
  const target = draft as unknown as Record<string, unknown>
  for (const key of Object.keys(target)) if (!Object.hasOwn(next, key)) delete target[key]
  // Whose object it is does not change.
  const { uid, creationTimestamp, generation, managedFields } = draft.metadata
  Object.assign(target, next)
  const metadata = target.metadata as Record<string, unknown>
  for (const [name, value] of Object.entries({ uid, creationTimestamp, generation, managedFields }))
    if (value !== undefined) metadata[name] = value
}

function patched(value: unknown, object: unknown): unknown {
  if (!isList(value)) throw new PolicyProblem('type mismatch: JSONPatchType.expression should evaluate to array')
  let result = object
  for (const item of listItems(value)) {
    if (!(item instanceof Message) || item.name !== 'JSONPatch')
      throw new PolicyProblem(
        `type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch, got element of ${typeNameOf(item)}`,
      )
    const made = item.fields.get('value')
    if (made instanceof Message) checkNames(made, made.name, 0)
    const operation = toJson(item) as { op?: string; path?: string }
    try {
      result = applyJsonPatch(result, [operation])
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      // A test that fails leaves everything as it was.
      if (operation.op === 'test') return object
      const path = JSON.stringify(operation.path ?? '')
      throw new PolicyProblem(
        `JSONPath: ${operation.op} operation does not apply: doc is missing path: ${path}: missing value`,
      )
    }
  }
  return result
}

/** The configuration that an `Object{…}` describes; its messages are named after the paths where they stand. */
function configuration(value: unknown): unknown {
  if (!(value instanceof Message) || value.name !== 'Object')
    throw new PolicyProblem(`unsupported return type from ApplyConfiguration expression: ${typeNameOf(value)}`)
  checkNames(value, 'Object', 0)
  // What it is an object of is not up to the policy.
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = toJson(value) as Record<string, unknown>
  return rest
}

const maxDepth = 100

function checkNames(value: unknown, path: string, depth: number): void {
  if (depth > maxDepth) throw new PolicyProblem('object is nested too deeply')
  if (value instanceof Message) {
    if (value.name !== path)
      throw new PolicyProblem(
        `type mismatch: unexpected type name ${JSON.stringify(value.name)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`,
      )
    for (const [name, item] of value.fields) checkNames(item, `${path}.${name}`, depth + 1)
  } else if (isList(value)) {
    for (const item of listItems(value)) checkNames(item, path, depth + 1)
  } else if (value instanceof Optional) checkNames(value.value, path, depth + 1)
  else if (isMapValue(value)) {
    for (const key of mapKeys(value)) {
      const item = mapValue(value, key)
      if (item instanceof Message) checkNames(item, `${path}.${String(key)}`, depth + 1)
    }
  }
}
