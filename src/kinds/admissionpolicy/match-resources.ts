import { duplicate, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isPathSegmentName } from '../../machinery/names.ts'
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
  const policies = ['Equivalent', 'Exact']
  if (!match.matchPolicy) errors.push(required(`${path}.matchPolicy`))
  else if (!policies.includes(match.matchPolicy))
    errors.push(notSupported(`${path}.matchPolicy`, match.matchPolicy, policies))
  for (const name of ['namespaceSelector', 'objectSelector'] as const) {
    if (!match[name]) errors.push(required(`${path}.${name}`))
    else errors.push(...validateLabelSelector(match[name], `${path}.${name}`))
  }
  for (const name of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [index, rule] of (match[name] ?? []).entries())
      errors.push(...validateRule(rule, `${path}.${name}[${index}]`))
  return errors
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

function validateRule(rule: ResourceRule, path: string): FieldError[] {
  const errors = validateResourceNames(rule.resourceNames ?? [], `${path}.resourceNames`)
  const list = (name: 'operations' | 'apiGroups' | 'apiVersions', what: string) => {
    const values = rule[name] ?? []
    if (values.length === 0) errors.push(required(`${path}.${name}`))
    if (values.length > 1 && values.includes('*'))
      errors.push(invalid(`${path}.${name}`, values, `if '*' is present, must not specify other ${what}`))
    return values.entries()
  }
  for (const [index, one] of list('operations', 'operations'))
    if (!operations.includes(one)) errors.push(notSupported(`${path}.operations[${index}]`, one, operations))
  list('apiGroups', 'API groups')
  for (const [index, one] of list('apiVersions', 'API versions'))
    if (one === '') errors.push(required(`${path}.apiVersions[${index}]`))
  errors.push(...validateResources(rule.resources ?? [], `${path}.resources`))
  if (rule.scope !== undefined && !scopes.includes(rule.scope))
    errors.push(notSupported(`${path}.scope`, rule.scope, scopes))
  return errors
}

function validateResourceNames(names: readonly string[], path: string): FieldError[] {
  return names.flatMap((name, index) => [
    ...isPathSegmentName(name).map((problem) => invalid(`${path}[${index}]`, name, problem)),
    ...(names.indexOf(name) < index ? [duplicate(`${path}[${index}]`, name)] : []),
  ])
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)]
  const errors: FieldError[] = []
  const allOfResource = new Set<string>()
  const ofAllResources = new Set<string>()
  let hasPlain = false
  for (const [index, one] of resources.entries()) {
    const at = `${path}[${index}]`
    if (one === '') {
      errors.push(required(at))
      continue
    }
    const slash = one.indexOf('/')
    if (slash < 0) {
      hasPlain = one !== '*'
      continue
    }
    const [resource, subresource] = [one.slice(0, slash), one.slice(slash + 1)]
    const clash = (with_: string) => errors.push(invalid(at, one, `if '${with_}' is present, must not specify ${one}`))
    if (allOfResource.has(resource)) clash(`${resource}/*`)
    if (ofAllResources.has(subresource)) clash(`*/${subresource}`)
    if (subresource === '*') allOfResource.add(resource)
    if (resource === '*') ofAllResources.add(subresource)
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"))
  if (resources.includes('*') && hasPlain)
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"))
  return errors
}
