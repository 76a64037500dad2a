/** Upstream: SetDefaults_Service, and what the IP allocator fills in besides addresses. */
export function applyServiceDefaults(service: any): void {
  const spec = (service.spec ??= {})
  spec.sessionAffinity ??= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig ??= {}
    spec.sessionAffinityConfig.clientIP ??= {}
    spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= 10_800
  }
  spec.type ??= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
  }
  const external =
    spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.externalIPs?.length && spec.type === 'ClusterIP')
  if ((spec.type === 'NodePort' || spec.type === 'LoadBalancer') && external) spec.externalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'ClusterIP' && spec.externalIPs?.length) spec.externalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
  if (spec.type === 'ExternalName') return
  spec.internalTrafficPolicy ??= 'Cluster'
  if (spec.clusterIP && !spec.clusterIPs) spec.clusterIPs = [spec.clusterIP]
  const isHeadlessWithoutSelector = spec.clusterIP === 'None' && !spec.selector
  if (isHeadlessWithoutSelector && !spec.ipFamilyPolicy) spec.ipFamilyPolicy = 'RequireDualStack'
  spec.ipFamilyPolicy ??= 'SingleStack'
  spec.ipFamilies ??= isHeadlessWithoutSelector ? ['IPv4', 'IPv6'] : ['IPv4']
}
