import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isPathSegmentName } from '../../machinery/names.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'

/** Upstream: validateHorizontalPodAutoscalerSpec. */
export function validateAutoscalerSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  const { minReplicas, maxReplicas = 0, metrics = [], behavior } = spec
  if (minReplicas < 1) errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  if (maxReplicas === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  else if (maxReplicas < 0) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'))
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  errors.push(...validateReference(spec.scaleTargetRef ?? {}, 'spec.scaleTargetRef'))
  metrics.forEach((metric: any, index: number) =>
    errors.push(...validateMetric(metric ?? {}, `spec.metrics[${index}]`)),
  )
  const scalesToZero = metrics.some((metric: any) => metric?.type === 'Object' || metric?.type === 'External')
  if (minReplicas === 0 && !scalesToZero)
    errors.push(
      forbidden(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    )
  if (behavior?.scaleUp) errors.push(...validateRules(behavior.scaleUp, 'spec.behavior.scaleUp'))
  if (behavior?.scaleDown) errors.push(...validateRules(behavior.scaleDown, 'spec.behavior.scaleDown'))
  return errors
}

function validateReference(reference: any, field: string, isDescribed = false): FieldError[] {
  const errors: FieldError[] = []
  for (const name of ['kind', 'name'] as const) {
    if (!reference[name]) errors.push(required(`${field}.${name}`))
    else
      for (const message of isPathSegmentName(reference[name]))
        errors.push(invalid(`${field}.${name}`, reference[name], message))
  }
  const { apiVersion = '' } = reference
  // What has a size and no group; what a metric describes may be of the core group as well.
  const isCore = apiVersion === 'v1' && (isDescribed || reference.kind === 'ReplicationController')
  if (!apiVersion.includes('/') && !isCore)
    errors.push(invalid(`${field}.apiVersion`, apiVersion, 'apiVersion must specify API group'))
  return errors
}

/** Metric types with the field that says more of each, in the order in which upstream looks at them. */
const sources = [
  ['Object', 'object'],
  ['External', 'external'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
  ['ContainerResource', 'containerResource'],
] as const
const metricTypes = sources.map(([type]) => type as string).sort()

function validateMetric(metric: any, field: string): FieldError[] {
  if (!metric.type) return [required(`${field}.type`, 'must specify a metric source type')]
  if (!metricTypes.includes(metric.type)) return [notSupported(`${field}.type`, metric.type, metricTypes)]
  const errors: FieldError[] = []
  const present = sources.filter(([, name]) => metric[name])
  const first = present[0]
  if (first) errors.push(...validateSource(first[1], metric[first[1]], `${field}.${first[1]}`))
  const expected = sources.find(([type]) => type === metric.type)![1]
  if (!metric[expected])
    errors.push(required(`${field}.${expected}`, 'must populate information for the given metric source'))
  if (present.length !== 1)
    for (const [, name] of present)
      if (name !== expected) errors.push(forbidden(`${field}.${name}`, 'must populate the given metric source only'))
  return errors
}

function validateSource(name: (typeof sources)[number][1], source: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { target = {} } = source
  const at = `${field}.target`
  const has = (one: string) => target[one] !== undefined
  const isResource = name === 'resource' || name === 'containerResource'
  if (name === 'object')
    errors.push(...validateReference(source.describedObject ?? {}, `${field}.describedObject`, true))
  if (isResource) {
    if (name === 'containerResource' && !source.container)
      errors.push(required(`${field}.container`, 'must specify a container'))
    if (!source.name) errors.push(required(`${field}.name`, 'must specify a resource name'))
  } else errors.push(...validateIdentifier(source.metric ?? {}, `${field}.metric`))
  errors.push(...validateTarget(target, at))
  if (isResource) {
    if (!has('averageUtilization') && !has('averageValue'))
      errors.push(required(`${at}.averageUtilization`, 'must set either a target raw value or a target utilization'))
    if (has('averageUtilization') && has('averageValue'))
      errors.push(forbidden(`${at}.averageValue`, 'may not set both a target raw value and a target utilization'))
  } else if (name === 'pods') {
    if (!isPositive(target.averageValue))
      errors.push(required(`${at}.averageValue`, 'must specify a positive target averageValue'))
  } else if (name === 'object') {
    if (!has('value') && !has('averageValue'))
      errors.push(required(`${at}.averageValue`, 'must set either a target value or averageValue'))
  } else {
    if (!has('value') && !has('averageValue'))
      errors.push(required(`${at}.averageValue`, 'must set either a target value for metric or a per-pod target'))
    if (has('value') && has('averageValue'))
      errors.push(forbidden(`${at}.value`, 'may not set both a target value for metric and a per-pod target'))
  }
  return errors
}

function validateIdentifier(metric: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!metric.name) errors.push(required(`${field}.name`, 'must specify a metric name'))
  else for (const message of isPathSegmentName(metric.name)) errors.push(invalid(`${field}.name`, metric.name, message))
  if (metric.selector) errors.push(...validateLabelSelector(metric.selector, `${field}.selector`))
  return errors
}

function validateTarget(target: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!target.type) errors.push(required(`${field}.type`, 'must specify a metric target type'))
  else if (!['Utilization', 'Value', 'AverageValue'].includes(target.type))
    errors.push(invalid(`${field}.type`, target.type, 'must be either Utilization, Value, or AverageValue'))
  for (const name of ['value', 'averageValue'] as const)
    if (target[name] !== undefined && !isPositive(target[name]))
      errors.push(invalid(`${field}.${name}`, target[name], 'must be positive'))
  if (target.averageUtilization < 1)
    errors.push(invalid(`${field}.averageUtilization`, target.averageUtilization, 'must be greater than 0'))
  return errors
}

function isPositive(quantity: string | undefined): boolean {
  return quantity !== undefined && (parseQuantity(quantity)?.nano ?? 0n) > 0n
}

function validateRules(rules: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const window = rules.stabilizationWindowSeconds
  if (window < 0)
    errors.push(invalid(`${field}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'))
  if (window > 3600)
    errors.push(invalid(`${field}.stabilizationWindowSeconds`, window, 'must be less than or equal to 3600'))
  const policies = ['Disabled', 'Max', 'Min']
  if (rules.selectPolicy !== undefined && !policies.includes(rules.selectPolicy))
    errors.push(notSupported(`${field}.selectPolicy`, rules.selectPolicy, policies))
  if (!rules.policies?.length) errors.push(required(`${field}.policies`, 'must specify at least one Policy'))
  for (const [index, policy] of (rules.policies ?? []).entries()) {
    const at = `${field}.policies[${index}]`
    if (policy.type !== 'Pods' && policy.type !== 'Percent')
      errors.push(notSupported(`${at}.type`, policy.type ?? '', ['Percent', 'Pods']))
    if (!(policy.value > 0)) errors.push(invalid(`${at}.value`, policy.value ?? 0, 'must be greater than zero'))
    const period = policy.periodSeconds ?? 0
    if (period <= 0) errors.push(invalid(`${at}.periodSeconds`, period, 'must be greater than zero'))
    if (period > 1800) errors.push(invalid(`${at}.periodSeconds`, period, 'must be less than or equal to 1800'))
  }
  return errors
}
