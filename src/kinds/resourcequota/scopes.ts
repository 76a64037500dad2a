import { qosClassOf } from '../pod/qos.ts'

interface ScopeRequirement {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** Does a quota count this object? Quotas with scopes count nothing but pods, and claims by their attributes class. */
export function isInScope(spec: any, resource: string, object: any): boolean {
  const named: string[] = spec.scopes ?? []
  const requirements: ScopeRequirement[] = [
    ...named.map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ]
  if (requirements.length === 0) return true
  if (resource === 'pods') return requirements.every((one) => podMatches(object, one))
  if (resource !== 'persistentvolumeclaims') return false
  return requirements.every(
    (one) => one.scopeName === 'VolumeAttributesClass' && valueMatches(object.spec?.volumeAttributesClassName, one),
  )
}

function podMatches(pod: any, requirement: ScopeRequirement): boolean {
  const { spec } = pod
  switch (requirement.scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds >= 0
    case 'NotTerminating':
      return !(spec.activeDeadlineSeconds >= 0)
    case 'BestEffort':
      return qosClassOf(pod) === 'BestEffort'
    case 'NotBestEffort':
      return qosClassOf(pod) !== 'BestEffort'
    case 'PriorityClass':
      return valueMatches(spec.priorityClassName, requirement)
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(spec.affinity?.podAffinity) || crossesNamespaces(spec.affinity?.podAntiAffinity)
    default:
      return false
  }
}

function valueMatches(value: string | undefined, { operator, values = [] }: ScopeRequirement): boolean {
  switch (operator) {
    case 'In':
      return !!value && values.includes(value)
    case 'NotIn':
      return !value || !values.includes(value)
    case 'DoesNotExist':
      return !value
    default:
      return !!value
  }
}

function crossesNamespaces(affinity: any): boolean {
  const terms: any[] = [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one: any) => one.podAffinityTerm),
  ]
  return terms.some((term) => term?.namespaces?.length > 0 || term?.namespaceSelector)
}
