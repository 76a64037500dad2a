import { isReady } from '../../../kinds/pod/conditions.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { hostnameOf, isEndpoint, targetPortOf } from '../../network/service-pods.ts'

export interface Subset {
  addresses?: any[]
  notReadyAddresses?: any[]
  ports?: unknown[]
}

/** Upstream: maxCapacity of an Endpoints object. */
const maxAddresses = 1000

/**
 * The pods behind a Service as subsets: addresses with the same ports stand together, in the order of addresses.
 * Upstream: the endpoints controller and RepackSubsets.
 */
export function subsetsOf(service: KubeObject, pods: readonly KubeObject[]): Subset[] {
  const { publishNotReadyAddresses = false, ports: servicePorts = [], clusterIP } = service.spec
  const groups = new Map<string, Subset>()
  for (const pod of pods) {
    if (!isEndpoint(pod, publishNotReadyAddresses)) continue
    const ports = portsOf(servicePorts, pod)
    if (ports.length === 0 && (servicePorts.length > 0 || clusterIP !== 'None')) continue
    const key = JSON.stringify(ports)
    let subset = groups.get(key)
    if (!subset) groups.set(key, (subset = ports.length > 0 ? { ports } : {}))
    const list = publishNotReadyAddresses || isReady(pod) ? 'addresses' : 'notReadyAddresses'
    ;(subset[list] ??= []).push(addressOf(service, pod))
  }
  const inOrder = [...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, subset]) => subset)
  return inOrder.map(({ addresses, notReadyAddresses, ports }) => ({
    ...(addresses && { addresses: sorted(addresses) }),
    ...(notReadyAddresses && { notReadyAddresses: sorted(notReadyAddresses) }),
    ...(ports && { ports }),
  }))
}

function addressOf(service: KubeObject, pod: KubeObject): unknown {
  const { name, namespace, uid } = pod.metadata
  const hostname = hostnameOf(pod, service)
  return {
    ip: pod.status.podIP,
    ...(hostname && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
}

function portsOf(servicePorts: readonly any[], pod: KubeObject): unknown[] {
  return servicePorts.flatMap((servicePort) => {
    const port = targetPortOf(pod, servicePort)
    if (port === undefined) return []
    const { name, protocol = 'TCP', appProtocol } = servicePort
    return [{ ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }]
  })
}

/** In the order of their numbers, and of their pods where two claim to have the same. */
function sorted(addresses: readonly any[]): any[] {
  const keyed = addresses.map((one) => ({ one, number: numberOf(one.ip) }))
  keyed.sort((a, b) => a.number - b.number || (a.one.targetRef.uid < b.one.targetRef.uid ? -1 : 1))
  return keyed.map(({ one }) => one)
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** Leaves out what goes beyond a thousand addresses, ready ones last; undefined when nothing does. Upstream: truncateEndpoints. */
export function truncated(subsets: readonly Subset[]): Subset[] | undefined {
  const count = (list: 'addresses' | 'notReadyAddresses') =>
    subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0)
  const ready = count('addresses')
  const notReady = count('notReadyAddresses')
  if (ready + notReady <= maxAddresses) return undefined
  const cutsReady = ready > maxAddresses
  const max = cutsReady ? maxAddresses : maxAddresses - ready
  const list = cutsReady ? 'addresses' : 'notReadyAddresses'
  let room = max
  return subsets.map((subset) => {
    const present = subset[list] ?? []
    const share = Math.min(room, Math.ceil((present.length / (cutsReady ? ready : notReady)) * max))
    room -= share
    const { notReadyAddresses: _left, ...rest } = subset
    const cut = present.slice(0, share)
    return { ...rest, ...(cut.length > 0 && { [list]: cut }) }
  })
}
