import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'
import { compareQuantities, parseQuantity } from '../../machinery/quantity.ts'
import { isExtendedResource, isHugePages, isStandardResource } from '../resource-names.ts'

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])
/** Limits and requests of a container. Upstream: ValidateContainerResourceRequirements. */
export function validateResources(resources: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { limits, requests } = resources
  if (limits)
    for (const name of Object.keys(limits).sort())
      errors.push(...validateEntry(name, limits[name], `${field}.limits[${name}]`))
  if (!requests) return errors
  for (const name of Object.keys(requests).sort()) {
    errors.push(...validateEntry(name, requests[name], `${field}.requests[${name}]`))
    const limit = limits?.[name]
    if (limit !== undefined) {
      if (isExtendedResource(name) || isHugePages(name)) {
        if (compareQuantities(requests[name], limit) !== 0)
          errors.push(invalid(`${field}.requests`, requests[name], `must be equal to ${name} limit of ${limit}`))
      } else if (compareQuantities(requests[name], limit) > 0)
        errors.push(
          invalid(`${field}.requests`, requests[name], `must be less than or equal to ${name} limit of ${limit}`),
        )
    } else if (isExtendedResource(name) || isHugePages(name))
      errors.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'))
  }
  return errors
}

function validateEntry(name: string, quantity: string, field: string): FieldError[] {
  if (containerResources.has(name))
    return (parseQuantity(quantity)?.nano ?? 0n) < 0n
      ? [invalid(field, quantity, 'must be greater than or equal to 0')]
      : []
  const errors: FieldError[] = []
  for (const message of isQualifiedName(name)) errors.push(invalid(field, name, message))
  if (!name.includes('/')) {
    if (!isStandardResource(name))
      errors.push(invalid(field, name, 'must be a standard resource type or fully qualified'))
    if (!isHugePages(name)) errors.push(invalid(field, name, 'must be a standard resource for containers'))
  } else if (!name.includes('kubernetes.io/') && !isExtendedResource(name))
    errors.push(invalid(field, name, "doesn't follow extended resource name standard"))
  return [...errors, ...validateQuantity(name, quantity, field)]
}

/** Not negative, and whole where only whole ones make sense. */
export function validateQuantity(name: string, quantity: string, field: string): FieldError[] {
  const nano = parseQuantity(quantity)?.nano ?? 0n
  if (nano < 0n) return [invalid(field, quantity, 'must be greater than or equal to 0')]
  if (isExtendedResource(name) && nano % 1_000_000_000n !== 0n) return [invalid(field, quantity, 'must be an integer')]
  return []
}
