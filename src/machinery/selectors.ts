import { invalid, forbidden, required, type FieldError } from './field-errors.ts'
import { isLabelValue, isQualifiedName } from './names.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** metav1.LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

/** One term; all of a selector's must hold. `=` is `in` with one value. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/** Does a label selector match? Undefined matches nothing, `{}` matches everything, as upstream. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false
  const { matchLabels, matchExpressions } = selector
  if (matchLabels) for (const key in matchLabels) if (labels?.[key] !== matchLabels[key]) return false
  if (matchExpressions)
    for (const { key, operator, values } of matchExpressions) {
      const value = labels?.[key]
      if (
        operator === 'In'
          ? value === undefined || !values?.includes(value)
          : operator === 'NotIn'
            ? value !== undefined && values?.includes(value)
            : operator === 'Exists'
              ? value === undefined
              : operator === 'DoesNotExist'
                ? value !== undefined
                : true
      )
        return false
    }
  return true
}

/** Does a plain map selector (a Service's) match? An empty or missing one matches nothing. */
export function matchesLabels(selector: Labels, labels: Labels): boolean {
  if (!selector) return false
  let any = false
  for (const key in selector) {
    any = true
    if (labels?.[key] !== selector[key]) return false
  }
  return any
}

/** Do all requirements hold? */
export function matchesRequirements(requirements: readonly Requirement[], labels: Labels): boolean {
  for (const { key, operator, values } of requirements) {
    const value = labels?.[key]
    if (
      operator === 'in'
        ? value === undefined || !values.includes(value)
        : operator === 'notin'
          ? value !== undefined && values.includes(value)
          : operator === 'exists'
            ? value === undefined
            : operator === '!'
              ? value !== undefined
              : !comparesInteger(operator, value, values[0])
    )
      return false
  }
  return true
}

function comparesInteger(operator: 'gt' | 'lt', value: string | undefined, bound: string | undefined): boolean {
  if (value === undefined || !/^-?\d+$/.test(value) || bound === undefined) return false
  return operator === 'gt' ? Number(value) > Number(bound) : Number(value) < Number(bound)
}

/** A LabelSelector as requirements, sorted by key as upstream prints them. */
export function requirementsOf(selector: LabelSelector): Requirement[] {
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    requirements.push({ key, operator: 'in', values: [value] })
  const operators: Record<string, Requirement['operator']> = {
    In: 'in',
    NotIn: 'notin',
    Exists: 'exists',
    DoesNotExist: '!',
  }
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    requirements.push({ key, operator: operators[operator] ?? 'exists', values: [...(values ?? [])].sort() })
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

/** `app=web,tier in (a,b)`, as kubectl prints a selector; `<none>` when it is missing or empty. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>'
  const expressionKeys = new Set((selector.matchExpressions ?? []).map(({ key }) => key))
  const text = requirementsOf(selector)
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key
      if (operator === '!') return `!${key}`
      if (operator === 'in' && values.length === 1 && !expressionKeys.has(key)) return `${key}=${values[0]}`
      return `${key} ${operator} (${values.join(',')})`
    })
    .join(',')
  return text || '<none>'
}

/** `a=b,c=d` sorted by key, `<none>` when empty. Upstream: labels.FormatLabels. */
export function formatLabels(labels: Labels): string {
  const text = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(',')
  return text || '<none>'
}

/** Upstream: metav1validation.ValidateLabelSelector. */
export function validateLabelSelector(selector: LabelSelector | undefined, field: string): FieldError[] {
  if (!selector) return []
  const errors: FieldError[] = []
  for (const key of Object.keys(selector.matchLabels ?? {}).sort()) {
    for (const message of isQualifiedName(key)) errors.push(invalid(`${field}.matchLabels`, key, message))
    for (const message of isLabelValue(selector.matchLabels![key]!))
      errors.push(invalid(`${field}.matchLabels`, selector.matchLabels![key], message))
  }
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`
    if (operator === 'In' || operator === 'NotIn') {
      if (!values.length) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length)
        errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    } else errors.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'))
    for (const message of isQualifiedName(key ?? '')) errors.push(invalid(`${at}.key`, key ?? '', message))
    for (const [valueIndex, value] of values.entries())
      for (const message of isLabelValue(value)) errors.push(invalid(`${at}.values[${valueIndex}]`, value, message))
  }
  return errors
}
