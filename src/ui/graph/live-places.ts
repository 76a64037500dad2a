import { createStore, useStore } from 'zustand'
import type { KubeObject } from '../../machinery/objects.ts'
import { clusterStore, type ClusterState } from '../state/cluster-store.ts'
import { flowNodes, type FlowNode } from './flow-nodes.ts'
import { layout, type Layout } from './layout.ts'
import { usePlacements } from './placements.ts'

/** `services demo/web`: what a card is called in the layout. Nodes go by their name alone. */
export function cardKey(resource: string, key: string): string {
  return resource === 'nodes' ? key : `${resource} ${key}`
}

interface LivePlaces {
  readonly places: Layout
  readonly nodes: readonly FlowNode[]
  /** There is nothing but nodes. */
  readonly isEmpty: boolean
}

const zoneLabel = 'topology.kubernetes.io/zone'
const ingressResource = 'ingresses.networking.k8s.io'
const claimResource = 'persistentvolumeclaims'
const volumeResource = 'persistentvolumes'

const nowhere = layout({ nodes: [], traffic: [], storage: [], placements: {} })
const store = createStore<LivePlaces>()(() => ({ places: nowhere, nodes: flowNodes(nowhere, []), isEmpty: true }))

let sourcesSeen: readonly unknown[] = []
let inputsSeen = ''

/** What the layout is made of, by identity: most deltas touch none of it. */
function sourcesOf(state: ClusterState): readonly unknown[] {
  const { resources } = state
  return [
    state.world,
    state.machineNames,
    resources.nodes?.keys,
    resources[ingressResource]?.keys,
    resources.services?.byKey,
    resources[claimResource]?.keys,
    resources[volumeResource]?.byKey,
    usePlacements.getState().placements,
  ]
}

/** Lays out again when a card came or went or was moved by hand, and never for less. */
function follow(): void {
  const state = clusterStore.getState()
  const sources = sourcesOf(state)
  if (sources.every((source, i) => source === sourcesSeen[i])) return
  sourcesSeen = sources
  const { placements } = usePlacements.getState()
  const traffic = [...cardKeys(state, ingressResource), ...serviceKeys(state).map((key) => cardKey('services', key))]
  const claims = cardKeys(state, claimResource)
  const storage = [...claims, ...unclaimedVolumes(state).map((key) => cardKey(volumeResource, key))]
  const nodes = nodeNames(state).map((key) => ({ key, zone: zoneOf(state, key) }))
  const inputs = JSON.stringify([state.world, nodes, traffic, storage, placements])
  if (inputs === inputsSeen) return
  inputsSeen = inputs
  const before = store.getState()
  // The same cluster may be sent anew, after a long skip for one; its cards stay where they are.
  const isSameCluster = nodes.some(({ key }) => before.places.nodes.has(key))
  const places = layout({ nodes, traffic, storage, placements }, isSameCluster ? before.places : undefined)
  store.setState({ places, nodes: flowNodes(places, before.nodes), isEmpty: !traffic.length && !claims.length })
}

function cardKeys(state: ClusterState, resource: string): string[] {
  return (state.resources[resource]?.keys ?? []).map((key) => cardKey(resource, key))
}

/** Machines first; a Node without a machine is drawn too. */
function nodeNames(state: ClusterState): string[] {
  return [...new Set([...state.machineNames, ...(state.resources.nodes?.keys ?? [])])]
}

function zoneOf(state: ClusterState, name: string): string {
  return state.machines.get(name)?.zone || state.resources.nodes?.byKey.get(name)?.metadata.labels?.[zoneLabel] || ''
}

/** Load balancers first, as traffic meets them; the cluster's own service is in every cluster and says nothing. */
function serviceKeys(state: ClusterState): string[] {
  const services = [...(state.resources.services?.byKey ?? [])].filter(([key]) => key !== 'default/kubernetes')
  const rank = (service: KubeObject) => (service.spec?.type === 'LoadBalancer' ? 0 : 1)
  return services.sort(([, a], [, b]) => rank(a) - rank(b)).map(([key]) => key)
}

function unclaimedVolumes(state: ClusterState): string[] {
  const volumes = [...(state.resources[volumeResource]?.byKey ?? [])]
  return volumes.filter(([, volume]) => !volume.spec?.claimRef).map(([key]) => key)
}

clusterStore.subscribe(follow)
usePlacements.subscribe(follow)
follow()

/** Places of all cards at this moment. */
export function currentPlaces(): Layout {
  return store.getState().places
}

/** Places of all cards; changes only when one of them moves, comes or goes. */
export function usePlaces(): LivePlaces {
  return useStore(store)
}
