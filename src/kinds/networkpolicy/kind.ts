import { forbidden, invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isPortName, isPortNumber } from '../../machinery/names.ts'
import { validateLabelSelector } from '../../machinery/selectors.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { storedColumns } from '../stored-columns.ts'
import { isStrictSubnet, parseCidr } from './cidr.ts'

export const NetworkPolicy = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  schema: 'io.k8s.api.networking.v1.NetworkPolicy',
  support: 'stored',
  hasGeneration: true,
  applyDefaults({ spec }) {
    if (!spec) return
    spec.podSelector ??= {}
    spec.policyTypes ??= spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule?.ports ?? []) port.protocol ??= 'TCP'
  },
  validate: (policy) => [...namespacedMeta(policy), ...validateSpec(policy.spec ?? {})],
  validateUpdate: (policy, old) => [
    ...metaUpdate(policy, old),
    ...namespacedMeta(policy),
    ...validateSpec(policy.spec ?? {}),
  ],
  columns: storedColumns('networkpolicies.networking.k8s.io'),
  references: ({ spec, metadata }) =>
    spec?.podSelector?.matchLabels
      ? [{ type: 'selector', resource: 'pods', namespace: metadata.namespace!, labels: spec.podSelector.matchLabels }]
      : [],
})

const protocols = ['SCTP', 'TCP', 'UDP']
const policyTypes = ['Egress', 'Ingress']

/** Upstream: ValidateNetworkPolicySpec. */
function validateSpec(spec: any): FieldError[] {
  const errors = validateLabelSelector(spec.podSelector ?? {}, 'spec.podSelector')
  for (const [list, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [index, rule] of (spec[list] ?? []).entries()) {
      const at = `spec.${list}[${index}]`
      for (const [portIndex, port] of (rule?.ports ?? []).entries())
        errors.push(...validatePort(port, `${at}.ports[${portIndex}]`))
      for (const [peerIndex, peer] of (rule?.[peers] ?? []).entries())
        errors.push(...validatePeer(peer ?? {}, `${at}.${peers}[${peerIndex}]`))
    }
  const types: readonly string[] = spec.policyTypes ?? []
  if (types.length > policyTypes.length)
    return [...errors, invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  for (const [index, type] of types.entries())
    if (!policyTypes.includes(type)) errors.push(notSupported(`spec.policyTypes[${index}]`, type, policyTypes))
  return errors
}

function validatePort({ protocol, port, endPort }: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${field}.protocol`, protocol, protocols))
  if (port === undefined) {
    if (endPort !== undefined)
      errors.push(invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is not specified'))
  } else if (typeof port === 'number') {
    for (const message of isPortNumber(port)) errors.push(invalid(`${field}.port`, port, message))
    if (endPort !== undefined) {
      if (endPort < port) errors.push(invalid(`${field}.endPort`, endPort, 'must be greater than or equal to `port`'))
      for (const message of isPortNumber(endPort)) errors.push(invalid(`${field}.endPort`, endPort, message))
    }
  } else {
    if (endPort !== undefined)
      errors.push(invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is non-numeric'))
    for (const message of isPortName(port)) errors.push(invalid(`${field}.port`, port, message))
  }
  return errors
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (podSelector) errors.push(...validateLabelSelector(podSelector, `${field}.podSelector`))
  if (namespaceSelector) errors.push(...validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`))
  if (ipBlock) errors.push(...validateBlock(ipBlock, `${field}.ipBlock`))
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(field, 'must specify a peer'))
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden(field, 'may not specify both ipBlock and another peer'))
  return errors
}

const cidrText = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

function validateBlock({ cidr, except = [] }: any, field: string): FieldError[] {
  if (!cidr) return [required(`${field}.cidr`)]
  const block = parseCidr(cidr)
  if (!block) return [invalid(`${field}.cidr`, cidr, cidrText)]
  const errors: FieldError[] = []
  for (const [index, text] of except.entries()) {
    const at = `${field}.except[${index}]`
    const hole = parseCidr(text ?? '')
    if (!hole) errors.push(invalid(at, text, cidrText))
    else if (!isStrictSubnet(hole, block)) errors.push(invalid(at, text, 'must be a strict subset of `cidr`'))
  }
  return errors
}
