import type { ObjectKey } from '../../machinery/objects.ts'
import type { ClusterEvent } from './framework/types.ts'

/** Why a pod was placed where it is, or was not placed: the newest attempt. Plain data, bounded. */
export interface DecisionRecord {
  readonly pod: ObjectKey
  readonly uid: string
  /** Virtual milliseconds. */
  readonly at: number
  readonly attempts: number
  readonly node?: string
  readonly message?: string
  /** Which changes could help a pod that waits: what the plugins that refused it hope for. */
  readonly wokenBy?: readonly ClusterEvent[]
  /** By plugin that scored. */
  readonly weights?: Readonly<Record<string, number>>
  readonly nodes: readonly {
    readonly node: string
    readonly rejectedBy?: string
    readonly reasons?: readonly string[]
    /** By plugin: what it said (where all nodes are alike to it, what comes out), brought to 0–100, and times its weight. */
    readonly raw?: Readonly<Record<string, number>>
    readonly normalised?: Readonly<Record<string, number>>
    readonly scores?: Readonly<Record<string, number>>
    readonly total?: number
  }[]
  /** Set when others had to go: from which node, and what it would have cost elsewhere. */
  readonly preemption?: {
    readonly node: string
    readonly candidates: readonly {
      readonly node: string
      readonly victims: readonly ObjectKey[]
      /** Victims whose disruption budget allows no more. */
      readonly violations: number
    }[]
  }
}

const capacity = 200

/** The last decisions, one a pod. Most are never asked for, so a record is put together when somebody does. */
export class DecisionRecords {
  private readonly byPod = new Map<ObjectKey, DecisionRecord | (() => DecisionRecord)>()

  add(pod: ObjectKey, record: () => DecisionRecord): void {
    // Newest last, so that the oldest is the first to go.
    this.byPod.delete(pod)
    this.byPod.set(pod, record)
    if (this.byPod.size > capacity) this.byPod.delete(this.byPod.keys().next().value!)
  }

  of(pod: ObjectKey): DecisionRecord | undefined {
    const record = this.byPod.get(pod)
    if (typeof record !== 'function') return record
    const made = record()
    this.byPod.set(pod, made)
    return made
  }

  snapshot(): readonly DecisionRecord[] {
    return [...this.byPod.keys()].map((pod) => this.of(pod)!)
  }

  restore(records: readonly DecisionRecord[]): void {
    this.byPod.clear()
    for (const record of records) this.byPod.set(record.pod, record)
  }
}
