import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import { endpointsOf, services } from './services.ts'

const domain = 'cluster.local'
/** Of names with fewer dots the search list is tried first. Upstream: the kubelet's resolv.conf. */
const ndots = 5
/** An ExternalName may point to another. */
const longestChain = 8
const literal = /^\d{1,3}(\.\d{1,3}){3}$/

/** Domains that a pod's names are read in. */
export function searchDomains(namespace: string): readonly string[] {
  return [`${namespace}.svc.${domain}`, `svc.${domain}`, domain]
}

/**
 * Addresses of a name as a pod of a namespace reads it; none when there is no such host. The world outside of the
 * cluster has no names here.
 */
export function lookUp(name: string, namespace: string, client: Client): readonly string[] {
  if (literal.test(name)) return [name]
  const plain = name.replace(/\.$/, '').toLowerCase()
  if (plain === 'localhost' || plain.endsWith('.localhost')) return ['127.0.0.1']
  const isAbsolute = name.endsWith('.')
  const dots = plain.split('.').length - 1
  const searched = isAbsolute ? [] : searchDomains(namespace).map((one) => `${plain}.${one}`)
  for (const candidate of dots >= ndots ? [plain, ...searched] : [...searched, plain]) {
    const found = resolve(candidate, client, 0)
    if (found.length > 0) return found
  }
  return []
}

/** A full name. Source: the DNS specification of Kubernetes 1.1. */
function resolve(name: string, client: Client, depth: number): readonly string[] {
  if (literal.test(name)) return [name]
  if (depth > longestChain || !name.endsWith(`.${domain}`)) return []
  const parts = name.slice(0, -domain.length - 1).split('.')
  const kind = parts.pop()
  const namespace = parts.pop()
  if (!namespace || parts.length === 0) return []
  if (kind === 'pod') {
    const address = parts[0]!.replaceAll('-', '.')
    return parts.length === 1 && literal.test(address) ? [address] : []
  }
  if (kind !== 'svc') return []
  const service = client.get(services, `${namespace}/${parts.pop()!}`)
  if (!service) return []
  if (service.spec.type === 'ExternalName')
    return parts.length === 0 ? resolve(service.spec.externalName, client, depth + 1) : []
  if (parts.length === 0 && service.spec.clusterIP !== 'None')
    return service.spec.clusterIPs ?? [service.spec.clusterIP]
  return parts.length > 1 ? [] : endpointAddresses(service, parts[0], client)
}

/** Of a headless Service: all endpoints, or the one with a host name. */
function endpointAddresses(service: KubeObject, hostname: string | undefined, client: Client): readonly string[] {
  return endpointsOf(service, client)
    .filter(({ endpoint }) => hostname === undefined || endpoint.hostname === hostname)
    .map(({ endpoint }) => endpoint.addresses[0])
}
