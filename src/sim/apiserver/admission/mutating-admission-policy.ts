import { deepEqual } from '../../../lib/deep-equal.ts'
import { deepCopy } from '../../../lib/freeze.ts'
import type { Mutation, MutatingPolicySpec } from '../../../kinds/mutatingadmissionpolicy/kind.ts'
import type { BindingSpec } from '../../../kinds/admissionpolicy/common.ts'
import { Meter, requestBudget } from '../../../machinery/cel/meter.ts'
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
import type { Draft, RequestContext } from '../request.ts'
import type { ApiServer } from '../server.ts'
import { environmentOf, PolicyEvaluation } from './admission-policy-evaluation.ts'
import { isExempt, matchesResources, type AdmissionRequest } from './admission-policy-match.ts'
import { paramsOf, PolicyProblem } from './admission-policy-params.ts'
import type { AdmissionPlugin } from './chain.ts'
import { refusal } from './validating-admission-policy.ts'

const policies = 'mutatingadmissionpolicies.admissionregistration.k8s.io'
const bindings = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io'

/** Lets expressions change what is written. Upstream: apiserver/pkg/admission/plugin/policy/mutating. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  admit(api, context, draft, old) {
    if (api.etcd.entries(policies).size === 0 || isExempt(context.resource)) return
    const ran = runAll(api, context, draft, old, () => true)
    // Those that ask for it see what came after them once more.
    const stale = new Set(ran.filter(({ seen, again }) => again && !deepEqual(seen, draft)).map(({ name }) => name))
    if (stale.size > 0) runAll(api, context, draft, old, (name) => stale.has(name))
  },
}

interface Ran {
  readonly name: string
  /** The object as it stood after the policy ran. */
  readonly seen: unknown
  readonly again: boolean
}

function runAll(
  api: ApiServer,
  context: RequestContext,
  draft: Draft,
  old: KubeObject | undefined,
  wanted: (name: string) => boolean,
): Ran[] {
  const ran: Ran[] = []
  const { etcd } = api
  for (const key of etcd.keys(policies)) {
    if (!wanted(key)) continue
    const spec = etcd.get(policies, key)!.spec as MutatingPolicySpec
    const request: AdmissionRequest = {
      api,
      context,
      operation: old ? 'UPDATE' : 'CREATE',
      object: draft as KubeObject,
      old,
    }
    if (!spec.matchConstraints || !matchesResources(spec.matchConstraints, request)) continue
    for (const bindingKey of etcd.keys(bindings)) {
      const bound = etcd.get(bindings, bindingKey)!.spec as BindingSpec
      if (bound.policyName !== key || !matchesResources(bound.matchResources ?? {}, request)) continue
      try {
        mutate(spec, bound, request, draft)
      } catch (error) {
        if (!(error instanceof PolicyProblem || error instanceof CelError || error instanceof StatusError)) throw error
        if (spec.failurePolicy === 'Ignore') continue
        throw refusal(
          request,
          `policy '${key}' with binding '${bindingKey}' denied request: ${error.message}`,
          'Invalid',
        )
      }
      ran.push({ name: key, seen: deepCopy(draft), again: spec.reinvocationPolicy === 'IfNeeded' })
    }
  }
  return ran
}

function mutate(spec: MutatingPolicySpec, binding: BindingSpec, request: AdmissionRequest, draft: Draft): void {
  const environment = environmentOf(spec, { hasAuthorizer: true, mutates: true })
  for (const params of paramsOf(spec.paramKind, binding.paramRef, request)) {
    const meter = new Meter(requestBudget)
    const conditions = new PolicyEvaluation(environment, request, params, meter).matches(spec.matchConditions)
    if ('problem' in conditions) throw new PolicyProblem(conditions.problem)
    if (conditions.value !== true) continue
    for (const mutation of spec.mutations ?? []) {
      // Each mutation sees what the one before it did.
      const evaluation = new PolicyEvaluation(environment, request, params, meter)
      const expression = mutation.applyConfiguration?.expression ?? mutation.jsonPatch?.expression ?? ''
      const outcome = evaluation.run(expression)
      if ('problem' in outcome) throw new PolicyProblem(outcome.problem)
      replace(draft, changed(mutation, outcome.value, request))
    }
  }
}

/** The object after a mutation, read by its schema and given its defaults as a request's body is. */
function changed(mutation: Mutation, value: unknown, { context, object }: AdmissionRequest): any {
  const { schema, kind } = context.kind
  const next =
    mutation.patchType === 'JSONPatch' ? patched(value, object) : mergeApplied(schema, object, configuration(value))
  const { object: read, typeError } = decodeStrict(next, schema)
  if (typeError) throw new PolicyProblem(`error applying patch: ${kind}: ${typeError}`)
  context.kind.applyDefaults?.(read)
  return read
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
  if (!isList(value)) throw new PolicyProblem(`unexpected type ${typeNameOf(value)}, expected a list of JSONPatch`)
  const operations = listItems(value).map((item) => {
    if (!(item instanceof Message) || item.name !== 'JSONPatch')
      throw new PolicyProblem(`type mismatch: JSONPatchType.ConvertToNative: unexpected type ${typeNameOf(item)}`)
    return toJson(item)
  })
  return applyJsonPatch(object, operations)
}

/** The configuration that an `Object{…}` describes; its messages are named after the paths where they stand. */
function configuration(value: unknown): unknown {
  if (!(value instanceof Message) || value.name !== 'Object')
    throw new PolicyProblem(`unsupported return type from ApplyConfiguration expression: ${typeNameOf(value)}`)
  for (const field of ['apiVersion', 'kind'])
    if (value.fields.has(field)) throw new PolicyProblem(`may not set ${field}`)
  checkNames(value, 'Object', 0)
  return toJson(value)
}

const maxDepth = 100

function checkNames(value: unknown, path: string, depth: number): void {
  if (depth > maxDepth) throw new PolicyProblem('object is nested too deeply')
  if (value instanceof Message) {
    if (value.name !== path)
      throw new PolicyProblem(
        `unexpected type name ${JSON.stringify(value.name)}, expected ${JSON.stringify(path)}, which matches field name path from root Object type`,
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
