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
import { isDns1035Label, isDns1123Subdomain, isPathSegmentName, isQualifiedName } from '../../machinery/names.ts'
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
  if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'))
  else {
    errors.push(...validateMatchResources(spec.matchConstraints, 'spec.matchConstraints'))
    if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  }
  errors.push(...validateConditions(spec.matchConditions ?? [], conditions))
  errors.push(...validateVariables(spec.variables ?? [], environment))
  return { errors, environment }
}

function validateParamKind({ apiVersion, kind }: ParamKind): FieldError[] {
  const field = 'spec.paramKind'
  const errors: FieldError[] = []
  const joined = (value: string, name: string, problems: readonly string[], prefix = '') => {
    if (problems.length > 0) errors.push(invalid(`${field}.${name}`, value, prefix + problems.join(',')))
  }
  const parts = apiVersion?.split('/') ?? []
  if (!apiVersion) errors.push(required(`${field}.apiVersion`))
  else if (parts.length > 2)
    errors.push(invalid(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`))
  else {
    const [group, version] = parts.length === 2 ? [parts[0]!, parts[1]!] : ['', parts[0]!]
    if (group) joined(group, 'apiVersion', isDns1123Subdomain(group))
    if (!version) errors.push(invalid(`${field}.apiVersion`, apiVersion, 'version must be specified'))
    else joined(version, 'apiVersion', isDns1035Label(version))
  }
  if (!kind) errors.push(required(`${field}.kind`))
  else joined(kind, 'kind', isDns1035Label(kind.toLowerCase()), 'may have mixed case, but should otherwise match: ')
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
    else errors.push(...validateExpression(expression.trim(), `${at}.expression`, environment, [bool]))
    if (!name) errors.push(required(`${at}.name`))
    else {
      for (const problem of isQualifiedName(name)) errors.push(invalid(`${at}.name`, name, problem))
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
  }
  return errors
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

function validateVariables(variables: readonly NamedExpression[], environment: PolicyEnvironment): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, { name, expression }] of variables.entries()) {
    const at = `spec.variables[${index}]`
    if (!name?.trim()) errors.push(required(`${at}.name`, 'name is not specified'))
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.has(name))
      errors.push(invalid(`${at}.name`, name, 'name is not a valid CEL identifier'))
    if (!expression?.trim()) {
      errors.push(required(`${at}.expression`, 'expression is not specified'))
      continue
    }
    const { compiled } = environment.variables[index]!
    if ('problem' in compiled) errors.push(invalid(`${at}.expression`, expression, compilationProblem(compiled, [])!))
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
  // Upstream misspells the field in its errors.
  if (spec.matchResources) errors.push(...validateMatchResources(spec.matchResources, 'spec.matchResouces'))
  return errors
}

function validateParamRef(ref: ParamRef): FieldError[] {
  const path = 'spec.paramRef'
  const errors: FieldError[] = []
  if (ref.name) {
    for (const problem of isPathSegmentName(ref.name)) errors.push(invalid(`${path}.name`, ref.name, problem))
    if (ref.selector) errors.push(forbidden(`${path}.name`, 'name and selector are mutually exclusive'))
  }
  if (ref.selector) {
    errors.push(...validateLabelSelector(ref.selector, `${path}.selector`))
    if (ref.name) errors.push(forbidden(`${path}.selector`, 'name and selector are mutually exclusive'))
  }
  if (!ref.name && !ref.selector) errors.push(required(path, 'one of name or selector must be specified'))
  const action = ref.parameterNotFoundAction
  if (!action) errors.push(required(`${path}.parameterNotFoundAction`))
  else if (action !== 'Deny' && action !== 'Allow')
    errors.push(notSupported(`${path}.parameterNotFoundAction`, action, ['Deny', 'Allow']))
  return errors
}
