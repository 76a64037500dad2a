import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isQualifiedName } from '../../machinery/names.ts'
import { compareQuantities, parseQuantity } from '../../machinery/quantity.ts'

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage'])
const standardResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

const isHugePage = (name: string) => name.startsWith('hugepages-')

/** Is it one that may not be overcommitted: neither cpu, memory nor storage? */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.')
}

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
      if (isExtended(name) || isHugePage(name)) {
        if (compareQuantities(requests[name], limit) !== 0)
          errors.push(invalid(`${field}.requests`, requests[name], `must be equal to ${name} limit of ${limit}`))
      } else if (compareQuantities(requests[name], limit) > 0)
        errors.push(
          invalid(`${field}.requests`, requests[name], `must be less than or equal to ${name} limit of ${limit}`),
        )
    } else if (isExtended(name) || isHugePage(name))
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
    if (!standardResources.has(name) && !isHugePage(name))
      errors.push(invalid(field, name, 'must be a standard resource type or fully qualified'))
    if (!isHugePage(name)) errors.push(invalid(field, name, 'must be a standard resource for containers'))
  } else if (!name.includes('kubernetes.io/') && !isExtended(name))
    errors.push(invalid(field, name, "doesn't follow extended resource name standard"))
  return [...errors, ...validateQuantity(name, quantity, field)]
}

/** Not negative, and whole where only whole ones make sense. */
export function validateQuantity(name: string, quantity: string, field: string): FieldError[] {
  const nano = parseQuantity(quantity)?.nano ?? 0n
  if (nano < 0n) return [invalid(field, quantity, 'must be greater than or equal to 0')]
  if (isExtended(name) && nano % 1_000_000_000n !== 0n) return [invalid(field, quantity, 'must be an integer')]
  return []
}
