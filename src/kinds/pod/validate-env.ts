import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isConfigMapKey, isDns1123Subdomain, isEnvVarName } from '../../machinery/names.ts'

const noErrors: readonly string[] = []
const envSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const

/** Upstream: ValidateEnv. */
export function validateEnv(env: readonly any[], field: string, errors: FieldError[]): void {
  for (let index = 0; index < env.length; index++) {
    const variable = env[index]
    const name: string = variable.name ?? ''
    if (!name) errors.push(required(`${field}[${index}].name`))
    else for (const message of isEnvVarName(name)) errors.push(invalid(`${field}[${index}].name`, name, message))
    const { valueFrom } = variable
    if (!valueFrom) continue
    const at = `${field}[${index}].valueFrom`
    let count = 0
    for (const source of envSources) {
      if (!valueFrom[source]) continue
      count++
      validateEnvSource(source, valueFrom[source], `${at}.${source}`, errors)
    }
    if (count === 0)
      errors.push(
        invalid(
          at,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      )
    else if (variable.value) errors.push(invalid(at, '', 'may not be specified when `value` is not empty'))
    else if (count > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'))
  }
}

function validateEnvSource(source: (typeof envSources)[number], value: any, at: string, errors: FieldError[]): void {
  if (source === 'fieldRef') {
    errors.push(...validateFieldRef(value, at, envFieldPaths))
  } else if (source === 'resourceFieldRef') {
    if (!value.resource) errors.push(required(`${at}.resource`))
    else if (!/^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.test(value.resource))
      errors.push(
        notSupported(`${at}.resource`, value.resource, [
          'limits.cpu',
          'limits.ephemeral-storage',
          'limits.memory',
          'requests.cpu',
          'requests.ephemeral-storage',
          'requests.memory',
        ]),
      )
  } else if (source === 'configMapKeyRef' || source === 'secretKeyRef') {
    for (const message of value.name ? isDns1123Subdomain(value.name) : noErrors)
      errors.push(invalid(`${at}.name`, value.name, message))
    if (!value.key) errors.push(required(`${at}.key`))
    else for (const message of isConfigMapKey(value.key)) errors.push(invalid(`${at}.key`, value.key, message))
  }
}

const downwardLabels = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
])
const envFieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

function validateFieldRef(reference: any, at: string, supported: readonly string[]): FieldError[] {
  const errors: FieldError[] = []
  if (!reference.apiVersion) errors.push(required(`${at}.apiVersion`))
  const path: string | undefined = reference.fieldPath
  if (!path) return [...errors, required(`${at}.fieldPath`)]
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path)
  if (subscript) return errors
  if (!downwardLabels.has(path))
    return [
      ...errors,
      invalid(`${at}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`),
    ]
  if (!supported.includes(path)) errors.push(notSupported(`${at}.fieldPath`, path, supported))
  return errors
}

/** Upstream: validateEnvFrom. */
export function validateEnvFrom(sources: readonly any[], field: string, errors: FieldError[]): void {
  for (const [index, source] of sources.entries()) {
    const at = `${field}[${index}]`
    if (source.prefix)
      for (const message of isEnvVarName(source.prefix)) errors.push(invalid(`${at}.prefix`, source.prefix, message))
    const given = (['configMapRef', 'secretRef'] as const).filter((name) => source[name])
    for (const name of given)
      for (const message of source[name].name ? isDns1123Subdomain(source[name].name) : noErrors)
        errors.push(invalid(`${at}.${name}.name`, source[name].name, message))
    // Upstream reports these two on the list, not on its item.
    if (given.length === 0) errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'))
    if (given.length > 1) errors.push(invalid(field, '', 'may not have more than one field specified at a time'))
  }
}
