import type { ObjectKey } from '../../machinery/objects.ts'
import type { StoreEvent } from '../etcd/etcd.ts'

/** One write: who made it, when, and which earlier write (revision) it follows from. */
export interface CauseRecord {
  readonly revision: number
  readonly at: number
  readonly actor: string
  readonly verb: 'create' | 'update' | 'delete'
  readonly resource: string
  readonly key: ObjectKey
  readonly cause: number
  readonly details?: Readonly<Record<string, string | number>>
}

export type CauseLogSnapshot = readonly CauseRecord[]

/** How many writes are remembered; heartbeats are not among them. */
const capacity = 20_000
const verbs = { ADDED: 'create', MODIFIED: 'update', DELETED: 'delete' } as const

/** Remembers why things happened, bounded, for "Why did this happen?". */
export class CauseLog {
  private records: CauseRecord[]

  constructor(snapshot?: CauseLogSnapshot) {
    this.records = snapshot ? [...snapshot] : []
  }

  record(resource: string, event: StoreEvent): void {
    if (resource === 'leases.coordination.k8s.io' || resource === 'events') return
    const { revision, at, actor, key, cause } = event
    this.records.push({ revision, at, actor, verb: verbs[event.type], resource, key, cause })
    if (this.records.length > capacity * 1.25) this.records = this.records.slice(-capacity)
  }

  /** Adds what a writer knows of the last write: `{node: 'node-2', score: 87}`. */
  annotate(revision: number, details: Readonly<Record<string, string | number>>): void {
    const index = this.indexOf(revision)
    if (index >= 0) this.records[index] = { ...this.records[index]!, details }
  }

  find(revision: number): CauseRecord | undefined {
    const index = this.indexOf(revision)
    return index < 0 ? undefined : this.records[index]
  }

  /** The writes that led to a revision, newest first; it ends at a user's action or where memory ends. */
  chain(revision: number): CauseRecord[] {
    const chain: CauseRecord[] = []
    let record = this.find(revision)
    while (record && chain.length < 50) {
      chain.push(record)
      record = record.cause && record.cause < record.revision ? this.find(record.cause) : undefined
    }
    return chain
  }

  /** Writes of one object, newest first. */
  of(resource: string, key: ObjectKey): CauseRecord[] {
    const found: CauseRecord[] = []
    for (let i = this.records.length - 1; i >= 0 && found.length < 200; i--) {
      const record = this.records[i]!
      if (record.resource === resource && record.key === key) found.push(record)
    }
    return found
  }

  snapshot(): CauseLogSnapshot {
    return [...this.records]
  }

  private indexOf(revision: number): number {
    let low = 0
    let high = this.records.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const at = this.records[middle]!.revision
      if (at === revision) return middle
      if (at < revision) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
