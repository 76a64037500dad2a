import { useCluster, type ClusterState } from '../state/cluster-store.ts'
import type { Edge } from './edges.ts'
import { livePods } from './live-pods.ts'
import { useNear } from './near-store.ts'
import { isLost } from './node-summary.ts'
import { edgesOf, endpointsByService, type ServiceEndpoints } from './relations.ts'

type Table = ClusterState['resources'][string]['byKey']

const noObjects: Table = new Map()
const table = (state: ClusterState, resource: string): Table => state.resources[resource]?.byKey ?? noObjects

let slicesSeen: Table | undefined
let endpoints: ReadonlyMap<string, ServiceEndpoints> = new Map()

function endpointsIn(state: ClusterState): ReadonlyMap<string, ServiceEndpoints> {
  const slices = table(state, 'endpointslices.discovery.k8s.io')
  if (slices !== slicesSeen) {
    slicesSeen = slices
    endpoints = endpointsByService(slices.values())
  }
  return endpoints
}

/** How many endpoints of a service are ready, and of how many. */
export function useEndpointCounts(service: string): { ready: number; total: number } {
  const text = useCluster((state) => {
    const found = endpointsIn(state).get(service)
    return found ? `${found.ready} ${found.total}` : '0 0'
  })
  const [ready = 0, total = 0] = text.split(' ').map(Number)
  return { ready, total }
}

let inputsSeen: readonly unknown[] = []
let edges: readonly Edge[] = []
let signature = ''

function edgesIn(state: ClusterState): readonly Edge[] {
  const ingresses = table(state, 'ingresses.networking.k8s.io')
  const nodes = table(state, 'nodes')
  const { near } = useNear.getState()
  const inputs = [ingresses, nodes, endpointsIn(state), table(state, 'pods'), near]
  if (inputs.every((input, i) => input === inputsSeen[i])) return edges
  inputsSeen = inputs
  const next = edgesOf({
    ingresses,
    endpoints: endpointsIn(state),
    pods: livePods.all(),
    isLost: (node) => isLost(nodes.get(node)),
    near: [...near].map(([from, { pods }]) => ({ from, nodes: nodesOf(pods) })),
  })
  // Pods change all the time, what they are joined to seldom: the list keeps its identity while it says the same.
  const nextSignature = next.map((edge) => `${edge.type} ${edge.from} ${edge.to} ${edge.cut}`).join('\n')
  if (nextSignature !== signature) {
    signature = nextSignature
    edges = next
  }
  return edges
}

function nodesOf(pods: readonly string[]): string[] {
  return [...new Set(pods.flatMap((key) => livePods.get(key)?.node ?? []))]
}

/** All edges; changes only when one of them does. */
export function useEdges(): readonly Edge[] {
  useNear((state) => state.near)
  return useCluster(edgesIn)
}
