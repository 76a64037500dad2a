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

/** What a selector's text means, or why it has none; the message follows `unable to parse requirement: `. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

const tokenPattern = /\s*(?:(==|!=|=|!|\(|\)|,|<|>)|([^\s=!(),<>]+))/y

/** Reads `app=web,tier in (a,b),!old`. Upstream: labels.Parse. */
export function parseLabelSelector(text: string): Parsed<Requirement[]> {
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  const trimmed = text.trimEnd()
  while (tokenPattern.lastIndex < trimmed.length) {
    const match = tokenPattern.exec(trimmed)
    if (!match) return { ok: false, message: `unable to parse requirement: found '${trimmed}', expected: identifier` }
    tokens.push(match[1] ?? match[2]!)
  }
  const requirements: Requirement[] = []
  let at = 0
  const fail = (message: string): Parsed<never> => ({ ok: false, message: `unable to parse requirement: ${message}` })
  const isWord = (token: string | undefined) => token !== undefined && !/^(==|!=|=|!|\(|\)|,|<|>)$/.test(token)
  const problemOf = (key: string, values: readonly string[]): string | undefined => {
    const bad = isQualifiedName(key)
    if (bad.length) return `<nil>: Invalid value: ${JSON.stringify(key)}: ${bad.join('; ')}`
    for (const [index, value] of values.entries()) {
      const errors = isLabelValue(value)
      if (errors.length)
        return `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${errors.join('; ')}`
    }
    return undefined
  }
  while (at < tokens.length) {
    let requirement: Requirement
    const negated = tokens[at] === '!'
    if (negated) at++
    const key = tokens[at]
    if (!isWord(key)) return fail(`found '${key ?? ''}', expected: !, identifier, or 'end of string'`)
    at++
    const operator = tokens[at]
    if (negated || operator === undefined || operator === ',') {
      requirement = { key: key!, operator: negated ? '!' : 'exists', values: [] }
    } else if (operator === 'in' || operator === 'notin') {
      at++
      if (tokens[at] !== '(') return fail(`found '${tokens[at] ?? ''}' expected: '('`)
      at++
      const values: string[] = []
      let value = ''
      for (; at < tokens.length && tokens[at] !== ')'; at++) {
        if (tokens[at] === ',') {
          values.push(value)
          value = ''
        } else value = tokens[at]!
      }
      values.push(value)
      if (tokens[at] !== ')') return fail(`found '${tokens[at] ?? ''}', expected: ',', or ')'`)
      at++
      requirement = { key: key!, operator, values: [...new Set(values)].sort() }
    } else if (['=', '==', '!=', '<', '>'].includes(operator)) {
      at++
      const next = tokens[at]
      if (next !== undefined && next !== ',' && !isWord(next)) return fail(`found '${next}', expected: identifier`)
      const value = isWord(next) ? tokens[at++]! : ''
      const name = operator === '!=' ? 'notin' : operator === '<' ? 'lt' : operator === '>' ? 'gt' : 'in'
      requirement = { key: key!, operator: name, values: [value] }
    } else return fail(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`)
    const problem = problemOf(requirement.key, requirement.values)
    if (problem) return fail(problem)
    requirements.push(requirement)
    if (at < tokens.length) {
      // Upstream has no prefix here.
      if (tokens[at] !== ',') return { ok: false, message: `found '${tokens[at]}', expected: ',' or 'end of string'` }
      at++
      if (at >= tokens.length) return fail(`found '', expected: identifier after ','`)
    }
  }
  return { ok: true, value: requirements }
}

export interface FieldRequirement {
  readonly field: string
  readonly value: string
  readonly negated: boolean
}

/** Reads `spec.nodeName=a,status.phase!=Failed`. Upstream: fields.ParseSelector. */
export function parseFieldSelector(text: string): Parsed<FieldRequirement[]> {
  const requirements: FieldRequirement[] = []
  for (const part of text.split(/(?<!\\),/)) {
    if (part === '') continue
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part)
    if (!match) return { ok: false, message: `invalid selector: '${text}'; can't understand '${part}'` }
    requirements.push({ field: match[1]!, value: match[3]!.replace(/\\([\\,=])/g, '$1'), negated: match[2] === '!=' })
  }
  return { ok: true, value: requirements }
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
