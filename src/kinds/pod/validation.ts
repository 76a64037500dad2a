import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Label, isDns1123Subdomain, isIp, isLabelValue, isQualifiedName } from '../../machinery/names.ts'
import { validateAnnotations, validateLabels } from '../../machinery/object-meta.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'
import { validateContainers, validateInitContainers } from './validate-container.ts'
import { ipText, validateDns } from './validate-dns.ts'
import { validatePodSecurity } from './validate-security.ts'
import { validateVolumes } from './validate-volumes.ts'

const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

/** Upstream: ValidatePodSpec. */
export function validatePodSpec(spec: any, field: string, isTemplate = false): FieldError[] {
  const names = new Set<string>()
  const errors = validateVolumes(spec.volumes, `${field}.volumes`, names)
  push(errors, validateContainers(spec.containers, names, `${field}.containers`, isTemplate))
  if (spec.initContainers)
    push(
      errors,
      validateInitContainers(spec.initContainers, spec.containers, names, `${field}.initContainers`, isTemplate),
    )
  if (spec.hostNetwork) checkHostNetworkPorts(spec, field, errors)
  const { restartPolicy, dnsPolicy } = spec
  if (!restartPolicies.includes(restartPolicy))
    errors.push(
      restartPolicy
        ? notSupported(`${field}.restartPolicy`, restartPolicy, restartPolicies)
        : required(`${field}.restartPolicy`),
    )
  if (!dnsPolicies.includes(dnsPolicy))
    errors.push(dnsPolicy ? notSupported(`${field}.dnsPolicy`, dnsPolicy, dnsPolicies) : required(`${field}.dnsPolicy`))
  if (spec.nodeSelector) push(errors, validateLabels(spec.nodeSelector, `${field}.nodeSelector`))
  validatePodSecurity(spec, field, errors)
  for (const [index, secret] of (spec.imagePullSecrets ?? []).entries())
    if (!secret.name) errors.push(required(`${field}.imagePullSecrets[${index}].name`))
  if (spec.affinity) push(errors, validateAffinity(spec.affinity, `${field}.affinity`))
  validateDns(spec, field, errors)
  validateGates(spec, field, errors)
  if (spec.topologySpreadConstraints)
    push(errors, validateSpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`))
  for (const name of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const)
    if (spec[name])
      for (const message of isDns1123Subdomain(spec[name]))
        errors.push(invalid(`${field}.${name}`, spec[name], message))
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647))
    errors.push(invalid(`${field}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'))
  for (const name of ['hostname', 'subdomain'] as const)
    if (spec[name])
      for (const message of isDns1123Label(spec[name])) errors.push(invalid(`${field}.${name}`, spec[name], message))
  if (spec.tolerations) push(errors, validateTolerations(spec.tolerations, `${field}.tolerations`))
  for (const [index, alias] of (spec.hostAliases ?? []).entries()) {
    if (!isIp(alias.ip ?? '')) errors.push(invalid(`${field}.hostAliases[${index}].ip`, alias.ip ?? '', ipText))
    for (const name of alias.hostnames ?? [])
      for (const message of isDns1123Subdomain(name))
        errors.push(invalid(`${field}.hostAliases[${index}].hostnames`, name, message))
  }
  if (spec.preemptionPolicy !== undefined && !['PreemptLowerPriority', 'Never'].includes(spec.preemptionPolicy))
    errors.push(notSupported(`${field}.preemptionPolicy`, spec.preemptionPolicy, ['Never', 'PreemptLowerPriority']))
  return errors
}

function validateGates(spec: any, field: string, errors: FieldError[]): void {
  for (const [index, { conditionType = '' }] of (spec.readinessGates ?? []).entries())
    for (const message of isQualifiedName(conditionType))
      errors.push(invalid(`${field}.readinessGates[${index}].conditionType`, conditionType, message))
  const names = new Set<string>()
  for (const [index, { name = '' }] of (spec.schedulingGates ?? []).entries()) {
    const at = `${field}.schedulingGates[${index}]`
    for (const message of isQualifiedName(name)) errors.push(invalid(at, name, message))
    if (names.has(name)) errors.push(duplicate(at, name))
    names.add(name)
  }
  if (!spec.os) return
  if (!spec.os.name) errors.push(required(`${field}.os.name`, 'cannot be empty'))
  else if (spec.os.name !== 'linux' && spec.os.name !== 'windows')
    errors.push(notSupported(`${field}.os`, spec.os.name, ['linux', 'windows']))
}

function push(errors: FieldError[], more: readonly FieldError[]): void {
  for (let index = 0; index < more.length; index++) errors.push(more[index]!)
}

function checkHostNetworkPorts(spec: any, field: string, errors: FieldError[]): void {
  for (const list of ['containers', 'initContainers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      for (const [portIndex, port] of (container.ports ?? []).entries())
        if (port.hostPort && port.hostPort !== port.containerPort)
          errors.push(
            invalid(
              `${field}.${list}[${index}].ports[${portIndex}].containerPort`,
              port.containerPort,
              'must match `hostPort` when `hostNetwork` is true',
            ),
          )
}

/** Upstream: ValidatePodTemplateSpec. */
export function validatePodTemplate(template: any, field: string): FieldError[] {
  const { metadata = {}, spec } = template
  const errors: FieldError[] = []
  if (metadata.labels) push(errors, validateLabels(metadata.labels, `${field}.metadata.labels`))
  if (metadata.annotations) push(errors, validateAnnotations(metadata.annotations, `${field}.metadata.annotations`))
  push(errors, validatePodSpec(spec ?? {}, `${field}.spec`, true))
  if (spec?.ephemeralContainers?.length)
    errors.push(forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  return errors
}

/** Tolerations of a pod or a RuntimeClass. */
export function validateTolerations(tolerations: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  for (let index = 0; index < tolerations.length; index++) {
    const { key, operator, value, effect, tolerationSeconds } = tolerations[index]
    const at = `${field}[${index}]`
    if (key) for (const message of isQualifiedName(key)) errors.push(invalid(`${at}.key`, key, message))
    if (!key && operator !== 'Exists')
      errors.push(
        invalid(
          `${at}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(invalid(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if (operator === undefined || operator === '' || operator === 'Equal') {
      for (const message of isLabelValue(value ?? '')) errors.push(invalid(`${at}.operator`, value, message))
    } else if (operator === 'Exists') {
      if (value)
        errors.push(invalid(`${at}.operator`, tolerations[index], "value must be empty when `operator` is 'Exists'"))
    } else if (operator !== 'Gt' && operator !== 'Lt')
      errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']))
    if (effect && !['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect))
      errors.push(notSupported(`${at}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']))
  }
  return errors
}

function validateSpread(constraints: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  const pairs = new Set<string>()
  for (const [index, constraint] of constraints.entries()) {
    const at = `${field}[${index}]`
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint
    if (!(maxSkew > 0)) errors.push(invalid(`${at}.maxSkew`, maxSkew ?? 0, 'must be greater than zero'))
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!['DoNotSchedule', 'ScheduleAnyway'].includes(whenUnsatisfiable))
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']))
    const pair = `{${topologyKey ?? ''}, ${whenUnsatisfiable ?? ''}}`
    if (pairs.has(pair)) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    pairs.add(pair)
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'))
      if (whenUnsatisfiable !== 'DoNotSchedule')
        errors.push(
          invalid(
            `${at}.minDomains`,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable ?? ''}`,
          ),
        )
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const)
      if (constraint[policy] !== undefined && !['Honor', 'Ignore'].includes(constraint[policy]))
        errors.push(notSupported(`${at}.${policy}`, constraint[policy], ['Honor', 'Ignore']))
    push(errors, validateLabelSelector(labelSelector, `${at}.labelSelector`))
  }
  return errors
}

function validateAffinity(affinity: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const node = affinity.nodeAffinity
  if (node) {
    const requiredAt = `${field}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`
    const needed = node.requiredDuringSchedulingIgnoredDuringExecution
    if (needed) {
      if (!needed.nodeSelectorTerms?.length)
        errors.push(required(`${requiredAt}.nodeSelectorTerms`, 'must have at least one node selector term'))
      else
        for (const [index, term] of needed.nodeSelectorTerms.entries())
          push(errors, validateNodeSelectorTerm(term, `${requiredAt}.nodeSelectorTerms[${index}]`))
    }
    for (const [index, term] of (node.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const at = `${field}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
      if (!(term.weight >= 1 && term.weight <= 100))
        errors.push(invalid(`${at}.weight`, term.weight ?? 0, 'must be in the range 1-100'))
      push(errors, validateNodeSelectorTerm(term.preference ?? {}, `${at}.preference`))
    }
  }
  for (const side of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = affinity[side]
    if (!terms) continue
    for (const [index, term] of (terms.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      push(
        errors,
        validateAffinityTerm(term, `${field}.${side}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
      )
    for (const [index, weighted] of (terms.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const at = `${field}.${side}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
      if (!(weighted.weight >= 1 && weighted.weight <= 100))
        errors.push(invalid(`${at}.weight`, weighted.weight ?? 0, 'must be in the range 1-100'))
      push(errors, validateAffinityTerm(weighted.podAffinityTerm ?? {}, `${at}.podAffinityTerm`))
    }
  }
  return errors
}

/** Expressions over a node's labels and fields. */
export function validateNodeSelectorTerm(term: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [index, { key, operator, values = [] }] of (term.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`
    if (operator === 'In' || operator === 'NotIn') {
      if (!values.length) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length)
        errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1)
        errors.push(required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
    } else errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'))
    for (const message of isQualifiedName(key ?? '')) errors.push(invalid(`${at}.key`, key ?? '', message))
    for (const [valueIndex, value] of values.entries())
      for (const message of isLabelValue(value)) errors.push(invalid(`${at}.values[${valueIndex}]`, value, message))
  }
  for (const [index, requirement] of (term.matchFields ?? []).entries())
    push(errors, validateFieldRequirement(requirement ?? {}, `${field}.matchFields[${index}]`))
  return errors
}

/** A node can be chosen by no other field than its name. */
function validateFieldRequirement({ key = '', operator = '', values = [] }: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'))
  else if (values.length !== 1)
    errors.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    )
  if (key !== 'metadata.name') errors.push(invalid(`${field}.key`, key, 'not a valid field selector key'))
  else
    for (const [index, value] of values.entries())
      for (const message of isDns1123Subdomain(value ?? ''))
        errors.push(invalid(`${field}.values[${index}]`, value, message))
  return errors
}

function validateAffinityTerm(term: any, field: string): FieldError[] {
  const errors = validateLabelSelector(term.labelSelector, `${field}.labelSelector`)
  if (!term.topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'))
  else
    for (const message of isQualifiedName(term.topologyKey))
      errors.push(invalid(`${field}.topologyKey`, term.topologyKey, message))
  return errors
}
