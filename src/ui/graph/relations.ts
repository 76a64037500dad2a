import { endpointsIn, isEndpointReady, serviceOf } from '../../kinds/endpointslice/endpoints.ts'
import { ingressReferences } from '../../kinds/ingress/references.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import type { Edge } from './edges.ts'
import type { PodView } from './pod-view.ts'

type Table = ReadonlyMap<ObjectKey, KubeObject>

export interface ServiceEndpoints {
  readonly ready: number
  readonly total: number
  /** Node → does it have an endpoint that is ready? */
  readonly nodes: ReadonlyMap<string, boolean>
}

/** What stands behind each service, by its key, as its EndpointSlices say. */
export function endpointsByService(slices: Iterable<KubeObject>): Map<ObjectKey, ServiceEndpoints> {
  const services = new Map<ObjectKey, { ready: number; total: number; nodes: Map<string, boolean> }>()
  for (const slice of slices) {
    const key = serviceOf(slice)
    if (!key) continue
    let sum = services.get(key)
    if (!sum) services.set(key, (sum = { ready: 0, total: 0, nodes: new Map() }))
    for (const endpoint of endpointsIn(slice)) {
      const ready = isEndpointReady(endpoint)
      sum.total++
      if (ready) sum.ready++
      if (endpoint.nodeName) sum.nodes.set(endpoint.nodeName, ready || (sum.nodes.get(endpoint.nodeName) ?? false))
    }
  }
  return services
}

/** Keys of the services an Ingress sends traffic to. */
export function backendsOf(ingress: KubeObject): ObjectKey[] {
  return ingressReferences(ingress)
    .filter((reference) => reference.type === 'route')
    .map(({ namespace, name }) => `${namespace}/${name}`)
}

export interface Relations {
  readonly ingresses: Table
  readonly endpoints: ReadonlyMap<ObjectKey, ServiceEndpoints>
  readonly pods: Iterable<PodView>
  readonly isLost: (node: string) => boolean
  /** Cards that miss their pods, with the nodes of those. */
  readonly near?: readonly { readonly from: string; readonly nodes: readonly string[] }[]
}

/** Every edge of the Nodes lens. */
export function edgesOf({ ingresses, endpoints, pods, isLost, near = [] }: Relations): Edge[] {
  const edges: Edge[] = []
  for (const [key, ingress] of ingresses) {
    const from = `ingresses.networking.k8s.io ${key}`
    for (const service of backendsOf(ingress))
      edges.push({ type: 'route', from, to: `services ${service}`, cut: false })
  }
  for (const [key, { nodes }] of endpoints) {
    for (const node of nodes.keys()) edges.push({ type: 'route', from: `services ${key}`, to: node, cut: isLost(node) })
  }
  for (const { from, nodes } of near) for (const to of nodes) edges.push({ type: 'near', from, to, cut: false })
  const mounts = new Map<string, Edge>()
  for (const pod of pods) {
    if (!pod.node) continue
    for (const claim of pod.claims) {
      const to = `persistentvolumeclaims ${pod.namespace}/${claim}`
      mounts.set(`${pod.node} ${to}`, { type: 'mount', from: pod.node, to, cut: isLost(pod.node) })
    }
  }
  edges.push(...mounts.values())
  return edges
}
