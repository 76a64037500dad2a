import type { Clock } from '../clock/clock.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { Watches } from '../apiserver/watches.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { Cache } from './cache.ts'

/** The caches of one process (the controller manager, the scheduler), one per resource, made when first asked for. */
export class Informers {
  readonly process: string
  private readonly etcd: Etcd
  private readonly watches: Watches
  private readonly caches = new Map<string, Cache>()
  private readonly afterDelivery: ((cache: Cache) => void)[] = []

  constructor(process: string, parts: { etcd: Etcd; watches: Watches; clock: Clock }) {
    this.process = process
    this.etcd = parts.etcd
    this.watches = parts.watches
    parts.clock.register(`${process}/informer`, (payload: { watch: string }) => this.deliver(payload.watch))
  }

  cache(resource: string): Cache {
    let cache = this.caches.get(resource)
    if (!cache) {
      const watch = this.watches.open({
        id: `${this.process} ${resource}`,
        resource,
        actor: `${this.process}/informer`,
      })
      cache = new Cache(resource, this.etcd, this.watches, watch)
      this.caches.set(resource, cache)
      if (resource === 'pods') addPodIndices(cache)
      else cache.addIndex('owner', ownerIndex)
    }
    return cache
  }

  /** Called after a cache took in changes, once per delivery. */
  onDelivery(listener: (cache: Cache) => void): void {
    this.afterDelivery.push(listener)
  }

  private deliver(watchId: string): void {
    const cache = this.cache(watchId.slice(this.process.length + 1))
    cache.deliver()
    for (const listener of this.afterDelivery) listener(cache)
  }
}

/** By uid of the controlling owner. */
function ownerIndex(object: KubeObject): readonly string[] {
  const owners = object.metadata.ownerReferences
  if (!owners) return none
  for (const owner of owners) if (owner.controller) return [owner.uid]
  return none
}

const none: readonly string[] = []

function addPodIndices(cache: Cache): void {
  cache.addIndex('owner', ownerIndex)
  cache.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : none))
  cache.addIndex('namespace', (pod) => [pod.metadata.namespace ?? ''])
}
