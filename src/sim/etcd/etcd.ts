import { deepFreeze } from '../../lib/freeze.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'

/** One change of one object. `cause` is the revision it follows from, `actor` who made it. */
export interface StoreEvent {
  readonly revision: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly key: ObjectKey
  readonly object: KubeObject
  readonly previous?: KubeObject
  readonly createRevision: number
  /** Virtual milliseconds. */
  readonly at: number
  readonly cause: number
  readonly actor: string
}

export interface Entry {
  readonly object: KubeObject
  /** Revision at which the object came to be; listings follow it, so their order never depends on history. */
  readonly createRevision: number
}

interface Table {
  readonly entries: Map<ObjectKey, Entry>
  /** Changes in the order of their revisions, from the last compaction on. */
  log: StoreEvent[]
  /** Changes up to this revision are gone. */
  compacted: number
  /** Keys in order, while no key came or went. */
  sortedKeys: ObjectKey[] | undefined
}

export interface EtcdSnapshot {
  readonly revision: number
  readonly tables: readonly {
    readonly resource: string
    readonly compacted: number
    readonly entries: readonly { readonly object: KubeObject; readonly createRevision: number }[]
    readonly log: readonly StoreEvent[]
  }[]
}

/** What a write says about itself. */
export interface WriteContext {
  readonly at: number
  readonly cause: number
  readonly actor: string
}

/**
 * The store: current objects by resource and key, one revision counter for all, and the changes since the last
 * compaction. Only the API server touches it. Objects handed in are frozen and handed out by reference.
 */
export class Etcd {
  private revisionCounter = 0
  private readonly tables = new Map<string, Table>()
  /** Called after each change, in order. */
  onEvent: (resource: string, event: StoreEvent) => void = () => {}

  get revision(): number {
    return this.revisionCounter
  }

  get(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.tables.get(resource)?.entries.get(key)?.object
  }

  entry(resource: string, key: ObjectKey): Entry | undefined {
    return this.tables.get(resource)?.entries.get(key)
  }

  /** Entries by key, in no promised order; sort by createRevision where order matters. */
  entries(resource: string): ReadonlyMap<ObjectKey, Entry> {
    return this.tables.get(resource)?.entries ?? new Map()
  }

  /** All resources that hold or held objects, sorted. */
  resources(): string[] {
    return [...this.tables.keys()].sort()
  }

  /** Keys in order, as a range read of etcd gives them. */
  keys(resource: string): readonly ObjectKey[] {
    const table = this.tables.get(resource)
    if (!table) return []
    table.sortedKeys ??= [...table.entries.keys()].sort()
    return table.sortedKeys
  }

  /**
   * Writes an object. `withRevision` gets the new revision and returns the object to store under it, so that
   * metadata.resourceVersion is right from the start.
   */
  put(
    resource: string,
    key: ObjectKey,
    context: WriteContext,
    withRevision: (revision: number) => KubeObject,
  ): KubeObject {
    const table = this.table(resource)
    const before = table.entries.get(key)
    const revision = this.revisionCounter + 1
    const object = deepFreeze(withRevision(revision))
    this.revisionCounter = revision
    const createRevision = before?.createRevision ?? revision
    table.entries.set(key, { object, createRevision })
    if (!before) table.sortedKeys = undefined
    const type = before ? 'MODIFIED' : 'ADDED'
    this.record(resource, table, { revision, type, key, object, previous: before?.object, createRevision, ...context })
    return object
  }

  /** Removes an object; the event carries its last state under the new revision. */
  delete(
    resource: string,
    key: ObjectKey,
    context: WriteContext,
    withRevision: (revision: number) => KubeObject,
  ): KubeObject {
    const table = this.table(resource)
    const before = table.entries.get(key)
    if (!before) throw new Error(`etcd: ${resource} ${key} is not there`)
    const revision = this.revisionCounter + 1
    const object = deepFreeze(withRevision(revision))
    this.revisionCounter = revision
    table.entries.delete(key)
    table.sortedKeys = undefined
    const { createRevision } = before
    this.record(resource, table, {
      revision,
      type: 'DELETED',
      key,
      object,
      previous: before.object,
      createRevision,
      ...context,
    })
    return object
  }

  /** Changes after a revision, oldest first; undefined when some of them are compacted away. */
  since(resource: string, revision: number): readonly StoreEvent[] | undefined {
    const table = this.tables.get(resource)
    if (!table) return []
    if (revision < table.compacted) return undefined
    const { log } = table
    if (log.length === 0 || log[log.length - 1]!.revision <= revision) return []
    let low = 0
    let high = log.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (log[middle]!.revision <= revision) low = middle + 1
      else high = middle
    }
    return low === 0 ? log : log.slice(low)
  }

  /** The entries as they stood at a revision, oldest object first. The revision must not be compacted. */
  entriesAt(resource: string, revision: number): [ObjectKey, Entry][] {
    const at = new Map(this.entries(resource))
    const later = this.since(resource, revision)
    if (!later) throw new Error(`etcd: ${resource} at ${revision} is compacted`)
    for (let i = later.length - 1; i >= 0; i--) {
      const event = later[i]!
      if (event.previous) at.set(event.key, { object: event.previous, createRevision: event.createRevision })
      else at.delete(event.key)
    }
    return [...at].sort((a, b) => a[1].createRevision - b[1].createRevision)
  }

  /** Forgets changes up to a revision and older than a time; never past `keep(resource)`, the slowest reader. */
  compact(olderThan: number, keep: (resource: string) => number): void {
    for (const [resource, table] of this.tables) {
      const limit = keep(resource)
      let count = 0
      while (count < table.log.length && table.log[count]!.at < olderThan && table.log[count]!.revision <= limit)
        count++
      if (count === 0) continue
      table.compacted = table.log[count - 1]!.revision
      table.log = table.log.slice(count)
    }
  }

  snapshot(): EtcdSnapshot {
    const tables = this.resources().map((resource) => {
      const table = this.tables.get(resource)!
      const entries = [...table.entries.values()].sort((a, b) => a.createRevision - b.createRevision)
      return { resource, compacted: table.compacted, entries, log: [...table.log] }
    })
    return { revision: this.revisionCounter, tables }
  }

  restore(snapshot: EtcdSnapshot, keyOf: (object: KubeObject) => ObjectKey): void {
    this.revisionCounter = snapshot.revision
    this.tables.clear()
    for (const { resource, compacted, entries, log } of snapshot.tables) {
      const table = this.table(resource)
      table.compacted = compacted
      table.log = log.map((event) => deepFreeze(event))
      for (const entry of entries) table.entries.set(keyOf(entry.object), deepFreeze(entry))
    }
  }

  private table(resource: string): Table {
    let table = this.tables.get(resource)
    if (!table) {
      table = { entries: new Map(), log: [], compacted: 0, sortedKeys: undefined }
      this.tables.set(resource, table)
    }
    return table
  }

  private record(resource: string, table: Table, event: StoreEvent): void {
    table.log.push(event)
    this.onEvent(resource, event)
  }
}
