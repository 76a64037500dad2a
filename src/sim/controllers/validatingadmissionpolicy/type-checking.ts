import { apiVersionOf, type Kind } from '../../../kinds/kind.ts'
import type { ResourceRule } from '../../../kinds/admissionpolicy/match-resources.ts'
import type { ValidatingPolicySpec } from '../../../kinds/validatingadmissionpolicy/kind.ts'
import { typeOfDefinition } from '../../../machinery/cel/definition-types.ts'
import { PolicyEnvironment } from '../../../machinery/cel/policy-environment.ts'
import { compileCel } from '../../../machinery/cel/program.ts'
import { definition } from '../../../machinery/schema/schema.ts'

/** Where kinds are looked up. */
export interface KindLookup {
  byResource(group: string, version: string, plural: string): Kind | undefined
  ofObject(object: { readonly apiVersion?: string; readonly kind?: string }): Kind | undefined
}

export interface ExpressionWarning {
  readonly fieldRef: string
  readonly warning: string
}

/** Upstream: maxTypesToCheck. */
const maxTypes = 10

/** What a policy's expressions get wrong about the kinds it is for. Upstream: policy/validating, TypeChecker. */
export function expressionWarnings(spec: ValidatingPolicySpec, kinds: KindLookup): ExpressionWarning[] {
  const matched = kindsOf(spec.matchConstraints?.resourceRules ?? [], kinds)
  const paramKind = spec.paramKind && kinds.ofObject(spec.paramKind)
  const params = paramKind && typeOf(paramKind)
  const warnings: ExpressionWarning[] = []
  const check = (expression: string | undefined, fieldRef: string) => {
    if (!expression) return
    const found = matched.flatMap((kind) => {
      const object = typeOf(kind)
      const scope = {
        hasParams: spec.paramKind !== undefined,
        hasAuthorizer: true,
        ...(object && { object }),
        ...(params && { params }),
      }
      const compiled = compileCel(expression, new PolicyEnvironment(scope, spec.variables ?? []).environment)
      return 'problem' in compiled ? [`${gvkText(kind)}: ${compiled.problem}`] : []
    })
    if (found.length > 0) warnings.push({ fieldRef, warning: found.join('\n') })
  }
  for (const [index, { expression, messageExpression }] of (spec.validations ?? []).entries()) {
    check(expression, `spec.validations[${index}].expression`)
    check(messageExpression, `spec.validations[${index}].messageExpression`)
  }
  return warnings
}

function typeOf(kind: Kind) {
  const schema = definition(kind.schema)
  return schema && typeOfDefinition(schema)
}

function gvkText(kind: Kind): string {
  return `${kind.group ? apiVersionOf(kind) : `/${kind.version}`}, Kind=${kind.kind}`
}

/** The kinds that rules name without wildcards, in upstream's order. */
function kindsOf(rules: readonly ResourceRule[], kinds: KindLookup): Kind[] {
  const found = new Map<string, Kind>()
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if ([apiGroups, apiVersions, resources].some((list) => list.some((one) => one.includes('*')))) continue
    for (const group of apiGroups)
      for (const version of apiVersions)
        for (const resource of resources) {
          const kind = kinds.byResource(group, version, resource)
          if (kind) found.set(gvkText(kind), kind)
        }
  }
  const texts = [...found.keys()].sort().slice(0, maxTypes)
  return texts.map((text) => found.get(text)!)
}
