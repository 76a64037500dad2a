import { duplicate, forbidden, invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'
import { compareQuantities, parseQuantity } from '../../machinery/quantity.ts'
import { isStandardResource } from '../resource-names.ts'

type Quantities = Readonly<Record<string, string>>

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** The items of a LimitRange. Upstream: pkg/apis/core/validation, ValidateLimitRange. */
export function validateLimits(limits: readonly any[]): FieldError[] {
  const errors: FieldError[] = []
  const types = new Set<string>()
  for (const [index, limit] of limits.entries()) {
    const field = `spec.limits[${index}]`
    const type: string = limit.type ?? ''
    errors.push(...validateTypeName(type, `${field}.type`))
    if (types.has(type)) errors.push(duplicate(`${field}.type`, type))
    types.add(type)
    errors.push(...validateItem(limit, type, field))
  }
  return errors
}

function validateItem(limit: any, type: string, field: string): FieldError[] {
  const errors: FieldError[] = []
  const names = (map: Quantities | undefined, part: string) => {
    for (const name of Object.keys(map ?? {}).sort())
      errors.push(...validateResourceName(type, name, `${field}.${part}[${name}]`))
  }
  names(limit.max, 'max')
  names(limit.min, 'min')
  if (type === 'Pod') {
    for (const part of ['default', 'defaultRequest'])
      if (Object.keys(limit[part] ?? {}).length > 0)
        errors.push(forbidden(`${field}.${part}`, "may not be specified when `type` is 'Pod'"))
  } else {
    names(limit.default, 'default')
    names(limit.defaultRequest, 'defaultRequest')
  }
  if (type === 'PersistentVolumeClaim' && limit.min?.storage === undefined && limit.max?.storage === undefined)
    errors.push(
      required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
    )
  names(limit.maxLimitRequestRatio, 'maxLimitRequestRatio')
  for (const name of allNames(limit)) errors.push(...validateBounds(limit, name, field))
  return errors
}

function allNames({ max, min, default: fallback, defaultRequest, maxLimitRequestRatio, type }: any): string[] {
  const maps =
    type === 'Pod' ? [max, min, maxLimitRequestRatio] : [max, min, fallback, defaultRequest, maxLimitRequestRatio]
  return [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))].sort()
}

function validateBounds(limit: any, name: string, field: string): FieldError[] {
  const errors: FieldError[] = []
  const of = (map: Quantities | undefined) => (map && Object.hasOwn(map, name) ? map[name] : undefined)
  const min = of(limit.min)
  const max = of(limit.max)
  const fallback = limit.type === 'Pod' ? undefined : of(limit.default)
  const request = limit.type === 'Pod' ? undefined : of(limit.defaultRequest)
  const ratio = of(limit.maxLimitRequestRatio)
  const at = (part: string) => `${field}.${part}[${name}]`
  const above = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && compareQuantities(a, b) > 0
  if (above(min, max)) errors.push(invalid(at('min'), min, `min value ${min} is greater than max value ${max}`))
  if (above(min, request))
    errors.push(
      invalid(at('defaultRequest'), request, `min value ${min} is greater than default request value ${request}`),
    )
  if (above(request, max))
    errors.push(
      invalid(at('defaultRequest'), request, `default request value ${request} is greater than max value ${max}`),
    )
  if (above(request, fallback))
    errors.push(
      invalid(
        at('defaultRequest'),
        request,
        `default request value ${request} is greater than default limit value ${fallback}`,
      ),
    )
  if (above(min, fallback))
    errors.push(invalid(at('default'), min, `min value ${min} is greater than default value ${fallback}`))
  if (above(fallback, max))
    errors.push(invalid(at('default'), max, `default value ${fallback} is greater than max value ${max}`))
  if (ratio !== undefined && compareQuantities(ratio, '1') < 0)
    errors.push(invalid(at('maxLimitRequestRatio'), ratio, `ratio ${ratio} is less than 1`))
  if (ratio !== undefined && min !== undefined && max !== undefined) {
    const most = ratioOf(max, min)
    if ((parseQuantity(ratio)?.value ?? 0) > most)
      errors.push(
        invalid(at('maxLimitRequestRatio'), ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`),
      )
  }
  const fixed = name.includes('/') ? !name.includes('kubernetes.io/') : name.startsWith('hugepages-')
  if (fixed && fallback !== undefined && request !== undefined && compareQuantities(fallback, request) !== 0)
    errors.push(
      invalid(
        at('defaultRequest'),
        request,
        `default value ${fallback} must equal to defaultRequest value ${request} in ${name}`,
      ),
    )
  return errors
}

function ratioOf(max: string, min: string): number {
  const nano = (text: string) => Number(parseQuantity(text)?.nano ?? 0n)
  return nano(max) / nano(min)
}

function validateTypeName(type: string, field: string): FieldError[] {
  const errors = isQualifiedName(type).map((message) => invalid(field, type, message))
  if (errors.length === 0 && !type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
    errors.push(invalid(field, type, 'must be a standard limit type or fully qualified'))
  return errors
}

function validateResourceName(type: string, name: string, field: string): FieldError[] {
  const errors = isQualifiedName(name).map((message) => invalid(field, name, message))
  if (errors.length > 0 || name.includes('/')) return errors
  if (!isStandardResource(name)) return [invalid(field, name, 'must be a standard resource type or fully qualified')]
  if ((type === 'Pod' || type === 'Container') && !containerResources.has(name) && !name.startsWith('hugepages-'))
    return [invalid(field, name, 'must be a standard resource for containers')]
  return []
}
