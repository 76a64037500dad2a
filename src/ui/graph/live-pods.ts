import { useSyncExternalStore } from 'react'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import { clusterStore, type ClusterState } from '../state/cluster-store.ts'
import { isLost } from './node-summary.ts'
import { overFrames } from './over-frames.ts'
import { PodIndex, type PodEvent } from './pod-index.ts'
import type { PodState } from './pod-status.ts'
import type { PodView } from './pod-view.ts'

/** Pods by node, kept up with the store. */
export const livePods = new PodIndex(overFrames)

type Listener = (events: readonly PodEvent[]) => void
const listeners = new Set<Listener>()

/** Above this speed things snap. */
const fastest = 50
const fadeMs = 900
const mostGhosts = 10

let known: ClusterState | undefined
let ghosts = 0

/** Does the user want things to hold still? */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** A duration, or none when the user wants things to hold still. */
export function calm(durationMs: number): number {
  return prefersReducedMotion() ? 0 : durationMs
}

/** May births and deaths be shown at this moment? Not while time flies, and not while the page is hidden. */
export function mayAnimate(): boolean {
  const { clock } = clusterStore.getState()
  return clock.speed <= fastest && clock.skippingTo === undefined && !document.hidden && !prefersReducedMotion()
}

/** Calls back with what happened to pods, never for a world that was just opened. */
export function onPodEvents(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function follow(state: ClusterState): void {
  const before = known
  known = state
  const isNewWorld = before?.world !== state.world
  if (isNewWorld) livePods.clear()
  followNodes(state, isNewWorld ? undefined : before)
  const pods = state.resources.pods?.byKey
  const old = isNewWorld ? undefined : before?.resources.pods?.byKey
  if (pods === old) return
  const changes = difference(pods, old)
  const isJump = before?.jumps !== state.jumps
  const animate = !isNewWorld && !isJump && mayAnimate()
  const room = animate ? Math.max(0, mostGhosts - ghosts) : 0
  const events = livePods.update(changes, room >= changes.removed.length && animate)
  if (isNewWorld || isJump || !events.length) return
  buryLater(events)
  for (const listener of listeners) listener(events)
}

function followNodes(state: ClusterState, before: ClusterState | undefined): void {
  const nodes = state.resources.nodes?.byKey
  const old = before?.resources.nodes?.byKey
  if (!nodes || nodes === old) return
  for (const [key, node] of nodes) if (old?.get(key) !== node) livePods.setLost(key, isLost(node))
}

function difference(
  now: ReadonlyMap<ObjectKey, KubeObject> | undefined,
  old: ReadonlyMap<ObjectKey, KubeObject> | undefined,
) {
  const changed: KubeObject[] = []
  const removed: ObjectKey[] = []
  for (const [key, object] of now ?? []) if (old?.get(key) !== object) changed.push(object)
  for (const key of old?.keys() ?? []) if (!now?.has(key)) removed.push(key)
  return { changed, removed }
}

function buryLater(events: readonly PodEvent[]): void {
  const uids = events.filter((event) => event.type === 'gone').map((event) => event.pod.uid)
  if (!uids.length) return
  ghosts += uids.length
  setTimeout(() => {
    ghosts -= uids.length
    livePods.bury(uids)
  }, fadeMs)
}

clusterStore.subscribe(follow)
follow(clusterStore.getState())

/** The pods on a node (of no node: `''`), ghosts included. Rerenders when one of them changes. */
export function usePodsOn(node: string): readonly PodView[] {
  return useSyncExternalStore(
    (listener) => livePods.subscribe(node, listener),
    () => livePods.on(node),
  )
}

/** How many pods are in each state. */
export function usePodCounts(): ReadonlyMap<PodState, number> {
  return useSyncExternalStore(
    (listener) => livePods.subscribe('*', listener),
    () => livePods.counts(),
  )
}

/** How many pods there are. */
export function usePodTotal(): number {
  return useSyncExternalStore(
    (listener) => livePods.subscribe('*', listener),
    () => livePods.size,
  )
}

/** Are there more pods than this? Rerenders only when the answer changes. */
export function useMorePodsThan(count: number): boolean {
  return useSyncExternalStore(
    (listener) => livePods.subscribe('*', listener),
    () => livePods.size > count,
  )
}
