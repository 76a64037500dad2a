import { deepEqual } from '../../lib/deep-equal.ts'
import { formatLabels } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'
import { applyServiceDefaults } from './defaults.ts'
import { validateService, validateServiceUpdate } from './validation.ts'

export const Service = defineKind({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Service',
  hasStatus: true,
  subresources: ['proxy', 'status'],
  applyDefaults: applyServiceDefaults,
  prepareForCreate(service) {
    service.status = { loadBalancer: {} }
  },
  prepareForUpdate(service, old) {
    keepAllocated(service, old)
    dropTypeDependent(service.spec, old.spec)
  },
  warnings: ({ spec }) =>
    spec?.externalIPs?.length
      ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters']
      : [],
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec?.type ?? '', { description: 'core.v1.ServiceSpec.type' }),
    column('Cluster-IP', ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>', {
      description: 'core.v1.ServiceSpec.clusterIP',
    }),
    column('External-IP', externalIp, { description: 'core.v1.ServiceSpec.externalIPs' }),
    column('Port(s)', ({ spec }) => portsText(spec?.ports ?? []), { description: 'core.v1.ServiceSpec.ports' }),
    ageColumn,
    column('Selector', ({ spec }) => formatLabels(spec?.selector), {
      priority: 1,
      description: 'core.v1.ServiceSpec.selector',
    }),
  ],
  references: ({ spec, metadata }) =>
    spec?.selector
      ? [{ type: 'selector', resource: 'pods', namespace: metadata.namespace ?? '', labels: spec.selector }]
      : [],
  selectableFields: ({ spec }) => ({ 'spec.clusterIP': spec?.clusterIP ?? '', 'spec.type': spec?.type ?? '' }),
})

/** Upstream: getServiceExternalIP, wide. */
function externalIp({ spec = {}, status }: { spec?: any; status?: any }): string {
  const given: string[] = spec.externalIPs ?? []
  switch (spec.type) {
    case 'ExternalName':
      return spec.externalName ?? ''
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map((one: any) => one.ip ?? one.hostname).filter(Boolean)
      const all = [...ingress, ...given]
      return all.length ? all.join(',') : '<pending>'
    }
    default:
      return given.length ? given.join(',') : '<none>'
  }
}

function portsText(ports: readonly any[]): string {
  if (!ports.length) return '<none>'
  return ports.map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`).join(',')
}

/** What belongs to the old type goes with it, unless the update changes it too. Upstream: dropTypeDependentFields. */
function dropTypeDependent(spec: any, before: any): void {
  const hasNodePorts = (type: string) => type === 'NodePort' || type === 'LoadBalancer'
  const unchanged = (name: string) => deepEqual(spec[name], before[name])
  if (before.type !== 'ExternalName' && spec.type === 'ExternalName')
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
      if (unchanged(name)) delete spec[name]
  if (before.type === 'ExternalName' && spec.type !== 'ExternalName' && unchanged('externalName'))
    delete spec.externalName
  if (hasNodePorts(before.type) && !hasNodePorts(spec.type)) {
    const taken = new Set((before.ports ?? []).map((port: any) => port.nodePort))
    for (const port of spec.ports ?? []) if (taken.has(port.nodePort)) delete port.nodePort
    if (unchanged('externalTrafficPolicy') && !spec.externalIPs?.length) delete spec.externalTrafficPolicy
  }
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer')
    for (const name of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) if (unchanged(name)) delete spec[name]
  const checksHealth = (one: any) => one.type === 'LoadBalancer' && one.externalTrafficPolicy === 'Local'
  if (checksHealth(before) && !checksHealth(spec) && unchanged('healthCheckNodePort')) delete spec.healthCheckNodePort
}

/** What the server handed out stays when an update leaves it out. Upstream: patchAllocatedValues. */
function keepAllocated(service: any, old: any): void {
  const { spec } = service
  const before = old.spec
  const hasAddress = (type: string) => type !== 'ExternalName'
  if (hasAddress(spec.type) && hasAddress(before.type)) {
    if (!spec.clusterIP && !spec.clusterIPs?.length) {
      spec.clusterIP = before.clusterIP
      spec.clusterIPs = before.clusterIPs
    } else if (spec.clusterIP && spec.clusterIP !== before.clusterIP && deepEqual(spec.clusterIPs, before.clusterIPs))
      spec.clusterIPs = [spec.clusterIP]
    else if (!spec.clusterIPs && spec.clusterIP) spec.clusterIPs = before.clusterIPs
    spec.ipFamilies ??= before.ipFamilies
    spec.ipFamilyPolicy ??= before.ipFamilyPolicy
  }
  const hasNodePorts = (type: string) => type === 'NodePort' || type === 'LoadBalancer'
  if (hasNodePorts(before.type) && hasNodePorts(spec.type))
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue
      const same = (before.ports ?? []).find(
        (one: any) => one.port === port.port && one.protocol === port.protocol && deepEqual(one.name, port.name),
      )
      if (
        same?.nodePort &&
        !(spec.ports ?? []).some((one: any) => one.nodePort === same.nodePort && one.protocol === same.protocol)
      )
        port.nodePort = same.nodePort
    }
}
