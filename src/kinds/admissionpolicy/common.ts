import { PolicyEnvironment, type PolicyScope } from '../../machinery/cel/policy-environment.ts'
import { bool } from '../../machinery/cel/types.ts'
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  tooMany,
  type FieldError,
} from '../../machinery/field-errors.ts'
import { isDns1035Label, isDns1123Subdomain, isQualifiedName } from '../../machinery/names.ts'
import { validateLabelSelector, type LabelSelector } from '../../machinery/selectors.ts'
import { compilationProblem, validateExpression } from './expressions.ts'
import { defaultMatchResources, validateMatchResources, type MatchResources } from './match-resources.ts'

export interface ParamKind {
  readonly apiVersion?: string
  readonly kind?: string
}
export interface ParamRef {
  readonly name?: string
  readonly namespace?: string
  readonly selector?: LabelSelector
  readonly parameterNotFoundAction?: string
}
export interface NamedExpression {
  readonly name: string
  readonly expression: string
}

/** What both kinds of policies have. */
export interface PolicySpec {
  readonly paramKind?: ParamKind
  readonly matchConstraints?: MatchResources
  readonly matchConditions?: readonly NamedExpression[]
  readonly variables?: readonly NamedExpression[]
  readonly failurePolicy?: string
}

/** What both kinds of bindings have. */
export interface BindingSpec {
  readonly policyName: string
  readonly paramRef?: ParamRef
  readonly matchResources?: MatchResources
}

export function defaultPolicy(spec: any): void {
  spec.failurePolicy ??= 'Fail'
  if (spec.matchConstraints) defaultMatchResources(spec.matchConstraints)
}

export function defaultBinding(spec: any): void {
  if (spec.matchResources) defaultMatchResources(spec.matchResources)
}

/** Upstream: the parts that validateValidatingAdmissionPolicySpec and its mutating sibling share. */
export function validatePolicy(
  spec: PolicySpec,
  scope: PolicyScope,
): { errors: FieldError[]; environment: PolicyEnvironment } {
  const errors: FieldError[] = []
  if (!spec.failurePolicy) errors.push(required('spec.failurePolicy'))
  else if (spec.failurePolicy !== 'Fail' && spec.failurePolicy !== 'Ignore')
    errors.push(notSupported('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']))
  if (spec.paramKind) errors.push(...validateParamKind(spec.paramKind))
  const environment = new PolicyEnvironment(scope, spec.variables ?? [])
  const conditions = new PolicyEnvironment({ ...scope, mutates: false }, [])
  errors.push(...validateConditions(spec.matchConditions ?? [], conditions))
  if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'))
  else {
    errors.push(...validateMatchResources(spec.matchConstraints, 'spec.matchConstraints'))
    if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  }
  errors.push(...validateVariables(spec.variables ?? [], environment))
  return { errors, environment }
}

function validateParamKind({ apiVersion, kind }: ParamKind): FieldError[] {
  const errors: FieldError[] = []
  if (!apiVersion) errors.push(required('spec.paramKind.apiVersion'))
  else if (apiVersion.split('/').length > 2)
    errors.push(invalid('spec.paramKind.apiVersion', apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  if (!kind) errors.push(required('spec.paramKind.kind'))
  else
    for (const problem of isDns1035Label(kind.toLowerCase()))
      errors.push(invalid('spec.paramKind.kind', kind, `may have mixed case, but should otherwise match: ${problem}`))
  return errors
}

const maxConditions = 64

function validateConditions(conditions: readonly NamedExpression[], { environment }: PolicyEnvironment): FieldError[] {
  const errors: FieldError[] = []
  const path = 'spec.matchConditions'
  const names = new Set<string>()
  if (conditions.length > maxConditions) errors.push(tooMany(path, conditions.length, maxConditions))
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = `${path}[${index}]`
    if (!expression?.trim()) errors.push(required(`${at}.expression`))
    else errors.push(...validateExpression(expression, `${at}.expression`, environment, [bool]))
    if (!name) errors.push(required(`${at}.name`))
    else {
      for (const problem of isQualifiedName(name)) errors.push(invalid(`${at}.name`, name, problem))
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
  }
  return errors
}

function validateVariables(variables: readonly NamedExpression[], environment: PolicyEnvironment): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, { name, expression }] of variables.entries()) {
    const at = `spec.variables[${index}]`
    if (!name) errors.push(required(`${at}.name`, 'name is not specified'))
    else {
      if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name))
        errors.push(invalid(`${at}.name`, name, 'name is not a valid CEL identifier'))
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
    if (!expression?.trim()) {
      errors.push(required(`${at}.expression`, 'expression is not specified'))
      continue
    }
    const compiled = environment.variables[index]!.compiled
    const problem = 'problem' in compiled ? compilationProblem(compiled, []) : undefined
    if (problem) errors.push(invalid(`${at}.expression`, expression, problem))
  }
  return errors
}

/** Upstream: validateValidatingAdmissionPolicyBindingSpec, without its actions. */
export function validateBinding(spec: BindingSpec): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.policyName) errors.push(required('spec.policyName'))
  else
    for (const problem of isDns1123Subdomain(spec.policyName))
      errors.push(invalid('spec.policyName', spec.policyName, problem))
  if (spec.paramRef) errors.push(...validateParamRef(spec.paramRef))
  if (spec.matchResources) errors.push(...validateMatchResources(spec.matchResources, 'spec.matchResources'))
  return errors
}

function validateParamRef(ref: ParamRef): FieldError[] {
  const path = 'spec.paramRef'
  const errors: FieldError[] = []
  if (ref.name) {
    for (const problem of ['/', '%'].filter((character) => ref.name!.includes(character)))
      errors.push(invalid(`${path}.name`, ref.name, `may not contain '${problem}'`))
    if (ref.selector) errors.push(forbidden(`${path}.name`, 'name and selector are mutually exclusive'))
  }
  if (ref.selector) {
    errors.push(...validateLabelSelector(ref.selector, `${path}.selector`))
    if (ref.name) errors.push(forbidden(`${path}.selector`, 'name and selector are mutually exclusive'))
  }
  if (!ref.name && !ref.selector) errors.push(required(path, 'one of name or selector must be specified'))
  const action = ref.parameterNotFoundAction
  if (!action) errors.push(required(`${path}.parameterNotFoundAction`, 'parameterNotFoundAction is required'))
  else if (action !== 'Deny' && action !== 'Allow')
    errors.push(notSupported(`${path}.parameterNotFoundAction`, action, ['Deny', 'Allow']))
  return errors
}
