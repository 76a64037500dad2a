import type { KubeObject } from '../../../machinery/objects.ts'
import type { Client } from '../../client/client.ts'
import type { Filtering, Rejection } from './filtering.ts'
import type { Hint } from './hints.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { QueuedPod } from '../queue.ts'
import type { SelectorCounts } from './selector-counts.ts'

/** Failure is a value. Success is `undefined`. */
export interface Status {
  /** unresolvable: taking pods off the node would not help. pending: a gate, not a refusal. */
  readonly code: 'unschedulable' | 'unresolvable' | 'error'
  readonly reasons: readonly string[]
}

export function unschedulable(...reasons: string[]): Status {
  return { code: 'unschedulable', reasons }
}

export function unresolvable(...reasons: string[]): Status {
  return { code: 'unresolvable', reasons }
}

/** What plugins may look at. */
export interface Handle {
  readonly client: Client
  /** All nodes, in the scheduler's order. */
  nodes(): readonly NodeInfo[]
  /** Nodes that hold pods with required anti-affinity, or with any affinity. */
  nodesWithAffinity(): readonly NodeInfo[]
  /** Pods by node that match a selector, kept up to date. */
  readonly counts: SelectorCounts
  /** Pods that were promised room on a node and matter at least as much as this one. */
  nominatedOn(node: string, pod: PodInfo): readonly PodInfo[]
  /** Volumes that were promised to claims of pods that are not bound yet, by volume. */
  readonly assumedVolumes: Map<string, AssumedVolume>
  /** Binds a pod; throws the API server's refusal. */
  bind(pod: KubeObject, node: string): void
}

/** A volume promised to a claim. */
export interface AssumedVolume {
  /** `namespace/name` of the claim. */
  readonly claim: string
  /** Key of the pod that the claim is for. */
  readonly pod: string
}

/** Values that a plugin computes once per cycle. */
export type CycleState = Map<string, unknown>

/** `skip`: this plugin has nothing to say about this pod. `nodes`: only these come into question. */
export type PreResult = 'skip' | Status | { readonly nodes: ReadonlySet<string> } | undefined
/** A number: it gives all nodes that normalised score. */
export type PreScoreResult = 'skip' | number | undefined

/** A change in the cluster that may make a pod schedulable that this plugin refused: `resource/type`. */
export type ClusterEvent = `${string}/${'ADDED' | 'MODIFIED' | 'DELETED'}`

/** What could not be placed, and why. */
export interface Failure {
  readonly pod: PodInfo
  readonly filtering: Filtering
  readonly rejected: readonly Rejection[]
  /** Wall clock, in milliseconds. */
  readonly now: number
}

/** A place that would be free without some pods. */
export interface Candidate {
  readonly node: string
  /** The most important first. */
  readonly victims: readonly PodInfo[]
  /** Victims whose disruption budget allows no more. */
  readonly violations: number
}

/**
 * What is tried for a pod that fits nowhere. `nominate`: it gets this place once the victims are gone. Otherwise words
 * for the failure; an error ends the trying. `keepsNomination`: what was promised before still stands.
 */
export type PostFilterResult =
  | { readonly nominate: Candidate; readonly candidates: readonly Candidate[] }
  | { readonly message: string; readonly isError?: boolean; readonly keepsNomination?: boolean }

export interface Plugin {
  readonly name: string
  /** Weight of its normalised score. */
  readonly weight?: number
  /** Changes that may make a pod schedulable that it refused, and which of them. Upstream: EventsToRegister. */
  readonly events?: Readonly<Partial<Record<ClusterEvent, Hint>>>
  /** Who is next among those that wait. */
  queueSort?(a: QueuedPod, b: QueuedPod): number
  /** Holds a pod back before it enters the queue. */
  preEnqueue?(pod: KubeObject): Status | undefined
  preFilter?(state: CycleState, pod: PodInfo, handle: Handle): PreResult
  /** Gives a copied state values of its own, before pods come and go in a trial. */
  cloneState?(state: CycleState): void
  /** In a trial, a pod came to a node (1) or left it (-1). Upstream: PreFilterExtensions. */
  podChanged?(state: CycleState, pod: PodInfo, other: PodInfo, node: NodeInfo, sign: 1 | -1, handle: Handle): void
  filter?(state: CycleState, pod: PodInfo, node: NodeInfo, handle: Handle): Status | undefined
  postFilter?(failure: Failure, handle: Handle): PostFilterResult
  preScore?(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[], handle: Handle): PreScoreResult
  score?(state: CycleState, pod: PodInfo, node: NodeInfo, handle: Handle): number
  /** Brings raw scores to 0–100, in place. */
  normalizeScore?(state: CycleState, pod: PodInfo, scores: number[], nodes: readonly NodeInfo[]): void
  /** The pod got its node: what it takes is set aside, before the next pod is looked at. */
  reserve?(pod: PodInfo, node: NodeInfo, handle: Handle): Status | undefined
  /** The binding came to nothing, or its pod was bound; may be called for one that was never reserved. */
  unreserve?(pod: PodInfo, handle: Handle): void
  /** Holds the binding back; asked again until it says nothing, refuses, or the time of its first answer is over. */
  permit?(pod: PodInfo, node: NodeInfo, handle: Handle): Status | { readonly waitMs: number } | undefined
  /** Prepares the node for the pod: 'wait' for something, or fail, and the pod looks again. */
  preBind?(pod: PodInfo, node: NodeInfo, handle: Handle): 'wait' | Status | undefined
  /** Binds it, or leaves that to the next plugin; throws the API server's refusal. */
  bind?(pod: PodInfo, node: NodeInfo, handle: Handle): 'skip' | void
  postBind?(pod: PodInfo, node: NodeInfo, handle: Handle): void
}

export const maxNodeScore = 100

/** Upstream: helper.DefaultNormalizeScore. */
export function defaultNormalizeScore(scores: number[], reverse: boolean): void {
  let max = 0
  for (const score of scores) if (score > max) max = score
  for (let i = 0; i < scores.length; i++) {
    const scaled = max === 0 ? 0 : Math.trunc((scores[i]! * maxNodeScore) / max)
    scores[i] = reverse ? maxNodeScore - scaled : scaled
  }
}
