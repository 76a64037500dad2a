import { deepEqual } from '../../../lib/deep-equal.ts'
import { resourceOf } from '../../../kinds/kind.ts'
import { keyOf, type KubeObject, type OwnerReference } from '../../../machinery/objects.ts'
import { StatusError } from '../../../machinery/errors.ts'
import type { Clock } from '../../clock/clock.ts'
import { Client } from '../../client/client.ts'
import type { Cache, Change } from '../../client/cache.ts'
import type { Informers } from '../../client/informers.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { emptyWorkqueue, Workqueue, type WorkqueueSnapshot } from '../../controller-runtime/workqueue.ts'
import type { Latencies } from '../../latencies.ts'

/** Events and leases own nothing and are owned by nothing that goes away before them. */
const ignored = new Set(['events', 'events.events.k8s.io'])
const nothing: readonly string[] = []

const actor = 'controller/garbage-collector'

export interface GarbageCollectorSnapshot {
  readonly queue: WorkqueueSnapshot
  readonly watched: readonly string[]
}

/**
 * Deletes what lost its owners, in the three modes: background (dependents after the owner), foreground (dependents
 * first), orphan (dependents stay). Its keys are `resource key`; dependents are found by an index on owner uids.
 */
export class GarbageCollector {
  readonly name = 'garbage-collector'
  private readonly client: Client
  private readonly api: ApiServer
  private readonly informers: Informers
  private readonly queue: Workqueue
  private readonly watched = new Set<string>()
  reconciles = 0

  constructor(parts: { clock: Clock; api: ApiServer; informers: Informers; latencies: Latencies }) {
    this.api = parts.api
    this.informers = parts.informers
    this.client = new Client({ ...parts, component: 'generic-garbage-collector' })
    this.queue = new Workqueue(parts.clock, actor, parts.latencies.reconcile)
    const seen = (resource: string) => this.informers.cache(resource).revision
    parts.clock.register(actor, (payload: { later?: string; watch?: string }) => {
      if (payload.later !== undefined) return this.queue.arrived(payload.later)
      if (payload.watch !== undefined) return this.watchResource(payload.watch)
      const item = this.queue.next(seen)
      if (!item) return
      parts.clock.cause = item.cause
      this.work(item.key)
    })
    parts.informers.onDelivery(() => this.queue.unpark(seen))
  }

  get isStopped(): boolean {
    return this.queue.isStopped
  }

  get depth(): number {
    return this.queue.depth
  }

  start(): void {
    for (const kind of this.api.kinds.preferred())
      if (this.api.etcd.entries(resourceOf(kind)).size > 0) this.watchResource(resourceOf(kind))
  }

  restart(): void {
    this.queue.restore(emptyWorkqueue)
    for (const resource of this.watched)
      for (const object of this.cache(resource).list()) this.consider(resource, object)
  }

  /** Its process ends: nothing is worked on until a restart. */
  stop(): void {
    this.queue.restore({ ...emptyWorkqueue, stopped: true })
  }

  /** Something of a resource was written: from now on its objects are part of the graph. */
  noticeResource(resource: string): void {
    if (ignored.has(resource) || this.watched.has(resource)) return
    this.watchResource(resource)
  }

  snapshot(): GarbageCollectorSnapshot {
    return { queue: this.queue.snapshot(), watched: [...this.watched].sort() }
  }

  restore(snapshot: GarbageCollectorSnapshot): void {
    for (const resource of snapshot.watched) this.watchResource(resource, false)
    this.queue.restore(snapshot.queue)
  }

  private watchResource(resource: string, look = true): void {
    if (ignored.has(resource) || this.watched.has(resource)) return
    this.watched.add(resource)
    const cache = this.cache(resource)
    cache.addIndex('ownerUid', (object) => object.metadata.ownerReferences?.map((owner) => owner.uid) ?? nothing)
    cache.onChange((change) => this.changed(resource, change))
    if (look) for (const object of cache.list()) this.consider(resource, object)
  }

  private cache(resource: string): Cache {
    return this.informers.cache(resource)
  }

  private changed(resource: string, change: Change): void {
    const { object, old, type, revision } = change
    if (type === 'DELETED') {
      // Dependents lost an owner; owners that wait in the foreground may have lost their last dependent.
      for (const { resource: other, object: dependent } of this.dependentsOf(object.metadata.uid)) {
        this.queue.add(`${other} ${keyOf(dependent)}`, revision)
      }
      for (const owner of object.metadata.ownerReferences ?? [])
        this.addOwner(owner, object.metadata.namespace, revision)
      return
    }
    if (type === 'ADDED' || !deepEqual(object.metadata.ownerReferences, old?.metadata.ownerReferences))
      this.consider(resource, object, revision)
    if (hasDeletionFinalizer(object)) this.queue.add(`${resource} ${keyOf(object)}`, revision)
  }

  private consider(resource: string, object: KubeObject, revision?: number): void {
    const owners = object.metadata.ownerReferences
    if (
      hasDeletionFinalizer(object) ||
      owners?.some((owner) => this.lookUp(owner, object.metadata.namespace) === undefined)
    ) {
      this.queue.add(`${resource} ${keyOf(object)}`, revision)
    }
  }

  private addOwner(owner: OwnerReference, namespace: string | undefined, revision: number): void {
    const found = this.lookUp(owner, namespace)
    if (found && hasDeletionFinalizer(found.object))
      this.queue.add(`${found.resource} ${keyOf(found.object)}`, revision)
  }

  private work(key: string): void {
    this.reconciles++
    const space = key.indexOf(' ')
    const resource = key.slice(0, space)
    const objectKey = key.slice(space + 1)
    this.client.writes.clear()
    try {
      const object = this.client.live(resource, objectKey)
      if (object) this.process(resource, object)
      this.queue.forget(key)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      this.queue.addRateLimited(key)
    }
  }

  private process(resource: string, object: KubeObject): void {
    const { deletionTimestamp, finalizers } = object.metadata
    if (deletionTimestamp && finalizers?.includes('orphan')) return this.orphanDependents(resource, object)
    if (deletionTimestamp && finalizers?.includes('foregroundDeletion')) return this.deleteDependents(resource, object)
    if (deletionTimestamp) return
    this.collect(resource, object)
  }

  /** Upstream: attemptToDeleteItem. */
  private collect(resource: string, object: KubeObject): void {
    const owners = object.metadata.ownerReferences ?? []
    if (owners.length === 0) return
    const alive = owners.filter((owner) => this.lookUpLive(owner, object.metadata.namespace))
    const solid = alive.filter((owner) => !this.waitsInForeground(owner, object.metadata.namespace))
    if (solid.length > 0) {
      if (alive.length === owners.length) return
      const uids = new Set(alive.map((owner) => owner.uid))
      const ownerReferences = owners.filter((owner) => uids.has(owner.uid))
      this.client.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences } })
      return
    }
    const policy = alive.length > 0 && this.dependentsOf(object.metadata.uid).length > 0 ? 'Foreground' : 'Background'
    this.client.deleteIfPresent(resource, keyOf(object), {
      propagationPolicy: policy,
      preconditions: { uid: object.metadata.uid },
    })
  }

  private orphanDependents(resource: string, owner: KubeObject): void {
    for (const { resource: other, object } of this.dependentsOf(owner.metadata.uid)) {
      const live = this.client.live(other, keyOf(object))
      if (!live) continue
      const ownerReferences = live.metadata.ownerReferences?.filter((one) => one.uid !== owner.metadata.uid)
      this.client.update(other, { ...live, metadata: { ...live.metadata, ownerReferences } })
    }
    this.removeFinalizer(resource, owner, 'orphan')
  }

  private deleteDependents(resource: string, owner: KubeObject): void {
    let blocking = 0
    for (const { resource: other, object } of this.dependentsOf(owner.metadata.uid)) {
      const live = this.client.live(other, keyOf(object))
      if (!live) continue
      const reference = live.metadata.ownerReferences?.find((one) => one.uid === owner.metadata.uid)
      if (reference?.blockOwnerDeletion) blocking++
      if (!live.metadata.deletionTimestamp) this.collect(other, live)
    }
    if (blocking === 0) this.removeFinalizer(resource, owner, 'foregroundDeletion')
  }

  private removeFinalizer(resource: string, object: KubeObject, finalizer: string): void {
    const live = this.client.live(resource, keyOf(object))
    if (!live) return
    const finalizers = live.metadata.finalizers?.filter((one) => one !== finalizer)
    this.client.update(resource, { ...live, metadata: { ...live.metadata, finalizers } })
  }

  private dependentsOf(uid: string): { resource: string; object: KubeObject }[] {
    const found: { resource: string; object: KubeObject }[] = []
    for (const resource of [...this.watched].sort()) {
      for (const object of this.cache(resource).byIndex('ownerUid', uid)) found.push({ resource, object })
    }
    return found
  }

  private lookUp(
    owner: OwnerReference,
    namespace: string | undefined,
  ): { resource: string; object: KubeObject } | undefined {
    const kind = this.api.kinds.ofObject(owner)
    if (!kind) return undefined
    const resource = resourceOf(kind)
    const object = this.cache(resource).get(kind.namespaced ? `${namespace}/${owner.name}` : owner.name)
    return object?.metadata.uid === owner.uid ? { resource, object } : undefined
  }

  private lookUpLive(owner: OwnerReference, namespace: string | undefined): KubeObject | undefined {
    const kind = this.api.kinds.ofObject(owner)
    if (!kind) return undefined
    const object = this.client.live(resourceOf(kind), kind.namespaced ? `${namespace}/${owner.name}` : owner.name)
    return object?.metadata.uid === owner.uid ? object : undefined
  }

  private waitsInForeground(owner: OwnerReference, namespace: string | undefined): boolean {
    const object = this.lookUpLive(owner, namespace)
    return (
      object?.metadata.deletionTimestamp !== undefined &&
      object.metadata.finalizers?.includes('foregroundDeletion') === true
    )
  }
}

function hasDeletionFinalizer(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers } = object.metadata
  return (
    deletionTimestamp !== undefined &&
    finalizers !== undefined &&
    (finalizers.includes('orphan') || finalizers.includes('foregroundDeletion'))
  )
}
