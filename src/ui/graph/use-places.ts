import { useMemo, useRef } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { KubeObject } from '../../machinery/objects.ts'
import { useCluster, useKeys, useMachineNames } from '../state/cluster-store.ts'
import { layout, type Layout } from './layout.ts'
import { usePlacements } from './placements.ts'

/** `services demo/web`: what a card is called in the layout. Nodes go by their name alone. */
export function cardKey(resource: string, key: string): string {
  return resource === 'nodes' ? key : `${resource} ${key}`
}

const zoneLabel = 'topology.kubernetes.io/zone'

/** Places of all cards; changes only when a card comes or goes or is moved by hand. */
export function usePlaces(): { places: Layout; isEmpty: boolean } {
  const machineNames = useMachineNames()
  const nodeKeys = useKeys('nodes')
  const ingresses = useKeys('ingresses.networking.k8s.io')
  const services = useServiceKeys()
  const claims = useKeys('persistentvolumeclaims')
  const volumes = useUnclaimedVolumes()
  const world = useCluster((state) => state.world)
  const zones = useCluster(
    useShallow((state) =>
      nodeNames(machineNames, nodeKeys).map(
        (name) =>
          state.machines.get(name)?.zone || state.resources.nodes?.byKey.get(name)?.metadata.labels?.[zoneLabel] || '',
      ),
    ),
  )
  const placements = usePlacements((state) => state.placements)
  const before = useRef<{ world: number; places: Layout } | undefined>(undefined)
  const places = useMemo(() => {
    const nodes = nodeNames(machineNames, nodeKeys).map((key, i) => ({ key, zone: zones[i]! }))
    const traffic = [
      ...ingresses.map((key) => cardKey('ingresses.networking.k8s.io', key)),
      ...services.map((key) => cardKey('services', key)),
    ]
    const storage = [
      ...claims.map((key) => cardKey('persistentvolumeclaims', key)),
      ...volumes.map((key) => cardKey('persistentvolumes', key)),
    ]
    const previous =
      before.current?.world === world && before.current.places.nodes.size ? before.current.places : undefined
    const next = layout({ nodes, traffic, storage, placements }, previous)
    before.current = { world, places: next }
    return next
  }, [machineNames, nodeKeys, zones, ingresses, services, claims, volumes, placements, world])
  return { places, isEmpty: !ingresses.length && !services.length && !claims.length }
}

/** Machines first; a Node without a machine is drawn too. */
function nodeNames(machines: readonly string[], nodes: readonly string[]): string[] {
  return [...new Set([...machines, ...nodes])]
}

const isOwnService = (key: string) => key === 'default/kubernetes'

/** Load balancers first, as traffic meets them; the cluster's own service is in every cluster and says nothing. */
function useServiceKeys(): readonly string[] {
  return useCluster(
    useShallow((state) => {
      const services = [...(state.resources.services?.byKey ?? [])].filter(([key]) => !isOwnService(key))
      const first = (service: KubeObject) => (service.spec?.type === 'LoadBalancer' ? 0 : 1)
      return services.sort(([, a], [, b]) => first(a) - first(b)).map(([key]) => key)
    }),
  )
}

function useUnclaimedVolumes(): readonly string[] {
  return useCluster(
    useShallow((state) =>
      [...(state.resources.persistentvolumes?.byKey ?? [])]
        .filter(([, volume]) => !volume.spec?.claimRef)
        .map(([key]) => key),
    ),
  )
}
