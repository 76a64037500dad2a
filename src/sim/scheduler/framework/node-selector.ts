import type { KubeObject } from '../../../machinery/objects.ts'

/** Does a node match a pod's nodeSelector and required node affinity? */
export function matchesNodeAffinity(pod: KubeObject, node: KubeObject): boolean {
  const { nodeSelector, affinity } = pod.spec
  const labels = node.metadata.labels ?? {}
  for (const name in nodeSelector) if (labels[name] !== nodeSelector[name]) return false
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || matchesTerms(required.nodeSelectorTerms ?? [], node)
}

/** Terms are alternatives; an empty one matches nothing. */
export function matchesTerms(terms: readonly any[], node: KubeObject): boolean {
  return terms.some((term) => matchesTerm(term, node))
}

export function matchesTerm(term: any, node: KubeObject): boolean {
  const expressions: readonly any[] = term.matchExpressions ?? []
  const fields: readonly any[] = term.matchFields ?? []
  if (expressions.length === 0 && fields.length === 0) return false
  const labels = node.metadata.labels ?? {}
  return (
    expressions.every((one) => matchesRequirement(one, labels[one.key])) &&
    fields.every((one) => one.key === 'metadata.name' && matchesRequirement(one, node.metadata.name))
  )
}

function matchesRequirement(
  { operator, values }: { operator: string; values?: readonly string[] },
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values!.includes(value)
    case 'NotIn':
      return value === undefined || !values!.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt': {
      if (value === undefined || !/^[+-]?\d+$/.test(value)) return false
      return operator === 'Gt' ? BigInt(value) > BigInt(values![0]!) : BigInt(value) < BigInt(values![0]!)
    }
    default:
      return false
  }
}
