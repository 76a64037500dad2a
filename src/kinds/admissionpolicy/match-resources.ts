import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { validateLabelSelector, type LabelSelector } from '../../machinery/selectors.ts'

/** Which operations on which resources. Upstream: NamedRuleWithOperations. */
export interface ResourceRule {
  readonly resourceNames?: readonly string[]
  readonly operations?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly resources?: readonly string[]
  readonly scope?: string
}

export interface MatchResources {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly resourceRules?: readonly ResourceRule[]
  readonly excludeResourceRules?: readonly ResourceRule[]
  readonly matchPolicy?: string
}

/** Upstream: admissionregistration/v1/defaults.go. */
export function defaultMatchResources(match: any): void {
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*'
}

/** Upstream: validateMatchResources. */
export function validateMatchResources(match: MatchResources, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (match.matchPolicy !== undefined && match.matchPolicy !== 'Exact' && match.matchPolicy !== 'Equivalent')
    errors.push(notSupported(`${path}.matchPolicy`, match.matchPolicy, ['Equivalent', 'Exact']))
  if (!match.namespaceSelector) errors.push(required(`${path}.namespaceSelector`))
  else errors.push(...validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`))
  if (!match.objectSelector) errors.push(required(`${path}.objectSelector`))
  // Upstream names the other selector's field here as well.
  else errors.push(...validateLabelSelector(match.objectSelector, `${path}.labelSelector`))
  for (const name of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [index, rule] of (match[name] ?? []).entries())
      errors.push(...validateRule(rule, `${path}.${name}[${index}]`))
  return errors
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

function validateRule(rule: ResourceRule, path: string): FieldError[] {
  const errors: FieldError[] = []
  const list = (name: 'operations' | 'apiGroups' | 'apiVersions', what: string) => {
    const values = rule[name] ?? []
    if (values.length === 0) errors.push(required(`${path}.${name}`))
    else if (values.length > 1 && values.includes('*'))
      errors.push(invalid(`${path}.${name}`, values, `if '*' is present, must not specify other ${what}`))
    if (name === 'apiVersions')
      for (const [index, value] of values.entries())
        if (value === '') errors.push(required(`${path}.${name}[${index}]`))
  }
  list('operations', 'operations')
  for (const [index, one] of (rule.operations ?? []).entries())
    if (!operations.includes(one)) errors.push(notSupported(`${path}.operations[${index}]`, one, operations))
  list('apiGroups', 'API groups')
  list('apiVersions', 'API versions')
  errors.push(...validateResources(rule.resources ?? [], `${path}.resources`))
  if (rule.scope !== undefined && !scopes.includes(rule.scope))
    errors.push(notSupported(`${path}.scope`, rule.scope, scopes))
  for (const [index, name] of (rule.resourceNames ?? []).entries()) {
    const problem = ['/', '%'].find((character) => name.includes(character))
    if (problem) errors.push(invalid(`${path}.resourceNames[${index}]`, name, `may not contain '${problem}'`))
    if (rule.resourceNames!.indexOf(name) < index)
      errors.push({
        type: 'FieldValueDuplicate',
        field: `${path}.resourceNames[${index}]`,
        message: `Duplicate value: ${JSON.stringify(name)}`,
      })
  }
  return errors
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)]
  const errors: FieldError[] = []
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"))
  for (const [index, one] of resources.entries()) {
    const at = `${path}[${index}]`
    if (one === '') errors.push(required(at))
    const [resource = '', subresource] = one.split('/')
    if (subresource !== undefined && subresource !== '*' && resources.includes(`${resource}/*`))
      errors.push(invalid(at, one, `if '${resource}/*' is present, must not specify ${one}`))
    else if (subresource !== undefined && resource !== '*' && resources.includes(`*/${subresource}`))
      errors.push(invalid(at, one, `if '*/${subresource}' is present, must not specify ${one}`))
    else if (subresource === undefined && resource !== '*' && resources.includes('*'))
      errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"))
  }
  return errors
}
