import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'

/** The rules of a Role or ClusterRole. Upstream: pkg/apis/rbac/validation, ValidatePolicyRule. */
export function validateRules(rules: readonly any[] | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, namespaced, `rules[${index}]`))
}

function validateRule(rule: any, namespaced: boolean, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!rule.verbs?.length) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
  if (rule.nonResourceURLs?.length) {
    const at = `${field}.nonResourceURLs`
    if (namespaced) errors.push(invalid(at, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length)
      errors.push(
        invalid(at, rule.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'),
      )
    return errors
  }
  if (!rule.apiGroups?.length)
    errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
  if (!rule.resources?.length)
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  return errors
}
