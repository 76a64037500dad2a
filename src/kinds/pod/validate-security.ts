import { duplicate, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { showInternal } from '../internal-types.ts'
import { validateDescendingPath } from './validate-volumes.ts'

const maxId = 2_147_483_647
const idText = `must be between 0 and ${maxId}, inclusive`
const sysctlText =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const sysctlSegment = /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/

/** Upstream: ValidatePodSecurityContext. */
export function validatePodSecurity(spec: any, field: string, errors: FieldError[]): void {
  const context = spec.securityContext ?? {}
  const at = `${field}.securityContext`
  checkIds(context, ['fsGroup', 'runAsUser', 'runAsGroup'], at, errors)
  for (const [index, id] of (context.supplementalGroups ?? []).entries())
    if (!isId(id)) errors.push(invalid(`${at}.supplementalGroups[${index}]`, id, idText))
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(
      invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  if (context.sysctls) validateSysctls(context.sysctls, `${at}.sysctls`, errors)
  oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${at}.fsGroupChangePolicy`, errors)
  oneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${at}.supplementalGroupsPolicy`, errors)
  validateProfile(context.seccompProfile, 'seccomp', `${at}.seccompProfile`, errors)
  validateProfile(context.appArmorProfile, 'AppArmor', `${at}.appArmorProfile`, errors)
}

/** Upstream: ValidateSecurityContext. */
export function validateContainerSecurity(context: any, at: string, errors: FieldError[]): void {
  checkIds(context, ['runAsUser', 'runAsGroup'], at, errors)
  oneOf(context.procMount, ['Default', 'Unmasked'], `${at}.procMount`, errors)
  validateProfile(context.seccompProfile, 'seccomp', `${at}.seccompProfile`, errors)
  validateProfile(context.appArmorProfile, 'AppArmor', `${at}.appArmorProfile`, errors)
  if (context.allowPrivilegeEscalation !== false) return
  const refuse = (other: string) =>
    errors.push(
      invalid(
        at,
        showInternal('SecurityContext', context),
        `cannot set \`allowPrivilegeEscalation\` to false and ${other}`,
      ),
    )
  if (context.privileged) refuse('`privileged` to true')
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) refuse('`capabilities.Add` CAP_SYS_ADMIN')
}

function isId(id: unknown): boolean {
  return typeof id === 'number' && id >= 0 && id <= maxId
}

function checkIds(context: any, names: readonly string[], at: string, errors: FieldError[]): void {
  for (const name of names)
    if (context[name] !== undefined && !isId(context[name]))
      errors.push(invalid(`${at}.${name}`, context[name], idText))
}

function oneOf(value: unknown, supported: readonly string[], at: string, errors: FieldError[]): void {
  if (value !== undefined && !supported.includes(value as string)) errors.push(notSupported(at, value, supported))
}

function validateSysctls(sysctls: readonly any[], at: string, errors: FieldError[]): void {
  const seen = new Set<string>()
  for (const [index, { name = '' }] of sysctls.entries()) {
    const field = `${at}[${index}].name`
    if (!name) errors.push(required(field))
    else if (name.length > 253 || !name.split(/[./]/).every((part: string) => sysctlSegment.test(part)))
      errors.push(invalid(field, name, sysctlText))
    else if (seen.has(name)) errors.push(duplicate(field, name))
    seen.add(name)
  }
}

const profiles = ['Localhost', 'RuntimeDefault', 'Unconfined']

function validateProfile(profile: any, what: 'seccomp' | 'AppArmor', at: string, errors: FieldError[]): void {
  if (!profile) return
  const { type, localhostProfile } = profile
  const isSeccomp = what === 'seccomp'
  const typeAt = isSeccomp ? at : `${at}.type`
  if (!type)
    errors.push(required(typeAt, `type is required when ${isSeccomp ? 'seccompProfile' : 'appArmorProfile'} is set`))
  else if (!profiles.includes(type)) errors.push(notSupported(typeAt, type, profiles))
  if (type === 'Localhost') {
    if (localhostProfile === undefined)
      errors.push(required(`${at}.localhostProfile`, `must be set when ${what} type is Localhost`))
    else if (isSeccomp) errors.push(...validateDescendingPath(localhostProfile, `${at}.localhostProfile`))
  } else if (localhostProfile !== undefined)
    errors.push(invalid(`${at}.localhostProfile`, localhostProfile, `can only be set when ${what} type is Localhost`))
}
