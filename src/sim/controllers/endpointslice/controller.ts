import { deepEqual } from '../../../lib/deep-equal.ts'
import { isFinished, isReady } from '../../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import {
  defineController,
  done,
  timeFor,
  type ReconcileContext,
  type Result,
} from '../../controller-runtime/controller.ts'
import { controllerReference } from '../../controller-runtime/owners.ts'

const slices = 'endpointslices.discovery.k8s.io'
const managedBy = 'endpointslice-controller.k8s.io'
/** Upstream: --max-endpoints-per-slice. */
const maxPerSlice = 100

export const endpointSliceController = defineController({
  name: 'endpointslice',
  component: 'endpoint-slice-controller',
  for: 'services',
  owns: [slices],
  ownerKind: 'Service',
  watches: {
    pods: (pod, { client }, { old }) => {
      const keys: string[] = []
      for (const service of servicesOf(client, pod.metadata.namespace ?? '')) {
        const matched = selects(service, pod) || (old !== undefined && selects(service, old))
        if (matched && (!old || endpointChanged(pod, old))) keys.push(keyOf(service))
      }
      return keys
    },
  },
  reconcile,
})

function servicesOf(client: ReconcileContext['client'], namespace: string): KubeObject[] {
  const cache = client.cache('services')
  cache.addIndex('namespace', (service) => [service.metadata.namespace ?? ''])
  return cache.byIndex('namespace', namespace)
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  const selector: Record<string, string> | undefined = service.spec.selector
  if (!selector) return false
  const labels = pod.metadata.labels ?? {}
  let any = false
  for (const name in selector) {
    if (labels[name] !== selector[name]) return false
    any = true
  }
  return any
}

function endpointChanged(pod: KubeObject, old: KubeObject): boolean {
  return (
    pod.status?.podIP !== old.status?.podIP ||
    pod.spec.nodeName !== old.spec.nodeName ||
    isReady(pod) !== isReady(old) ||
    isFinished(pod) !== isFinished(old) ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    !deepEqual(pod.metadata.labels, old.metadata.labels)
  )
}

function reconcile(key: string, { client }: ReconcileContext): Result {
  const service = client.get('services', key)
  // Its slices go with it: the garbage collector sees to that.
  if (!service || service.metadata.deletionTimestamp) return done
  if (!service.spec.selector || service.spec.type === 'ExternalName') return done
  const endpoints = podsOf(service, client).flatMap((pod) => endpointOf(service, pod, client))
  const present = client
    .ownedBy(slices, service.metadata.uid)
    .filter((slice) => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy)
  const groups = groupByPorts(endpoints)
  const left = new Set(present)
  for (const { ports, endpoints: members } of groups) {
    const kept = present.filter((slice) => left.has(slice) && deepEqual((slice as any).ports, ports))
    const chunks = distribute(members, kept)
    chunks.forEach((chunk, index) => {
      const slice = kept[index]
      if (slice) left.delete(slice)
      writeSlice(service, slice, ports, chunk, client)
    })
  }
  for (const slice of left) client.deleteIfPresent(slices, keyOf(slice))
  return { tookMs: timeFor(endpoints.length) }
}

function podsOf(service: KubeObject, client: ReconcileContext['client']): KubeObject[] {
  return client
    .cache('pods')
    .byIndex('namespace', service.metadata.namespace ?? '')
    .filter((pod) => selects(service, pod))
}

interface Endpoint {
  readonly ports: readonly unknown[]
  readonly endpoint: any
}

function endpointOf(service: KubeObject, pod: KubeObject, client: ReconcileContext['client']): Endpoint[] {
  if (!pod.status?.podIP || isFinished(pod)) return []
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = isReady(pod)
  const ready = service.spec.publishNotReadyAddresses || (serving && !terminating)
  const node = pod.spec.nodeName && client.get('nodes', pod.spec.nodeName)
  const zone = node ? node.metadata.labels?.['topology.kubernetes.io/zone'] : undefined
  const { name, namespace, uid } = pod.metadata
  const endpoint = {
    addresses: [pod.status.podIP],
    conditions: { ready, serving, terminating },
    ...(pod.spec.hostname && pod.spec.subdomain === service.metadata.name && { hostname: pod.spec.hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  }
  return [{ ports: portsOf(service, pod), endpoint }]
}

/** The service's ports as this pod has them: named target ports may differ from pod to pod. */
function portsOf(service: KubeObject, pod: KubeObject): readonly unknown[] {
  const ports: unknown[] = []
  for (const port of service.spec.ports ?? []) {
    const number =
      typeof port.targetPort === 'string'
        ? namedPort(pod, port.targetPort, port.protocol)
        : (port.targetPort ?? port.port)
    if (number === undefined) continue
    ports.push({
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol && { appProtocol: port.appProtocol }),
    })
  }
  return ports
}

function namedPort(pod: KubeObject, name: string, protocol: string): number | undefined {
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const port of container.ports ?? []) {
      if (port.name === name && (port.protocol ?? 'TCP') === (protocol ?? 'TCP')) return port.containerPort
    }
  }
  return undefined
}

function groupByPorts(endpoints: readonly Endpoint[]): { ports: readonly unknown[]; endpoints: any[] }[] {
  const groups = new Map<string, { ports: readonly unknown[]; endpoints: any[] }>()
  for (const { ports, endpoint } of endpoints) {
    const key = JSON.stringify(ports)
    const group = groups.get(key)
    if (group) group.endpoints.push(endpoint)
    else groups.set(key, { ports, endpoints: [endpoint] })
  }
  // A service without pods has one empty slice without ports.
  if (groups.size === 0) groups.set('', { ports: [], endpoints: [] })
  return [...groups.values()]
}

/** Fills slices to the limit; endpoints stay in the slice that has them where they can. */
function distribute(endpoints: readonly any[], kept: readonly KubeObject[]): any[][] {
  const count = Math.max(1, Math.ceil(endpoints.length / maxPerSlice))
  if (count === 1) return [[...endpoints]]
  const chunks: any[][] = Array.from({ length: Math.max(count, kept.length) }, () => [])
  const home = new Map<string, number>()
  kept.forEach((slice, index) => {
    for (const endpoint of (slice as any).endpoints ?? []) home.set(endpoint.targetRef?.uid, index)
  })
  const homeless: any[] = []
  for (const endpoint of endpoints) {
    const index = home.get(endpoint.targetRef.uid)
    if (index !== undefined && chunks[index]!.length < maxPerSlice) chunks[index]!.push(endpoint)
    else homeless.push(endpoint)
  }
  let index = 0
  for (const endpoint of homeless) {
    while (chunks[index]!.length >= maxPerSlice) index++
    chunks[index]!.push(endpoint)
  }
  return chunks.filter((chunk, at) => chunk.length > 0 || at < kept.length)
}

function writeSlice(
  service: KubeObject,
  slice: KubeObject | undefined,
  ports: readonly unknown[],
  endpoints: readonly any[],
  client: ReconcileContext['client'],
): void {
  const labels: Record<string, string> = {
    ...service.metadata.labels,
    'kubernetes.io/service-name': service.metadata.name,
    'endpointslice.kubernetes.io/managed-by': managedBy,
    ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
  }
  if (!slice) {
    client.create(
      slices,
      {
        metadata: {
          generateName: `${service.metadata.name}-`,
          namespace: service.metadata.namespace,
          labels,
          ownerReferences: [controllerReference(service)],
        },
        addressType: 'IPv4',
        ports,
        endpoints,
      },
      service.metadata.namespace,
    )
    return
  }
  const current = slice as any
  const same =
    deepEqual(current.endpoints ?? [], endpoints) &&
    deepEqual(slice.metadata.labels, labels) &&
    deepEqual(current.ports ?? [], ports)
  if (!same)
    client.update(slices, { ...slice, metadata: { ...slice.metadata, labels }, ports, endpoints } as KubeObject)
}
