import { duplicate, invalid, notSupported, required, tooMany, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'

const maxRules = 20
const maxValues = 255
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

/** What a job does about pods that fail. Upstream: validatePodFailurePolicy. */
export function validatePodFailurePolicy(spec: any, field: string): FieldError[] {
  const rules: readonly any[] = spec.podFailurePolicy.rules ?? []
  const at = `${field}.rules`
  const errors: FieldError[] = []
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules))
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {}
  const names = new Set<string>([...containers, ...initContainers].map((one: any) => one.name))
  for (const [index, rule] of rules.entries()) errors.push(...validateRule(spec, rule ?? {}, `${at}[${index}]`, names))
  return errors
}

function validateRule(spec: any, rule: any, field: string, names: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  const { action, onExitCodes, onPodConditions } = rule
  if (!action) errors.push(required(`${field}.action`, `valid values: ${actions.map((one) => `"${one}"`).join(', ')}`))
  else if (!actions.includes(action)) errors.push(notSupported(`${field}.action`, action, actions))
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
    errors.push(invalid(`${field}.action`, action, 'requires the backoffLimitPerIndex to be set'))
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, `${field}.onExitCodes`, names))
  if (onPodConditions?.length) errors.push(...validatePatterns(onPodConditions, `${field}.onPodConditions`))
  if (onExitCodes && onPodConditions?.length)
    errors.push(invalid(field, '', 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (!onExitCodes && !onPodConditions?.length)
    errors.push(invalid(field, '', 'specifying one of OnExitCodes and OnPodConditions is required'))
  return errors
}

function validateExitCodes(codes: any, field: string, names: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  const { operator, values = [], containerName } = codes
  if (!operator)
    errors.push(required(`${field}.operator`, `valid values: ${operators.map((one) => `"${one}"`).join(', ')}`))
  else if (!operators.includes(operator)) errors.push(notSupported(`${field}.operator`, operator, operators))
  if (containerName !== undefined && !names.has(containerName))
    errors.push(
      invalid(
        `${field}.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    )
  if (values.length === 0) errors.push(invalid(`${field}.values`, values, 'at least one value is required'))
  else if (values.length > maxValues) errors.push(tooMany(`${field}.values`, values.length, maxValues))
  const seen = new Set<number>()
  let isOrdered = true
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalid(`${field}.values[${index}]`, 0, 'must not be 0 for the In operator'))
    if (seen.has(value)) errors.push(duplicate(`${field}.values[${index}]`, value))
    seen.add(value)
    if (index > 0 && values[index - 1] > value) isOrdered = false
  }
  if (!isOrdered) errors.push(invalid(`${field}.values`, values, 'must be ordered'))
  return errors
}

function validatePatterns(patterns: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  if (patterns.length > maxRules) errors.push(tooMany(field, patterns.length, maxRules))
  for (const [index, pattern] of patterns.entries()) {
    const { type = '', status } = pattern ?? {}
    for (const message of isQualifiedName(type)) errors.push(invalid(`${field}[${index}].type`, type, message))
    if (!status)
      errors.push(
        required(`${field}[${index}].status`, `valid values: ${statuses.map((one) => `"${one}"`).join(', ')}`),
      )
    else if (!statuses.includes(status)) errors.push(notSupported(`${field}[${index}].status`, status, statuses))
  }
  return errors
}

/** When an indexed job has succeeded early. Upstream: validateSuccessPolicy. */
export function validateSuccessPolicy(spec: any, field: string): FieldError[] {
  const rules: readonly any[] = spec.successPolicy.rules ?? []
  const at = `${field}.rules`
  if (rules.length === 0)
    return [required(at, 'at least one rules must be specified when the successPolicy is specified')]
  const errors: FieldError[] = []
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules))
  for (const [index, rule] of rules.entries()) {
    const { succeededCount, succeededIndexes } = rule ?? {}
    if (succeededCount === undefined && succeededIndexes === undefined) {
      errors.push(required(`${at}[${index}]`, 'at least one of succeededCount or succeededIndexes must be specified'))
      continue
    }
    let total = spec.completions ?? 0
    if (succeededIndexes !== undefined) {
      const count = indexesIn(succeededIndexes, spec.completions ?? 0)
      if (typeof count === 'string')
        errors.push(
          invalid(`${at}[${index}].succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${count}`),
        )
      else total = count
    }
    if (succeededCount < 0)
      errors.push(invalid(`${at}[${index}].succeededCount`, succeededCount, 'must be greater than or equal to 0'))
    else if (succeededCount > total)
      errors.push(
        invalid(
          `${at}[${index}].succeededCount`,
          succeededCount,
          succeededIndexes === undefined
            ? `must be less than or equal to ${total} (the number of specified completions)`
            : `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
        ),
      )
  }
  return errors
}

/** How many indexes `0,2-4` names, or why it names none. */
function indexesIn(text: string, completions: number): number | string {
  let count = 0
  let last = -1
  for (const interval of text.split(',')) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(interval)
    if (!match) return `cannot convert string to integer for index: "${interval}"`
    const first = Number(match[1])
    const end = match[2] === undefined ? first : Number(match[2])
    if (end >= completions) return `too large index: "${match[2] ?? match[1]}"`
    if (first > end || (match[2] !== undefined && first === end))
      return `non-increasing order, previous: ${first}, current: ${end}`
    if (first <= last) return `non-increasing order, previous: ${last}, current: ${first}`
    count += end - first + 1
    last = end
  }
  return count
}
