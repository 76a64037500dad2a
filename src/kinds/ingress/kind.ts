import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import {
  isDns1123Subdomain,
  isDns1123Label,
  isIp,
  isPortName,
  isPortNumber,
  isWildcardSubdomain,
} from '../../machinery/names.ts'
import { ageColumn, column, nameColumn, orNone } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { ingressReferences } from './references.ts'

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badEndings = ['/..', '/.']

export const Ingress = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  schema: 'io.k8s.api.networking.v1.Ingress',
  hasGeneration: true,
  hasStatus: true,
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} }
  },
  validate: (ingress) => [...namespacedMeta(ingress), ...validateSpec(ingress.spec ?? {})],
  validateUpdate: (ingress, old) => [
    ...metaUpdate(ingress, old),
    ...namespacedMeta(ingress),
    ...validateSpec(ingress.spec ?? {}),
  ],
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column(
      'Class',
      ({ spec, metadata }) => orNone(spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class']),
      {
        description: 'The name of the IngressClass resource that should be used for additional configuration',
      },
    ),
    column('Hosts', ({ spec }) => hostsText(spec?.rules ?? []), {
      description: 'Hosts that incoming requests are matched against before the ingress rule',
    }),
    column(
      'Address',
      ({ status }) =>
        (status?.loadBalancer?.ingress ?? [])
          .map((one: any) => one.ip ?? one.hostname ?? '')
          .filter(Boolean)
          .join(','),
      {
        description: 'Address is a list containing ingress points for the load-balancer',
      },
    ),
    column('Ports', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80'), {
      description: 'Ports of TLS configurations that open',
    }),
    ageColumn,
  ],
  references: ingressReferences,
})

function hostsText(rules: readonly any[]): string {
  const hosts = rules.map((rule) => rule.host).filter(Boolean)
  if (!hosts.length) return '*'
  return hosts.length > 3 ? `${hosts.slice(0, 3).join(',')} + ${hosts.length - 3} more...` : hosts.join(',')
}

/** Upstream: ValidateIngressSpec. */
function validateSpec(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.rules?.length) {
    for (const [index, rule] of spec.rules.entries()) {
      const at = `spec.rules[${index}]`
      if (rule.host) errors.push(...validateHost(rule.host, `${at}.host`))
      if (rule.http) errors.push(...validatePaths(rule.http.paths, `${at}.http.paths`))
    }
  }
  if (spec.defaultBackend) errors.push(...validateBackend(spec.defaultBackend, 'spec.defaultBackend'))
  else if (!spec.rules?.length)
    errors.push(invalid('spec', null, 'either `defaultBackend` or `rules` must be specified'))
  for (const [index, tls] of (spec.tls ?? []).entries()) {
    for (const [hostIndex, host] of (tls.hosts ?? []).entries())
      for (const message of host.includes('*') ? isWildcardSubdomain(host) : isDns1123Subdomain(host))
        errors.push(invalid(`spec.tls[${index}].hosts[${hostIndex}]`, host, message))
    if (tls.secretName)
      for (const message of isDns1123Subdomain(tls.secretName))
        errors.push(invalid(`spec.tls[${index}].secretName`, tls.secretName, message))
  }
  if (spec.ingressClassName !== undefined)
    for (const message of isDns1123Subdomain(spec.ingressClassName))
      errors.push(invalid('spec.ingressClassName', spec.ingressClassName, message))
  return errors
}

function validateHost(host: string, field: string): FieldError[] {
  if (isIp(host)) return [invalid(field, host, 'must be a DNS name, not an IP address')]
  return (host.includes('*') ? isWildcardSubdomain(host) : isDns1123Subdomain(host)).map((message) =>
    invalid(field, host, message),
  )
}

function validatePaths(paths: readonly any[] | undefined, field: string): FieldError[] {
  if (!paths?.length) return [required(field)]
  const errors: FieldError[] = []
  for (const [index, { path = '', pathType, backend = {} }] of paths.entries()) {
    const at = `${field}[${index}]`
    if (!pathType) {
      errors.push(required(`${at}.pathType`, 'pathType must be specified'))
      continue
    }
    if (pathType === 'Exact' || pathType === 'Prefix') {
      if (!path.startsWith('/')) errors.push(invalid(`${at}.path`, path, 'must be an absolute path'))
      for (const sequence of badSequences)
        if (path.includes(sequence)) errors.push(invalid(`${at}.path`, path, `must not contain '${sequence}'`))
      for (const ending of badEndings)
        if (path.endsWith(ending)) errors.push(invalid(`${at}.path`, path, `cannot end with '${ending}'`))
    } else if (pathType === 'ImplementationSpecific') {
      if (path && !path.startsWith('/')) errors.push(invalid(`${at}.path`, path, 'must be an absolute path'))
    } else errors.push(notSupported(`${at}.pathType`, pathType, pathTypes))
    errors.push(...validateBackend(backend, `${at}.backend`))
  }
  return errors
}

function validateBackend(backend: any, at: string): FieldError[] {
  const errors: FieldError[] = []
  const { service, resource } = backend
  if (service && resource) return [invalid(at, '', 'cannot set both resource and service backends')]
  if (resource) return errors
  if (!service) return [invalid(at, '', 'resource or service backend is required')]
  if (!service.name) errors.push(required(`${at}.service.name`))
  else
    for (const message of isDns1123Label(service.name))
      errors.push(invalid(`${at}.service.name`, service.name, message))
  const { name = '', number = 0 } = service.port ?? {}
  if (name && number) errors.push(invalid(at, '', 'cannot set both port name & port number'))
  else if (name) for (const message of isPortName(name)) errors.push(invalid(`${at}.service.port.name`, name, message))
  else if (number)
    for (const message of isPortNumber(number)) errors.push(invalid(`${at}.service.port.number`, number, message))
  else errors.push(required(at, 'port name or number is required'))
  return errors
}
