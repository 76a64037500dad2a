import type { ApiServer } from '../apiserver/server.ts'

/** Does somebody answer at a host name, as a container of a namespace would see it? Ready endpoints behind a Service do. */
export function serviceAnswers(api: ApiServer, namespace: string, host: string, port: number | undefined): boolean {
  const service = resolve(api, namespace, host)
  if (!service) return false
  const known = port === undefined || service.spec.ports?.some((one: any) => one.port === port)
  if (!known) return false
  for (const { object } of api.etcd.entries('endpointslices.discovery.k8s.io').values()) {
    if (object.metadata.namespace !== service.metadata.namespace) continue
    if (object.metadata.labels?.['kubernetes.io/service-name'] !== service.metadata.name) continue
    if ((object as any).endpoints?.some((endpoint: any) => endpoint.conditions?.ready)) return true
  }
  return false
}

/** `name`, `name.namespace`, `name.namespace.svc[.cluster.local]`, or a cluster address. */
function resolve(api: ApiServer, namespace: string, host: string) {
  const parts = host.split('.')
  if (/^\d+(\.\d+){3}$/.test(host)) {
    for (const { object } of api.etcd.entries('services').values()) if (object.spec.clusterIP === host) return object
    return undefined
  }
  if (parts.length > 2 && parts[2] !== 'svc') return undefined
  return api.etcd.get('services', `${parts[1] ?? namespace}/${parts[0]}`)
}
