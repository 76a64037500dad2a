import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import type { Entry, Etcd, StoreEvent } from '../etcd/etcd.ts'
import type { Watch, Watches } from '../apiserver/watches.ts'

/** Names the values under which an index files an object. */
export type IndexFunction = (object: KubeObject) => readonly string[]

/** A change as an informer's handlers hear of it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly key: ObjectKey
  readonly object: KubeObject
  readonly old?: KubeObject
  readonly revision: number
}

interface Bucket {
  readonly entries: Map<ObjectKey, Entry>
  newest: number
  sorted: boolean
}

/**
 * What one process has seen of one resource: references to the store's objects as of a revision. All components of
 * a process share it, as kube-controller-manager's informers are shared. It is derived: a restore rebuilds it from
 * the store at the watch's revision. Listings are ordered by age of the objects, whatever way they came in.
 */
export class Cache {
  readonly resource: string
  readonly watch: Watch
  private readonly etcd: Etcd
  private readonly watches: Watches
  private readonly all: Bucket = newBucket()
  private readonly indices = new Map<string, { of: IndexFunction; buckets: Map<string, Bucket> }>()
  private readonly handlers: ((change: Change) => void)[] = []

  constructor(resource: string, etcd: Etcd, watches: Watches, watch: Watch) {
    this.resource = resource
    this.etcd = etcd
    this.watches = watches
    this.watch = watch
    this.rebuild()
  }

  /** Revision up to which this cache has seen changes. */
  get revision(): number {
    return this.watch.revision
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.all.entries.get(key)?.object
  }

  /** All objects, oldest first. */
  list(): KubeObject[] {
    return objectsOf(this.all)
  }

  size(): number {
    return this.all.entries.size
  }

  /** Objects that an index files under a value, oldest first. */
  byIndex(index: string, value: string): KubeObject[] {
    const found = this.indices.get(index)
    if (!found) throw new Error(`${this.resource} has no index ${index}`)
    const bucket = found.buckets.get(value)
    return bucket ? objectsOf(bucket) : []
  }

  countByIndex(index: string, value: string): number {
    return this.indices.get(index)?.buckets.get(value)?.entries.size ?? 0
  }

  /** Adds an index; asking for one that is there does nothing. */
  addIndex(name: string, of: IndexFunction): void {
    if (this.indices.has(name)) return
    const buckets = new Map<string, Bucket>()
    this.indices.set(name, { of, buckets })
    for (const [key, entry] of this.all.entries) {
      for (const value of of(entry.object)) fileInto(buckets, value, key, entry)
    }
  }

  onChange(handler: (change: Change) => void): void {
    this.handlers.push(handler)
  }

  /** Takes in what the watch has for us and tells the handlers. */
  deliver(): void {
    const events = this.watches.take(this.watch)
    if (!events) throw new Error(`the cache of ${this.resource} fell behind compaction`)
    for (const event of events) this.takeIn(event)
  }

  /** Forgets everything and reads the store as of the watch's revision. */
  rebuild(): void {
    this.all.entries.clear()
    this.all.newest = 0
    this.all.sorted = true
    for (const { buckets } of this.indices.values()) buckets.clear()
    for (const [key, entry] of this.etcd.entriesAt(this.resource, this.watch.revision)) {
      insert(this.all, key, entry)
      for (const { of, buckets } of this.indices.values()) {
        for (const value of of(entry.object)) fileInto(buckets, value, key, entry)
      }
    }
  }

  private takeIn(event: StoreEvent): void {
    const { key, object, createRevision } = event
    const before = this.all.entries.get(key)
    const entry: Entry | undefined = event.type === 'DELETED' ? undefined : { object, createRevision }
    if (entry) insert(this.all, key, entry)
    else this.all.entries.delete(key)
    for (const { of, buckets } of this.indices.values()) reindex(of, buckets, key, before, entry)
    const change: Change = { type: event.type, key, object, old: before?.object, revision: event.revision }
    for (const handler of this.handlers) handler(change)
  }
}

function reindex(of: IndexFunction, buckets: Map<string, Bucket>, key: ObjectKey, before?: Entry, after?: Entry): void {
  const was = before ? of(before.object) : none
  const is = after ? of(after.object) : none
  if (before && after && was.length === is.length && was.every((value, index) => value === is[index])) {
    // The same places as before, which is the rule: only the state there is new.
    for (const value of is) insert(buckets.get(value)!, key, after)
    return
  }
  for (const value of was) {
    if (is.includes(value)) continue
    const bucket = buckets.get(value)
    bucket?.entries.delete(key)
    if (bucket?.entries.size === 0) buckets.delete(value)
  }
  if (after) for (const value of is) fileInto(buckets, value, key, after)
}

const none: readonly string[] = []

function newBucket(): Bucket {
  return { entries: new Map(), newest: 0, sorted: true }
}

function fileInto(buckets: Map<string, Bucket>, value: string, key: ObjectKey, entry: Entry): void {
  let bucket = buckets.get(value)
  if (!bucket) buckets.set(value, (bucket = newBucket()))
  insert(bucket, key, entry)
}

function insert(bucket: Bucket, key: ObjectKey, entry: Entry): void {
  const present = bucket.entries.get(key)
  if (present?.createRevision !== entry.createRevision) {
    // Deleted and made again between two deliveries: it is a new object, and goes to the end.
    if (present) bucket.entries.delete(key)
    if (entry.createRevision < bucket.newest) bucket.sorted = false
    else bucket.newest = entry.createRevision
  }
  bucket.entries.set(key, entry)
}

function objectsOf(bucket: Bucket): KubeObject[] {
  if (!bucket.sorted) {
    const entries = [...bucket.entries].sort((a, b) => a[1].createRevision - b[1].createRevision)
    bucket.entries.clear()
    for (const [key, entry] of entries) bucket.entries.set(key, entry)
    bucket.sorted = true
  }
  const objects: KubeObject[] = []
  for (const entry of bucket.entries.values()) objects.push(entry.object)
  return objects
}
