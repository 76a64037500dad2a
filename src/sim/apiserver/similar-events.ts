import { parseTime } from '../../lib/time.ts'
import type { KubeObject, ObjectKey } from '../../machinery/objects.ts'
import type { Etcd, StoreEvent } from '../etcd/etcd.ts'

const events = 'events'

/** What makes two Events similar, whatever they say. Upstream: EventAggregatorByReasonFunc. */
export interface Similarity {
  readonly component: string
  readonly host: string | undefined
  readonly uid: string
  readonly name: string
  readonly type: string
  readonly reason: string
}

/** Finds stored Events that differ in nothing but their message. Derived from the store, so it is never saved. */
export class SimilarEvents {
  private readonly keys = new Map<string, Set<ObjectKey>>()
  private readonly etcd: Etcd

  constructor(etcd: Etcd) {
    this.etcd = etcd
    for (const [key, { object }] of etcd.entries(events)) this.add(key, object)
  }

  /** Hears of every change of the store. */
  notice(resource: string, { type, key, object }: StoreEvent): void {
    if (resource !== events) return
    if (type === 'ADDED') this.add(key, object)
    else if (type === 'DELETED') {
      const text = textOf(similarityOf(object))
      const set = this.keys.get(text)
      set?.delete(key)
      if (set?.size === 0) this.keys.delete(text)
    }
  }

  /** How many of them were last seen after a time. */
  count(similarity: Similarity, afterMs: number): number {
    let count = 0
    for (const key of this.keys.get(textOf(similarity)) ?? []) {
      const last: string | undefined = (this.etcd.get(events, key) as any)?.lastTimestamp
      if (last && parseTime(last) > afterMs) count++
    }
    return count
  }

  /** One that says this, of this part of the object. */
  find(
    similarity: Similarity,
    namespace: string,
    fieldPath: string | undefined,
    says: (message: string) => boolean,
  ): any {
    for (const key of this.keys.get(textOf(similarity)) ?? []) {
      const event = this.etcd.get(events, key) as any
      const isThere = event?.metadata.namespace === namespace && event.involvedObject.fieldPath === fieldPath
      if (isThere && says(event.message)) return event
    }
    return undefined
  }

  private add(key: ObjectKey, object: KubeObject): void {
    const text = textOf(similarityOf(object))
    const set = this.keys.get(text)
    if (set) set.add(key)
    else this.keys.set(text, new Set([key]))
  }
}

function similarityOf(event: any): Similarity {
  const { source, involvedObject, type, reason } = event
  return {
    component: source?.component ?? '',
    host: source?.host,
    uid: involvedObject?.uid ?? '',
    name: involvedObject?.name ?? '',
    type: type ?? '',
    reason: reason ?? '',
  }
}

function textOf({ component, host, uid, name, type, reason }: Similarity): string {
  return `${component}|${host ?? ''}|${uid}|${name}|${type}|${reason}`
}
