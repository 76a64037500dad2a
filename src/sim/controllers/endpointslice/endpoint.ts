import { isReady } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import { hostnameOf, targetPortOf } from '../../network/service-pods.ts'

const zoneLabel = 'topology.kubernetes.io/zone'

/** One pod as an endpoint of a Service. Upstream: podToEndpoint. */
export function endpointOf(service: KubeObject, pod: KubeObject, client: Client): any {
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = isReady(pod)
  const ready = service.spec.publishNotReadyAddresses ? true : serving && !terminating
  const { nodeName } = pod.spec
  const zone = nodeName && client.get('nodes', nodeName)?.metadata.labels?.[zoneLabel]
  const hostname = hostnameOf(pod, service)
  const hints = ready ? hintsOf(service.spec.trafficDistribution, nodeName, zone) : undefined
  const { name, namespace, uid } = pod.metadata
  return {
    addresses: [pod.status.podIP],
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...(hints && { hints }),
  }
}

/** Whom the endpoint is for, under a Service that wants traffic kept near. Upstream: endpointslice/trafficdist. */
function hintsOf(
  distribution: string | undefined,
  nodeName: string | undefined,
  zone: string | undefined,
): object | undefined {
  const forZones = zone ? { forZones: [{ name: zone }] } : undefined
  if (distribution === 'PreferClose' || distribution === 'PreferSameZone') return forZones
  if (distribution !== 'PreferSameNode' || !nodeName) return undefined
  return { ...forZones, forNodes: [{ name: nodeName }] }
}

/** The Service's ports as a pod has them: named target ports may differ from pod to pod; null when there are none. */
export function portsOf(service: KubeObject, pod: KubeObject): readonly unknown[] | null {
  const ports: unknown[] = []
  for (const port of service.spec.ports ?? []) {
    const number = targetPortOf(pod, port)
    if (number === undefined) continue
    const { name = '', protocol = 'TCP', appProtocol } = port
    ports.push({ name, port: number, protocol, ...(appProtocol && { appProtocol }) })
  }
  return ports.length > 0 ? ports : null
}
