import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { Clock } from '../clock/clock.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { Client } from '../client/client.ts'
import type { Change } from '../client/cache.ts'
import type { Informers } from '../client/informers.ts'
import type { Latencies } from '../latencies.ts'
import { emptyWorkqueue, Workqueue, type WorkqueueSnapshot } from './workqueue.ts'

/** What a reconcile asks for next. */
export interface Result {
  /** Come back after so long though nothing announces a change. */
  readonly requeueAfterMs?: number
  /** How long the reconcile takes, beyond a moment: large ones do, and what changes meanwhile waits for the next. */
  readonly tookMs?: number
  /** That appointment is housekeeping. */
  readonly background?: boolean
}

export const done: Result = {}

/** Going through this many objects takes a controller a millisecond or so. */
const objectsPerMs = 20

/** How long a reconcile takes that goes through so many objects. */
export function timeFor(objects: number): number {
  return Math.floor(objects / objectsPerMs)
}

export function requeueAfter(ms: number | undefined, background = false): Result {
  return ms === undefined ? done : { requeueAfterMs: Math.max(1, ms), background }
}

export interface ReconcileContext {
  readonly client: Client
  readonly clock: Clock
  readonly api: ApiServer
  readonly latencies: Latencies
  /** Seeded; its draws are part of the cluster's state. */
  random(bound: number): number
  /**
   * What the controller remembers of a key beyond the API, as plain data. It is in snapshots, and lost when the
   * controller is killed; who writes it forgets it with the key.
   */
  readonly memory: Map<ObjectKey, any>
}

/** Which keys a change of another resource concerns. */
export type MapFunction = (object: KubeObject, context: ReconcileContext, change: Change) => readonly ObjectKey[]

export interface ControllerDefinition {
  readonly name: string
  /** The resource whose keys are reconciled. */
  readonly for: string
  /** Which changes of that resource matter; all of them unless it says otherwise. */
  readonly concerns?: (change: Change) => boolean
  /** Resources whose controlling owner is reconciled when they change: resource → owner's kind. */
  readonly owns?: readonly string[]
  readonly ownerKind?: string
  /** Other resources, with the keys that a change of theirs concerns. */
  readonly watches?: Readonly<Record<string, MapFunction>>
  /** How long a change of a resource waits, so that several are dealt with at once; not at all unless it says so. */
  readonly waitsMs?: (resource: string, change: Change, context: ReconcileContext) => number
  /** First and longest delay of a key whose reconcile failed, where they are not the usual ones. */
  readonly backoffMs?: readonly [first: number, longest: number]
  /** Keys to put in at the start, for loops that no object triggers. */
  readonly start?: readonly string[]
  /** Event source and user agent; the controller's name with `-controller` unless it differs. */
  readonly component?: string
  /** Level-triggered: reads, compares, acts; may be called any number of times for a key. Throwing backs off. */
  readonly reconcile: (key: ObjectKey, context: ReconcileContext) => Result
}

export function defineController(definition: ControllerDefinition): ControllerDefinition {
  return definition
}

export interface ControllerSnapshot {
  readonly queue: WorkqueueSnapshot
  readonly reconciles: number
  readonly memory?: readonly (readonly [ObjectKey, unknown])[]
}

/** A running controller: its queue, its client, and the rule that a key is not reconciled before its own writes are seen. */
export class Controller {
  readonly name: string
  readonly client: Client
  /** Reconciles so far. */
  reconciles = 0
  private readonly definition: ControllerDefinition
  private readonly context: ReconcileContext
  private readonly queue: Workqueue
  private readonly memory = new Map<ObjectKey, any>()
  private readonly seen: (resource: string) => number

  constructor(
    definition: ControllerDefinition,
    parts: { clock: Clock; api: ApiServer; informers: Informers; latencies: Latencies },
  ) {
    const { clock, api, informers, latencies } = parts
    this.definition = definition
    this.name = definition.name
    this.client = new Client({
      api,
      informers,
      component: definition.component ?? `${definition.name}-controller`,
      fieldManager: informers.process,
    })
    this.context = {
      client: this.client,
      clock,
      api,
      latencies,
      random: (bound) => api.random.below(bound),
      memory: this.memory,
    }
    const actor = `controller/${definition.name}`
    this.queue = new Workqueue(clock, actor, latencies.reconcile, definition.backoffMs)
    this.seen = (resource) => informers.cache(resource).revision
    clock.register(actor, (payload: { next?: true; later?: string }) => {
      if (payload.later !== undefined) this.queue.arrived(payload.later)
      else this.work()
    })
    this.subscribe(informers)
  }

  get depth(): number {
    return this.queue.depth
  }

  /** Called once in a cluster's life; a restored one continues instead. */
  start(): void {
    for (const object of this.client.list(this.definition.for)) this.queue.add(keyOf(object))
    for (const key of this.definition.start ?? []) this.queue.add(key)
  }

  /** Loses everything it had in mind and starts over, as after a crash. */
  restart(): void {
    this.queue.restore(emptyWorkqueue)
    this.memory.clear()
    this.start()
  }

  /** Its process ends: keys are neither taken in nor worked on until a restart. */
  stop(): void {
    this.queue.restore({ ...emptyWorkqueue, stopped: true })
    this.memory.clear()
  }

  snapshot(): ControllerSnapshot {
    const { queue, reconciles, memory } = this
    return {
      queue: queue.snapshot(),
      reconciles,
      ...(memory.size > 0 && { memory: [...memory].sort((a, b) => (a[0] < b[0] ? -1 : 1)) }),
    }
  }

  restore(snapshot: ControllerSnapshot): void {
    this.queue.restore(snapshot.queue)
    this.reconciles = snapshot.reconciles
    this.memory.clear()
    for (const [key, value] of snapshot.memory ?? []) this.memory.set(key, value)
  }

  private subscribe(informers: Informers): void {
    const { definition, queue } = this
    informers.cache(definition.for).onChange((change) => {
      if (definition.concerns?.(change) ?? true) this.add(change.key, change, definition.for)
    })
    for (const resource of definition.owns ?? []) {
      informers.cache(resource).onChange((change) => {
        for (const key of ownerKeys(change, definition.ownerKind)) this.add(key, change, resource)
      })
    }
    for (const [resource, map] of Object.entries(definition.watches ?? {})) {
      informers.cache(resource).onChange((change) => {
        for (const key of map(change.object, this.context, change)) this.add(key, change, resource)
      })
    }
    informers.onDelivery(() => queue.unpark(this.seen))
  }

  private add(key: ObjectKey, change: Change, resource: string): void {
    const waitsMs = this.definition.waitsMs?.(resource, change, this.context) ?? 0
    if (waitsMs > 0) this.queue.addAfter(key, waitsMs, false, change.revision)
    else this.queue.add(key, change.revision)
  }

  private work(): void {
    const item = this.queue.next(this.seen)
    if (!item) return
    const { client, context } = this
    context.clock.cause = item.cause
    client.writes.clear()
    this.reconciles++
    try {
      const { requeueAfterMs, background, tookMs } = this.definition.reconcile(item.key, context)
      this.queue.forget(item.key)
      if (tookMs !== undefined && tookMs >= 1) this.queue.keepBusy(item.key, tookMs)
      if (requeueAfterMs !== undefined) this.queue.addAfter(item.key, requeueAfterMs, background)
    } catch (error) {
      // A refused write is an ordinary outcome; anything else is a defect and must be seen.
      if (!(error instanceof StatusError)) throw error
      this.queue.addRateLimited(item.key)
    }
    this.queue.wrote(item.key, client.writes)
  }
}

function ownerKeys({ object, old }: Change, ownerKind: string | undefined): readonly ObjectKey[] {
  const keys = controllersOf(object, ownerKind)
  // Whoever owned it before must hear of it, too; most of the time that is the same one.
  if (!old || old.metadata.ownerReferences === object.metadata.ownerReferences) return keys
  return [...new Set([...keys, ...controllersOf(old, ownerKind)])]
}

const none: readonly ObjectKey[] = []

function controllersOf({ metadata }: KubeObject, ownerKind: string | undefined): readonly ObjectKey[] {
  const owner = metadata.ownerReferences?.find((one) => one.controller)
  if (!owner || (ownerKind && owner.kind !== ownerKind)) return none
  return [metadata.namespace ? `${metadata.namespace}/${owner.name}` : owner.name]
}
