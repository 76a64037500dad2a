import { fnv1a } from '../../lib/fnv1a.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'

export const services = 'services'
export const slices = 'endpointslices.discovery.k8s.io'

/** An address and a port that stand for a pod behind a Service. */
export interface Backend {
  readonly address: string
  readonly port: number
}

/** Lets a Service be found by an address, and its slices by its name. */
export function indexServices(client: Client): void {
  client
    .cache(services)
    .addIndex('address', ({ spec, status }) => [
      ...(spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : [])).filter((one: string) => one !== 'None'),
      ...(spec.externalIPs ?? []),
      ...(status?.loadBalancer?.ingress ?? []).flatMap((one: any) => one.ip ?? []),
    ])
  client
    .cache(services)
    .addIndex('nodePort', ({ spec }) =>
      (spec.ports ?? []).flatMap(({ nodePort }: any) => (nodePort ? [String(nodePort)] : [])),
    )
  client.cache(slices).addIndex('service', ({ metadata }) => {
    const name = metadata.labels?.['kubernetes.io/service-name']
    return name ? [`${metadata.namespace}/${name}`] : []
  })
}

/** Endpoints that get traffic: the ready ones, else those that still serve while they end. Upstream: kube-proxy. */
export function endpointsOf(service: KubeObject, client: Client): { endpoint: any; slice: any }[] {
  const key = `${service.metadata.namespace}/${service.metadata.name}`
  const all = client
    .cache(slices)
    .byIndex('service', key)
    .flatMap((slice: any) => (slice.endpoints ?? []).map((endpoint: any) => ({ endpoint, slice })))
  const ready = all.filter(({ endpoint }) => endpoint.conditions?.ready !== false)
  return ready.length > 0
    ? ready
    : all.filter(({ endpoint }) => endpoint.conditions?.serving && endpoint.conditions?.terminating)
}

/**
 * The pod that a connection to a Service's port goes to. `refused`: it has no endpoints; undefined: it has no such port.
 * `below` draws one of several; ClientIP affinity sends one client to the same.
 */
export function backendOf(
  service: KubeObject,
  port: { readonly name?: string; readonly protocol?: string },
  client: Client,
  caller: string,
  below: (bound: number) => number,
): Backend | 'refused' {
  const candidates: Backend[] = []
  for (const { endpoint, slice } of endpointsOf(service, client)) {
    const target = (slice.ports ?? []).find((one: any) => (one.name ?? '') === (port.name ?? ''))
    if (target?.port && endpoint.addresses?.[0]) candidates.push({ address: endpoint.addresses[0], port: target.port })
  }
  if (candidates.length === 0) return 'refused'
  const sticky = service.spec.sessionAffinity === 'ClientIP'
  return candidates[sticky ? fnv1a(caller) % candidates.length : below(candidates.length)]!
}

/** The Service that answers at an address and port, with its port; undefined when the address is none of a Service. */
export function serviceAt(
  address: string,
  port: number,
  isNode: boolean,
  client: Client,
): { readonly service: KubeObject; readonly port: any } | undefined {
  const cache = client.cache(services)
  if (isNode) {
    const [service] = cache.byIndex('nodePort', String(port))
    return service && { service, port: service.spec.ports.find((one: any) => one.nodePort === port) }
  }
  const [service] = cache.byIndex('address', address)
  if (!service) return undefined
  return {
    service,
    port: service.spec.ports?.find((one: any) => one.port === port && (one.protocol ?? 'TCP') === 'TCP'),
  }
}
