/** A label selector as Go's generated String() writes it into messages. */
export function goSelector(selector: any): string {
  const labels: Record<string, string> = selector?.matchLabels ?? {}
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}: ${labels[key]},`)
  const expressions = (selector?.matchExpressions ?? []).map(
    ({ key, operator, values = [] }: any) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`,
  )
  const list = expressions.length > 0 ? `${expressions.join(',')},` : ''
  return `&LabelSelector{MatchLabels:map[string]string{${pairs.join('')}},MatchExpressions:[]LabelSelectorRequirement{${list}},}`
}
