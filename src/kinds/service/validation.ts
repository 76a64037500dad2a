import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  RawValue,
  required,
  type FieldError,
} from '../../machinery/field-errors.ts'
import { isDns1123Label, isDns1123Subdomain, isIp, isPortName, isPortNumber } from '../../machinery/names.ts'
import { validateLabels } from '../../machinery/object-meta.ts'
import { metaUpdate, namespacedLabelMeta } from '../meta-validation.ts'

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const protocols = ['SCTP', 'TCP', 'UDP']
const ipText = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

/** Upstream: ValidateService. */
export function validateService(service: any): FieldError[] {
  const errors = namespacedLabelMeta(service)
  const { spec } = service
  const ports: any[] = spec.ports ?? []
  const isHeadless = spec.clusterIP === 'None'
  if (!ports.length && !isHeadless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  switch (spec.type) {
    case 'LoadBalancer':
      if (isHeadless)
        errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"))
      break
    case 'NodePort':
      if (isHeadless)
        errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"))
      break
    case 'ExternalName':
      if (spec.clusterIP) errors.push(forbidden('spec.clusterIPs', "may not be set when `type` is 'ExternalName'"))
      if (!spec.externalName) errors.push(required('spec.externalName'))
      else
        for (const message of isDns1123Subdomain(spec.externalName.replace(/\.$/, '')))
          errors.push(invalid('spec.externalName', spec.externalName, message))
  }
  const names = new Set<string>()
  for (const [index, port] of ports.entries())
    errors.push(...validatePort(port, ports.length > 1, names, `spec.ports[${index}]`))
  if (spec.selector) errors.push(...validateLabels(spec.selector, 'spec.selector'))
  if (!['ClientIP', 'None'].includes(spec.sessionAffinity))
    errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']))
  errors.push(...validateClusterIps(spec))
  for (const [index, ip] of (spec.externalIPs ?? []).entries())
    if (!isIp(ip)) errors.push(invalid(`spec.externalIPs[${index}]`, ip, ipText))
  if (!types.includes(spec.type))
    errors.push(spec.type ? notSupported('spec.type', spec.type, types) : required('spec.type'))
  if (spec.type === 'ClusterIP')
    for (const [index, port] of ports.entries())
      if (port.nodePort)
        errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
  errors.push(...findDuplicates(ports, 'spec.ports'))
  if (spec.loadBalancerSourceRanges?.length && spec.type !== 'LoadBalancer')
    errors.push(forbidden('spec.loadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'"))
  if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer')
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"))
  if (spec.loadBalancerClass !== undefined && spec.type !== 'LoadBalancer')
    errors.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"))
  errors.push(...validateTrafficPolicies(spec))
  return errors
}

function validatePort(port: any, needsName: boolean, names: Set<string>, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (!port.name) {
    if (needsName) errors.push(required(`${at}.name`))
  } else {
    for (const message of isDns1123Label(port.name)) errors.push(invalid(`${at}.name`, port.name, message))
    if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
    names.add(port.name)
  }
  for (const message of isPortNumber(port.port ?? 0)) errors.push(invalid(`${at}.port`, port.port ?? 0, message))
  if (!port.protocol) errors.push(required(`${at}.protocol`))
  else if (!protocols.includes(port.protocol)) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols))
  if (typeof port.targetPort === 'string')
    for (const message of isPortName(port.targetPort))
      errors.push(invalid(`${at}.targetPort`, port.targetPort, message))
  else
    for (const message of isPortNumber(port.targetPort ?? 0))
      errors.push(invalid(`${at}.targetPort`, port.targetPort ?? 0, message))
  return errors
}

/** The same port twice, or the same node port twice. */
function findDuplicates(ports: readonly any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  const nodePorts = new Set<string>()
  const seen = new Set<string>()
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue
    const key = `${protocol} ${nodePort}`
    if (nodePorts.has(key)) errors.push(duplicate(`${field}[${index}].nodePort`, nodePort))
    nodePorts.add(key)
  }
  for (const [index, { port, protocol }] of ports.entries()) {
    const key = `${protocol} ${port}`
    if (seen.has(key)) errors.push(duplicate(`${field}[${index}]`, internalPort(port, protocol)))
    seen.add(key)
  }
  return errors
}

/** Upstream shows the port as its Go struct. Its keys are not sorted, so it is text already. */
function internalPort(port: number, protocol: string): RawValue {
  return new RawValue(
    JSON.stringify({ Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 }),
  )
}

function validateClusterIps(spec: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.type === 'ExternalName') return errors
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    const at = `spec.clusterIPs[${index}]`
    if (ip === 'None') {
      if (spec.clusterIPs.length > 1) errors.push(invalid(at, ip, 'may not be combined with other values'))
    } else if (!isIp(ip)) errors.push(invalid(at, ip, ipText))
  }
  if (spec.clusterIPs?.length && spec.clusterIP !== spec.clusterIPs[0])
    errors.push(invalid('spec.clusterIPs', spec.clusterIPs, 'first value must match `clusterIP`'))
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (family !== 'IPv4' && family !== 'IPv6')
      errors.push(notSupported(`spec.ipFamilies[${index}]`, family, ['IPv4', 'IPv6']))
    if (spec.ipFamilies.indexOf(family) < index) errors.push(duplicate(`spec.ipFamilies[${index}]`, family))
  }
  return errors
}

function validateTrafficPolicies(spec: any): FieldError[] {
  const errors: FieldError[] = []
  const external =
    spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.type === 'ClusterIP' && spec.externalIPs?.length)
  const policy = spec.externalTrafficPolicy
  if (external) {
    if (!['Cluster', 'Local'].includes(policy))
      errors.push(
        policy
          ? notSupported('spec.externalTrafficPolicy', policy, ['Cluster', 'Local'])
          : required('spec.externalTrafficPolicy'),
      )
  } else if (policy)
    errors.push(invalid('spec.externalTrafficPolicy', policy, 'may only be set for externally-accessible services'))
  const internal = spec.internalTrafficPolicy
  if (spec.type !== 'ExternalName' && !['Cluster', 'Local'].includes(internal))
    errors.push(
      internal
        ? notSupported('spec.internalTrafficPolicy', internal, ['Cluster', 'Local'])
        : required('spec.internalTrafficPolicy'),
    )
  return errors
}

/** Upstream: ValidateServiceUpdate. */
export function validateServiceUpdate(service: any, old: any): FieldError[] {
  const errors = metaUpdate(service, old)
  const { spec } = service
  const before = old.spec
  if (
    before.type !== 'ExternalName' &&
    spec.type !== 'ExternalName' &&
    before.clusterIP &&
    spec.clusterIP !== before.clusterIP
  )
    errors.push(invalid('spec.clusterIPs[0]', spec.clusterIPs ?? [], 'may not change once set'))
  return [...errors, ...validateService(service)]
}
