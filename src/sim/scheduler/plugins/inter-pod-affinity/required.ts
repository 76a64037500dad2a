import type { NodeInfo } from '../../framework/node-info.ts'
import type { PodInfo } from '../../framework/pod-info.ts'
import type { Handle } from '../../framework/types.ts'
import { Domains, matchesTerm } from './terms.ts'

/** What required terms say, counted over all nodes. Upstream: interpodaffinity, preFilterState. */
export interface RequiredState {
  /** Where pods are that do not want this one near. */
  readonly existingAnti: Domains
  /** Where pods are that this one does not want near. */
  readonly anti: Domains
  /** Where pods are that match all the affinity terms at once. */
  readonly affinity: Domains
  readonly selfMatches: boolean
}

/** Counts a pod's required terms; undefined when there is nothing to check. */
export function requiredState(pod: PodInfo, handle: Handle): RequiredState | undefined {
  const own = pod.requiredAffinity.length + pod.requiredAntiAffinity.length > 0
  const others = handle.nodesWithAffinity()
  if (!own && others.length === 0) return undefined
  const state: RequiredState = {
    existingAnti: new Domains(),
    anti: new Domains(),
    affinity: new Domains(),
    selfMatches: own && matchesAll(pod, pod, handle),
  }
  for (const node of own ? handle.nodes() : others)
    for (const { info, count } of node.alikePods()) countPod(state, pod, info, node, count, handle)
  return own || state.existingAnti.size > 0 ? state : undefined
}

/** So many such pods are on a node, or are not there any more where the number is negative. */
export function countPod(
  { existingAnti, anti, affinity }: RequiredState,
  pod: PodInfo,
  other: PodInfo,
  { labels }: NodeInfo,
  count: number,
  handle: Handle,
): void {
  for (const term of other.requiredAntiAffinity)
    if (matchesTerm(term, other.pod, pod.pod, handle)) existingAnti.add(term.topologyKey, labels, count)
  for (const term of pod.requiredAntiAffinity)
    if (matchesTerm(term, pod.pod, other.pod, handle)) anti.add(term.topologyKey, labels, count)
  if (pod.requiredAffinity.length > 0 && matchesAll(pod, other, handle))
    for (const term of pod.requiredAffinity) affinity.add(term.topologyKey, labels, count)
}

/** Changes of the copy leave the original alone. */
export function cloneRequired(state: RequiredState): RequiredState {
  const { existingAnti, anti, affinity } = state
  return { ...state, existingAnti: existingAnti.clone(), anti: anti.clone(), affinity: affinity.clone() }
}

function matchesAll(pod: PodInfo, other: PodInfo, handle: Handle): boolean {
  return pod.requiredAffinity.every((term) => matchesTerm(term, pod.pod, other.pod, handle))
}
