import type { NamedExpression, PolicySpec } from '../../../kinds/admissionpolicy/common.ts'
import {
  authorizerValue,
  requestResourceValue,
  type Ask,
  type Question,
} from '../../../machinery/cel/functions/authorizer.ts'
import { Meter, perCallLimit, requestBudget } from '../../../machinery/cel/meter.ts'
import { PolicyEnvironment, type PolicyScope } from '../../../machinery/cel/policy-environment.ts'
import { compileCel, type Compilation } from '../../../machinery/cel/program.ts'
import { parseTimestamp } from '../../../machinery/cel/functions/time.ts'
import { CelCostError, CelError, fromJson, LazyMap } from '../../../machinery/cel/values.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { decide } from '../rbac/authorizer.ts'
import type { AdmissionRequest } from './admission-policy-match.ts'

const environments = new WeakMap<object, PolicyEnvironment>()

/** A stored policy's expressions are compiled once. */
export function environmentOf(spec: PolicySpec, scope: Omit<PolicyScope, 'hasParams'>): PolicyEnvironment {
  let environment = environments.get(spec)
  if (!environment) {
    environment = new PolicyEnvironment({ ...scope, hasParams: spec.paramKind !== undefined }, spec.variables ?? [])
    environments.set(spec, environment)
  }
  return environment
}

const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run'

/** An expression's value, or why it has none. */
export type Outcome = { readonly value: unknown } | { readonly problem: string }

/** One evaluation of a policy: a request, a parameter, a budget for all of its expressions. */
export class PolicyEvaluation {
  private readonly environment: PolicyEnvironment
  private readonly values = new Map<string, unknown>()
  private readonly request: AdmissionRequest
  private readonly params: KubeObject | null
  private meter = new Meter(perCallLimit)
  private budget = requestBudget

  constructor(environment: PolicyEnvironment, request: AdmissionRequest, params: KubeObject | null) {
    this.environment = environment
    this.request = request
    this.params = params
  }

  /** Runs an expression after all variables. */
  run(expression: string): Outcome {
    return this.outcome(compileCel(expression, this.environment.environment), expression)
  }

  /** Are all conditions met? A problem counts only where none of them says no. */
  matches(conditions: readonly NamedExpression[] | undefined): Outcome {
    let problem: string | undefined
    for (const { expression } of conditions ?? []) {
      const outcome = this.run(expression)
      if ('problem' in outcome) problem ??= outcome.problem
      else if (outcome.value !== true) return { value: false }
    }
    return problem === undefined ? { value: true } : { problem }
  }

  private outcome(compiled: Compilation, expression: string): Outcome {
    const failed = (why: string) => ({ problem: `expression '${expression}' resulted in error: ${why}` })
    if ('problem' in compiled) return failed(`compilation failed: ${compiled.problem}`)
    const limit = Math.min(perCallLimit, this.budget)
    this.meter = new Meter(limit)
    try {
      return { value: compiled.program.run((name) => this.variable(name), this.meter) }
    } catch (error) {
      if (error instanceof CelCostError) return limit < perCallLimit ? { problem: outOfBudget } : failed(error.message)
      if (error instanceof CelError) return failed(error.message)
      throw error
    } finally {
      this.budget -= limit - Math.max(0, this.meter.remaining)
    }
  }

  private variable(name: string): unknown {
    if (!this.values.has(name)) this.values.set(name, this.make(name))
    return this.values.get(name)
  }

  private make(name: string): unknown {
    const { object, old, api, context } = this.request
    switch (name) {
      case 'object':
        return fromJson(object ?? null)
      case 'oldObject':
        return fromJson(old ?? null)
      case 'params':
        return fromJson(this.params)
      case 'request':
        return fromJson(requestOf(this.request))
      case 'namespaceObject':
        return namespaceValue(context.namespace ? api.etcd.get('namespaces', context.namespace) : undefined)
      case 'variables':
        return this.variables()
      case 'authorizer':
        return authorizerValue(asker(this.request))
      case 'authorizer.requestResource':
        return requestResourceValue(asker(this.request), {
          group: context.kind.group,
          resource: context.kind.plural,
          subresource: context.subresource,
          namespace: context.namespace ?? '',
          name: context.name,
        })
      default:
        return undefined
    }
  }

  /** Each is worked out when it is first asked for. */
  private variables(): LazyMap {
    const known = new Map<unknown, unknown>()
    const { variables } = this.environment
    return new LazyMap(
      () => variables.map(({ name }) => name),
      (name) => {
        if (known.has(name)) return known.get(name)
        const variable = variables.find((one) => one.name === name)
        if (!variable) return undefined
        const { compiled } = variable
        if ('problem' in compiled)
          throw new CelError(`composited variable ${JSON.stringify(name)} fails to compile: ${compiled.problem}`)
        try {
          const value = compiled.program.run((inner) => this.variable(inner), this.meter)
          known.set(name, value)
          return value
        } catch (error) {
          if (!(error instanceof CelError)) throw error
          throw new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`)
        }
      },
    )
  }
}

function requestOf({ context, operation, object, old }: AdmissionRequest): unknown {
  const { kind, user } = context
  const { group, version } = kind
  const asKind = { group, version, kind: kind.kind }
  const asResource = { group, version, resource: kind.plural }
  return {
    kind: asKind,
    resource: asResource,
    subResource: context.subresource,
    requestKind: asKind,
    requestResource: asResource,
    requestSubResource: context.subresource,
    name: context.name || ((object ?? old)?.metadata.name ?? ''),
    namespace: context.namespace ?? '',
    operation,
    userInfo: { username: user.name, uid: user.uid ?? '', groups: user.groups, extra: user.extra ?? {} },
    dryRun: context.dryRun,
    options: { apiVersion: 'meta.k8s.io/v1', kind: optionsKinds[operation], fieldManager: context.fieldManager },
  }
}

const optionsKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const

/** Of a namespace, what policies may see. */
function namespaceValue(namespace: KubeObject | undefined): unknown {
  if (!namespace) return null
  const { name, labels, annotations, uid, creationTimestamp, deletionTimestamp, resourceVersion, finalizers } =
    namespace.metadata
  const fields = new Map<string, unknown>([
    [
      'metadata',
      record({
        name,
        labels: labels && fromJson(labels),
        annotations: annotations && fromJson(annotations),
        UID: uid,
        creationTimestamp: parseTimestamp(creationTimestamp),
        deletionTimestamp: deletionTimestamp && parseTimestamp(deletionTimestamp),
        resourceVersion,
        finalizers: finalizers && fromJson(finalizers),
      }),
    ],
    ['spec', fromJson({ finalizers: namespace.spec?.finalizers ?? [] })],
    ['status', fromJson({ phase: namespace.status?.phase ?? '' })],
  ])
  return fields
}

function record(fields: Readonly<Record<string, unknown>>): Map<string, unknown> {
  return new Map(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function asker({ api, context }: AdmissionRequest): Ask {
  return (question: Question) => {
    const { user: account, verb, path } = question
    const user = account
      ? {
          name: `system:serviceaccount:${account.namespace}:${account.name}`,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'],
        }
      : context.user
    if (user.groups.includes('system:masters')) return { allowed: true, reason: '' }
    if (path !== undefined) return decide(api.etcd, { user, verb, path })
    const { group = '', resource = '', subresource = '', namespace = '', name = '' } = question
    return decide(api.etcd, { user, verb, resource: { group, resource, subresource, namespace, name } })
  }
}
