import { deepEqual } from '../lib/deep-equal.ts'
import type { KubeObject, ObjectKey } from '../machinery/objects.ts'
import type { Etcd, StoreEvent } from './etcd/etcd.ts'

/** Heartbeats: nothing of them is worth showing. */
const hidden = new Set(['leases.coordination.k8s.io', 'events.events.k8s.io'])

export interface ViewChanges {
  /** False: these are changes; true: history was too short, and this is everything. */
  readonly full: boolean
  readonly changed: readonly { readonly resource: string; readonly object: KubeObject }[]
  readonly removed: readonly { readonly resource: string; readonly key: ObjectKey }[]
}

/** What changed after a revision, up to another, each object once, in its last state by then. Reading leaves no trace in the cluster. */
export function changesSince(etcd: Etcd, revision: number, upTo = etcd.revision): ViewChanges {
  const changed: { resource: string; object: KubeObject }[] = []
  const removed: { resource: string; key: ObjectKey }[] = []
  for (const resource of etcd.resources()) {
    if (hidden.has(resource)) continue
    const events = revision === 0 ? undefined : etcd.since(resource, revision)
    if (!events) return everything(etcd)
    const newest = new Map<ObjectKey, StoreEvent>()
    for (const event of events) if (event.revision <= upTo) newest.set(event.key, event)
    for (const [key, { type, object }] of newest) {
      if (type === 'DELETED') removed.push({ resource, key })
      else changed.push({ resource, object: withoutManagers(object) })
    }
  }
  return { full: false, changed, removed }
}

/** What tells one state from another, whatever way each came about: by reference where they share history, else by content. */
export function differences(from: Etcd, to: Etcd): ViewChanges {
  const changed: { resource: string; object: KubeObject }[] = []
  const removed: { resource: string; key: ObjectKey }[] = []
  for (const resource of new Set([...from.resources(), ...to.resources()])) {
    if (hidden.has(resource)) continue
    const before = from.entries(resource)
    const after = to.entries(resource)
    for (const [key, { object }] of after) {
      const old = before.get(key)?.object
      if (old === object) continue
      const isSame = old?.metadata.resourceVersion === object.metadata.resourceVersion && deepEqual(old, object)
      if (!isSame) changed.push({ resource, object: withoutManagers(object) })
    }
    for (const key of before.keys()) if (!after.has(key)) removed.push({ resource, key })
  }
  return { full: false, changed, removed }
}

function everything(etcd: Etcd): ViewChanges {
  const changed: { resource: string; object: KubeObject }[] = []
  for (const resource of etcd.resources()) {
    if (hidden.has(resource)) continue
    for (const { object } of etcd.entries(resource).values())
      changed.push({ resource, object: withoutManagers(object) })
  }
  return { full: true, changed, removed: [] }
}

/** As kubectl shows objects: managedFields are for machines, and the largest part of many. */
function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** Would somebody who looks on see this change? Heartbeats and events that count up are none. */
export function isVisible(resource: string, event: StoreEvent): boolean {
  if (hidden.has(resource) || resource === 'events') return false
  if (resource !== 'nodes' || !event.previous) return true
  const conditions = (object: KubeObject) =>
    JSON.stringify(object.status?.conditions?.map((one: any) => [one.type, one.status]))
  return event.object.spec !== event.previous.spec || conditions(event.object) !== conditions(event.previous)
}
