import { duplicate, forbidden, notFoundValue, type FieldError } from '../../machinery/field-errors.ts'
import { validateContainer } from './validate-container.ts'
import { validateVolumes } from './validate-volumes.ts'

const notForEphemeral = [
  'ports',
  'resizePolicy',
  'restartPolicy',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const
const forbiddenText = 'cannot be set for an Ephemeral Container'

/** Upstream: validateEphemeralContainers. */
export function validateEphemeralContainers(spec: any, field: string): FieldError[] {
  const containers: readonly any[] = spec.ephemeralContainers ?? []
  if (containers.length === 0) return []
  const volumes = new Set<string>()
  validateVolumes(spec.volumes, 'spec.volumes', volumes)
  const others = new Set<string>([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((one) => one.name))
  const names = new Set(others)
  const errors: FieldError[] = []
  for (const [index, container] of containers.entries()) {
    const at = `${field}[${index}]`
    validateContainer(container, volumes, at, errors, false)
    if (container.name && names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    const target = container.targetContainerName
    if (target && !others.has(target)) errors.push(notFoundValue(`${at}.targetContainerName`, target))
    for (const name of notForEphemeral) if (container[name]) errors.push(forbidden(`${at}.${name}`, forbiddenText))
    if (Object.keys(container.resources ?? {}).length > 0) errors.push(forbidden(`${at}.resources`, forbiddenText))
    for (const [mountIndex, mount] of (container.volumeMounts ?? []).entries())
      for (const name of ['subPath', 'subPathExpr'])
        if (mount[name]) errors.push(forbidden(`${at}.volumeMounts[${mountIndex}].${name}`, forbiddenText))
  }
  return errors
}
