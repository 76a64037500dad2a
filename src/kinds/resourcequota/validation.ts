import { deepEqual } from '../../lib/deep-equal.ts'
import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import { countedObjects, isExtendedResource, isStandardQuotaResource, isStandardResource } from '../resource-names.ts'

const counted = new Set(countedObjects)
const podCompute = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'])
const scopes = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
])
/** Scopes that a pod is either in or not, so that no value can be asked for. */
const valueless = new Set(['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'])

/** The spec of a ResourceQuota. Upstream: pkg/apis/core/validation, ValidateResourceQuotaSpec. */
export function validateQuotaSpec(spec: any): FieldError[] {
  const hard = spec.hard ?? {}
  return [...validateQuantities(hard, 'spec.hard'), ...validateScopes(spec), ...validateSelector(spec)]
}

/** Names and amounts of `hard` or `used`. */
export function validateQuantities(hard: Readonly<Record<string, string>>, field: string): FieldError[] {
  return Object.keys(hard)
    .sort()
    .flatMap((name) => [
      ...validateName(name, `${field}[${name}]`),
      ...validateAmount(name, hard[name]!, `${field}[${name}]`),
    ])
}

function validateName(name: string, field: string): FieldError[] {
  const errors = isQualifiedName(name).map((message) => invalid(field, name, message))
  if (name.includes('/')) return errors
  if (errors.length === 0 && !isStandardResource(name) && !isStandardQuotaResource(name))
    errors.push(invalid(field, name, 'must be a standard resource type or fully qualified'))
  if (!isStandardQuotaResource(name)) errors.push(invalid(field, name, 'must be a standard resource for quota'))
  return errors
}

function validateAmount(name: string, amount: string, field: string): FieldError[] {
  const nano = parseQuantity(amount)?.nano ?? 0n
  const errors: FieldError[] = []
  if (nano < 0n) errors.push(invalid(field, amount, 'must be greater than or equal to 0'))
  if ((counted.has(name) || isExtendedResource(name)) && nano % 1_000_000_000n !== 0n)
    errors.push(invalid(field, amount, 'must be an integer'))
  return errors
}

function validateScopes(spec: any): FieldError[] {
  const errors: FieldError[] = []
  const named: string[] = spec.scopes ?? []
  const field = 'spec.scopes'
  for (const scope of named) {
    if (!scopes.has(scope)) errors.push(invalid(field, named, 'unsupported scope'))
    for (const resource of Object.keys(spec.hard ?? {}).sort())
      if (!applies(scope, resource)) errors.push(invalid(field, named, 'unsupported scope applied to resource'))
  }
  if (areConflicting(named)) errors.push(invalid(field, named, 'conflicting scopes'))
  return errors
}

function validateSelector(spec: any): FieldError[] {
  const errors: FieldError[] = []
  const requirements: any[] = spec.scopeSelector?.matchExpressions ?? []
  const field = 'spec.scopeSelector.matchExpressions'
  for (const { scopeName = '', operator = '', values = [] } of requirements) {
    if (!scopes.has(scopeName)) errors.push(invalid(`${field}.scopeName`, scopeName, 'unsupported scope'))
    for (const resource of Object.keys(spec.hard ?? {}).sort())
      if (!applies(scopeName, resource))
        errors.push(invalid(field, spec.scopeSelector, 'unsupported scope applied to resource'))
    if (valueless.has(scopeName) && operator !== 'Exists')
      errors.push(
        invalid(
          `${field}.operator`,
          operator,
          "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      )
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(
          required(
            `${field}.values`,
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        )
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(
          invalid(
            `${field}.values`,
            values,
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        )
    } else errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'))
  }
  if (areConflicting(requirements.map(({ scopeName }) => scopeName)))
    errors.push(invalid(field, requirements, 'conflicting scopes'))
  return errors
}

/** Does it make sense to count a standard resource within a scope? */
function applies(scope: string, resource: string): boolean {
  if (!isStandardQuotaResource(resource)) return true
  switch (scope) {
    case 'BestEffort':
      return resource === 'pods'
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return resource === 'pods' || podCompute.has(resource)
    case 'VolumeAttributesClass':
      return resource === 'persistentvolumeclaims' || resource === 'requests.storage'
    default:
      return true
  }
}

function areConflicting(named: readonly string[]): boolean {
  const both = (a: string, b: string) => named.includes(a) && named.includes(b)
  return both('BestEffort', 'NotBestEffort') || both('Terminating', 'NotTerminating')
}

/** Scopes stay as they were. */
export function validateScopesUnchanged(spec: any, old: any): FieldError[] {
  const sorted = (list: readonly string[] | undefined) => [...new Set(list)].sort()
  return deepEqual(sorted(spec.scopes), sorted(old.scopes))
    ? []
    : [invalid('spec.scopes', spec.scopes ?? [], 'field is immutable')]
}
