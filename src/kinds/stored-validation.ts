import { deepEqual } from '../lib/deep-equal.ts'
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-errors.ts'
import { isDns1123Subdomain, isIp, isPathSegmentName } from '../machinery/names.ts'
import { validateLabelSelector } from '../machinery/selectors.ts'
import { parseCidr } from './networkpolicy/cidr.ts'
import { validatePodTemplate } from './pod/validation.ts'
import { nonNegative } from './workload/validation.ts'

type Check = (object: any) => FieldError[]
type UpdateCheck = (object: any, old: any) => FieldError[]

const isEmpty = (value: unknown) => value === undefined || value === null || value === ''

function needs(object: any, field: string, names: readonly string[]): FieldError[] {
  return names.filter((name) => isEmpty(object?.[name])).map((name) => required(`${field}.${name}`))
}

function names(value: string | undefined, field: string, check: (name: string) => readonly string[]): FieldError[] {
  if (!value) return [required(field)]
  return check(value).map((message) => invalid(field, value, message))
}

/** What the webhooks of both configurations have to be. Upstream: validateWebhookConfiguration. */
function validateWebhooks({ webhooks = [] }: any): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, hook] of webhooks.entries()) {
    const at = `webhooks[${index}]`
    if (!hook.name) errors.push(required(`${at}.name`))
    else {
      for (const message of isDns1123Subdomain(hook.name)) errors.push(invalid(`${at}.name`, hook.name, message))
      if (hook.name.split('.').length < 3)
        errors.push(
          invalid(`${at}.name`, hook.name, 'should be a domain with at least three segments separated by dots'),
        )
      if (seen.has(hook.name)) errors.push(duplicate(`${at}.name`, hook.name))
      seen.add(hook.name)
    }
    if (!hook.admissionReviewVersions?.length)
      errors.push(required(`${at}.admissionReviewVersions`, 'must specify one of v1, v1beta1'))
    else if (!hook.admissionReviewVersions.some((one: string) => one === 'v1' || one === 'v1beta1'))
      errors.push(
        invalid(
          `${at}.admissionReviewVersions`,
          hook.admissionReviewVersions,
          'must include at least one of v1, v1beta1',
        ),
      )
    if (!hook.sideEffects) errors.push(required(`${at}.sideEffects`, 'must specify one of None, NoneOnDryRun'))
    else if (hook.sideEffects !== 'None' && hook.sideEffects !== 'NoneOnDryRun')
      errors.push(notSupported(`${at}.sideEffects`, hook.sideEffects, ['None', 'NoneOnDryRun']))
    if (hook.failurePolicy !== undefined && hook.failurePolicy !== 'Fail' && hook.failurePolicy !== 'Ignore')
      errors.push(notSupported(`${at}.failurePolicy`, hook.failurePolicy, ['Fail', 'Ignore']))
    if (hook.timeoutSeconds !== undefined && (hook.timeoutSeconds < 1 || hook.timeoutSeconds > 30))
      errors.push(
        invalid(`${at}.timeoutSeconds`, hook.timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'),
      )
    errors.push(...validateClient(hook.clientConfig ?? {}, `${at}.clientConfig`))
    for (const selector of ['namespaceSelector', 'objectSelector'])
      if (hook[selector]) errors.push(...validateLabelSelector(hook[selector], `${at}.${selector}`))
  }
  return errors
}

function validateClient({ url, service }: any, field: string): FieldError[] {
  if ((url === undefined) === (service === undefined || service === null))
    return [required(field, 'exactly one of url or service is required')]
  if (url !== undefined)
    return String(url).startsWith('https://')
      ? []
      : [invalid(`${field}.url`, url, `'https' is the only allowed URL scheme; desired format: https://host[/path]`)]
  return needs(service, `${field}.service`, ['name', 'namespace'])
}

/** Rules of kinds without a folder of their own, by resource; metadata is checked for all alike. */
export const storedValidation: Readonly<Record<string, Check | undefined>> = {
  podtemplates: ({ template }) => (template ? validatePodTemplate(template, 'template') : []),
  'controllerrevisions.apps': (object) => [
    ...nonNegative(object.revision, 'revision'),
    ...(isEmpty(object.data) ? [required('data', 'data is mandatory')] : []),
  ],
  'ingressclasses.networking.k8s.io': ({ spec }) => {
    const controller: string | undefined = spec?.controller
    if (!controller) return []
    if (controller.length > 250)
      return [
        { type: 'FieldValueTooLong', field: 'spec.controller', message: 'Too long: may not be more than 250 bytes' },
      ]
    const [domain, ...path] = controller.split('/')
    if (path.length === 0 || path.join('/') === '')
      return [invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")')]
    return isDns1123Subdomain(domain!).map((message) => invalid('spec.controller', domain, message))
  },
  'ipaddresses.networking.k8s.io': ({ metadata, spec }) => [
    ...(isIp(metadata.name)
      ? []
      : [invalid('metadata.name', metadata.name, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]),
    ...(spec?.parentRef ? needs(spec.parentRef, 'spec.parentRef', ['resource', 'name']) : [required('spec.parentRef')]),
  ],
  'servicecidrs.networking.k8s.io': ({ spec }) => {
    const cidrs: readonly string[] = spec?.cidrs ?? []
    if (cidrs.length === 0) return [required('spec.cidrs', 'at least one CIDR required')]
    if (cidrs.length > 2) return [invalid('spec', spec, 'may only hold up to 2 values')]
    return cidrs.flatMap((cidr, index) =>
      parseCidr(cidr)
        ? []
        : [invalid(`spec.cidrs[${index}]`, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')],
    )
  },
  'csinodes.storage.k8s.io': ({ spec }) => {
    const errors: FieldError[] = []
    const seen = new Set<string>()
    for (const [index, driver] of (spec?.drivers ?? []).entries()) {
      const at = `spec.drivers[${index}]`
      errors.push(...needs(driver, at, ['name', 'nodeID']))
      if (driver.name && seen.has(driver.name)) errors.push(duplicate(`${at}.name`, driver.name))
      seen.add(driver.name)
    }
    return errors
  },
  'csistoragecapacities.storage.k8s.io': (object) =>
    names(object.storageClassName, 'storageClassName', isDns1123Subdomain),
  'volumeattachments.storage.k8s.io': ({ spec }) => {
    const errors = needs(spec, 'spec', ['attacher', 'nodeName'])
    const { inlineVolumeSpec, persistentVolumeName } = spec?.source ?? {}
    if (!inlineVolumeSpec && !persistentVolumeName)
      errors.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'))
    if (inlineVolumeSpec && persistentVolumeName)
      errors.push(forbidden('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'))
    return errors
  },
  'volumeattributesclasses.storage.k8s.io': ({ driverName }) => names(driverName, 'driverName', isDns1123Subdomain),
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': validateWebhooks,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': validateWebhooks,
  'flowschemas.flowcontrol.apiserver.k8s.io': ({ spec }) => {
    const errors: FieldError[] = []
    const precedence = spec?.matchingPrecedence ?? 0
    if (precedence <= 0) errors.push(invalid('spec.matchingPrecedence', precedence, 'must be a positive value'))
    if (precedence > 10_000)
      errors.push(invalid('spec.matchingPrecedence', precedence, 'must not be greater than 10000'))
    if (!spec?.priorityLevelConfiguration?.name)
      errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'))
    return errors
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': ({ spec }) => {
    if (!spec?.type) return [required('spec.type')]
    if (spec.type !== 'Limited' && spec.type !== 'Exempt')
      return [notSupported('spec.type', spec.type, ['Exempt', 'Limited'])]
    if (spec.type === 'Limited' && !spec.limited)
      return [required('spec.limited', 'must not be empty when type is Limited')]
    return []
  },
  'apiservices.apiregistration.k8s.io': ({ metadata, spec }) => {
    const expected = `${spec?.version ?? ''}.${spec?.group ?? ''}`
    const errors: FieldError[] = []
    if (metadata.name !== expected)
      errors.push(invalid('metadata.name', metadata.name, '`spec.version+"."+spec.group` must equal the name'))
    if (!spec?.version) errors.push(required('spec.version'))
    if (!(spec?.groupPriorityMinimum > 0))
      errors.push(
        invalid('spec.groupPriorityMinimum', spec?.groupPriorityMinimum ?? 0, 'must be positive and less than 20000'),
      )
    if (!(spec?.versionPriority > 0))
      errors.push(invalid('spec.versionPriority', spec?.versionPriority ?? 0, 'must be positive and less than 1000'))
    return errors
  },
  'resourceclaims.resource.k8s.io': ({ spec }) => validateDevices(spec?.devices, 'spec.devices'),
  'resourceclaimtemplates.resource.k8s.io': ({ spec }) => validateDevices(spec?.spec?.devices, 'spec.spec.devices'),
  'resourceslices.resource.k8s.io': ({ spec }) => [
    ...names(spec?.driver, 'spec.driver', isDns1123Subdomain),
    ...(spec?.pool?.name ? [] : [required('spec.pool.name')]),
  ],
}

function validateDevices(devices: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, request] of (devices?.requests ?? []).entries()) {
    const at = `${field}.requests[${index}]`
    if (!request.name) errors.push(required(`${at}.name`))
    else if (seen.has(request.name)) errors.push(duplicate(`${at}.name`, request.name))
    seen.add(request.name)
    if (!request.exactly && !request.firstAvailable?.length)
      errors.push(required(at, 'exactly one of `exactly` or `firstAvailable` is required'))
    if (request.exactly && !request.exactly.deviceClassName) errors.push(required(`${at}.exactly.deviceClassName`))
  }
  return errors
}

const fixed =
  (...fields: readonly string[]): UpdateCheck =>
  (object, old) =>
    fields.flatMap((field) => {
      const at = (value: any) => field.split('.').reduce((part, name) => part?.[name], value)
      return deepEqual(at(object), at(old)) ? [] : [invalid(field, at(object) ?? null, 'field is immutable')]
    })

/** What an update of such a kind may not change, by resource. */
export const storedImmutability: Readonly<Record<string, UpdateCheck | undefined>> = {
  'ingressclasses.networking.k8s.io': fixed('spec.controller'),
  'ipaddresses.networking.k8s.io': fixed('spec.parentRef'),
  'csistoragecapacities.storage.k8s.io': fixed('nodeTopology', 'storageClassName'),
  'volumeattachments.storage.k8s.io': fixed('spec'),
  'volumeattributesclasses.storage.k8s.io': (object, old) => [
    ...(object.driverName === old.driverName ? [] : [forbidden('driverName', 'updates to driverName are forbidden.')]),
    ...(deepEqual(object.parameters, old.parameters)
      ? []
      : [forbidden('parameters', 'updates to parameters are forbidden.')]),
  ],
  'controllerrevisions.apps': fixed('data'),
  'resourceclaims.resource.k8s.io': fixed('spec'),
  'resourceclaimtemplates.resource.k8s.io': fixed('spec'),
}

/** Names of kinds that are no DNS subdomains. */
export const storedNames: Readonly<Record<string, ((name: string) => readonly string[]) | undefined>> = {
  'ipaddresses.networking.k8s.io': () => [],
  'apiservices.apiregistration.k8s.io': isPathSegmentName,
}
