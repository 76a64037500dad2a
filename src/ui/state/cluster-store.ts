import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type {
  ClockState,
  ControlPlaneStatus,
  Delta,
  FuturesState,
  JournalEntry,
  Lane,
  MachineState,
  TrafficRoute,
} from '../../bridge/protocol.ts'
import { deepEqual } from '../../lib/deep-equal.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import { keyOf } from '../../machinery/objects.ts'

/** All objects of one resource. `keys` changes only when objects come or go, so that lists subscribe to it alone. */
export interface ResourceTable {
  readonly byKey: ReadonlyMap<ObjectKey, KubeObject>
  readonly keys: readonly ObjectKey[]
}

/** What the page knows of the cluster: the sum of the deltas so far. */
export interface ClusterState {
  /** By group-qualified plural: `pods`, `deployments.apps`. */
  readonly resources: Readonly<Record<string, ResourceTable>>
  readonly machines: ReadonlyMap<string, MachineState>
  readonly machineNames: readonly string[]
  readonly clock: ClockState
  readonly controlPlane: ControlPlaneStatus | null
  readonly journal: readonly JournalEntry[]
  /** Counts full deltas: a new number means another world, so nothing should animate into it. */
  readonly world: number
  /** Counts jumps to another moment or another future: what differs after one did not just happen. */
  readonly jumps: number
  /** How nodes and workloads were over time, by `resource key`, in order of appearance. */
  readonly lanes: ReadonlyMap<string, Lane>
  readonly futures: FuturesState
  /** Who calls whom, the busiest first. */
  readonly traffic: readonly TrafficRoute[]
}

const noObjects: ResourceTable = { byKey: new Map(), keys: [] }

/** Before the first delta. */
export const emptyCluster: ClusterState = {
  resources: {},
  machines: new Map(),
  machineNames: [],
  clock: { now: 0, epoch: 0, running: false, speed: 1, next: null },
  controlPlane: null,
  journal: [],
  world: 0,
  jumps: 0,
  lanes: new Map(),
  futures: { current: 'A', earliest: 0, all: [] },
  traffic: [],
}

/** The state after a delta. Objects, tables and lists that the delta does not touch keep their identity. */
export function withDelta(state: ClusterState, delta: Delta): ClusterState {
  const isOther = delta.full || delta.jump === 'future'
  return {
    resources: withObjects(delta.full ? {} : state.resources, delta),
    ...withMachines(state, delta),
    clock: delta.clock,
    controlPlane: delta.controlPlane ?? (delta.full ? null : state.controlPlane),
    journal: isOther
      ? (delta.journal ?? [])
      : delta.journal?.length
        ? [...state.journal, ...delta.journal]
        : state.journal,
    world: delta.full ? state.world + 1 : state.world,
    jumps: delta.jump ? state.jumps + 1 : state.jumps,
    lanes: withLanes(isOther ? emptyCluster.lanes : state.lanes, delta.lanes),
    futures: delta.futures ?? state.futures,
    traffic: delta.traffic ?? (delta.full ? [] : state.traffic),
  }
}

function withLanes(lanes: ClusterState['lanes'], changed: Delta['lanes']): ClusterState['lanes'] {
  if (!changed?.length) return lanes
  const next = new Map(lanes)
  for (const lane of changed) next.set(`${lane.resource} ${lane.key}`, lane)
  return next
}

function withObjects(resources: ClusterState['resources'], delta: Delta): ClusterState['resources'] {
  if (delta.changed.length === 0 && delta.removed.length === 0) return resources
  const touched = new Map<string, { byKey: Map<ObjectKey, KubeObject>; listChanged: boolean }>()
  const table = (resource: string) => {
    let copy = touched.get(resource)
    if (!copy) touched.set(resource, (copy = { byKey: new Map(resources[resource]?.byKey), listChanged: false }))
    return copy
  }
  for (const { resource, key } of delta.removed) {
    const copy = table(resource)
    copy.listChanged = copy.byKey.delete(key) || copy.listChanged
  }
  for (const { resource, object } of delta.changed) {
    const copy = table(resource)
    const key = keyOf(object)
    copy.listChanged ||= !copy.byKey.has(key)
    copy.byKey.set(key, object)
  }
  const next: Record<string, ResourceTable> = { ...resources }
  for (const [resource, { byKey, listChanged }] of touched) {
    next[resource] = { byKey, keys: listChanged || !resources[resource] ? [...byKey.keys()] : resources[resource].keys }
  }
  return next
}

function withMachines(state: ClusterState, delta: Delta): Pick<ClusterState, 'machines' | 'machineNames'> {
  if (!delta.machines) return { machines: state.machines, machineNames: state.machineNames }
  const machines = new Map(
    delta.machines.map((machine) => {
      const before = state.machines.get(machine.name)
      return [machine.name, before && deepEqual(before, machine) ? before : machine]
    }),
  )
  const names = [...machines.keys()]
  const sameNames =
    names.length === state.machineNames.length && names.every((name, i) => name === state.machineNames[i])
  return { machines, machineNames: sameNames ? state.machineNames : names }
}

/** The page's one copy of the cluster. Components use the hooks below; everything else `clusterStore.getState()`. */
export const clusterStore = createStore<ClusterState>()(() => emptyCluster)

export function applyDelta(delta: Delta): void {
  clusterStore.setState((state) => withDelta(state, delta), true)
}

/** One object, or undefined while there is none by that key. Rerenders when that object changes, and only then. */
export function useObject<T extends KubeObject = KubeObject>(resource: string, key: ObjectKey): T | undefined {
  return useStore(clusterStore, (state) => state.resources[resource]?.byKey.get(key)) as T | undefined
}

/** The keys of a resource in order of appearance. Rerenders when objects come or go, not when one changes. */
export function useKeys(resource: string): readonly ObjectKey[] {
  return useStore(clusterStore, (state) => (state.resources[resource] ?? noObjects).keys)
}

/** All objects of a resource. Rerenders with every change of any of them: for views of the whole only. */
export function useObjects(resource: string): ReadonlyMap<ObjectKey, KubeObject> {
  return useStore(clusterStore, (state) => (state.resources[resource] ?? noObjects).byKey)
}

export function useMachine(name: string): MachineState | undefined {
  return useStore(clusterStore, (state) => state.machines.get(name))
}

export function useControlPlane(): ControlPlaneStatus | null {
  return useStore(clusterStore, (state) => state.controlPlane)
}

export function useJournal(): readonly JournalEntry[] {
  return useStore(clusterStore, (state) => state.journal)
}

/** Any other slice; return something whose identity is stable. */
export function useCluster<T>(select: (state: ClusterState) => T): T {
  return useStore(clusterStore, select)
}
