import { apiVersionOf, storageOf } from '../../../kinds/kind.ts'
import { expired, plainError } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { tableOf } from '../../../machinery/table.ts'
import type { Etcd, StoreEvent } from '../../etcd/etcd.ts'
import type { ResourcePath } from '../http-path.ts'
import type { ApiServer } from '../server.ts'
import { emptyObject } from './empty-object.ts'
import { tooLargeVersion, versionProblem } from './list.ts'
import type { ListOptions } from './list-options.ts'
import { objectText } from './json-text.ts'
import { columnsOf, partialMetadata, type Presentation } from './representations.ts'

/** What a client outside reads of a watch. It is a view: the cluster does not know of it, and it closes on restore. */
export interface ResponseStream {
  /** What was sent since the last read, a JSON object a line. */
  read(): string
  readonly closed: boolean
  close(): void
}

const bookmarkPeriodMs = 60_000
const beforeTheEndMs = 2_000

/** Opens a watch for a client outside. Upstream: endpoints/handlers/watch.go and storage/cacher. */
export function openStream(
  api: ApiServer,
  at: ResourcePath,
  options: ListOptions,
  presentation: Presentation,
): ResponseStream {
  const { resourceVersion } = options
  const problem = versionProblem(resourceVersion)
  if (problem) throw plainError(problem)
  const asked = Number(resourceVersion || '0')
  // Without a version, or from 0, a watch begins with what there is.
  const initial = options.sendInitialEvents ?? asked === 0
  if (initial && asked > api.etcd.revision) throw tooLargeVersion(asked, api.etcd.revision)
  return new WatchStream(api, at, options, presentation, initial ? 'initial' : asked || api.etcd.revision)
}

interface Written {
  readonly resource: string
  readonly namespace: string | undefined
  readonly from: number
  readonly to: number
  readonly text: string
}
const written = new WeakMap<Etcd, Written>()

class WatchStream implements ResponseStream {
  readonly #api: ApiServer
  readonly #at: ResourcePath
  readonly #options: ListOptions
  readonly #presentation: Presentation
  readonly #resource: string
  readonly #end: number
  /** Everything of the resource or of one namespace of it, as it is. */
  readonly #plain: boolean
  #revision: number
  #initial: boolean
  #closed = false
  #nextBookmark: number
  #hasColumns = false

  constructor(
    api: ApiServer,
    at: ResourcePath,
    options: ListOptions,
    presentation: Presentation,
    from: number | 'initial',
  ) {
    this.#api = api
    this.#at = at
    this.#options = options
    this.#presentation = presentation
    this.#resource = storageOf(at.kind)
    this.#plain = !at.kind.view && !presentation.form.as && !options.matches
    const now = api.clock.now()
    this.#end = options.timeoutSeconds > 0 ? now + options.timeoutSeconds * 1000 : Infinity
    this.#initial = from === 'initial'
    this.#revision = from === 'initial' ? api.etcd.revision : from
    this.#nextBookmark = this.#bookmarkAfter(now)
  }

  get closed(): boolean {
    return this.#closed || this.#api.clock.now() >= this.#end
  }

  close(): void {
    this.#closed = true
  }

  read(): string {
    if (this.#closed) return ''
    const { etcd, clock } = this.#api
    let out = ''
    if (this.#initial) {
      this.#initial = false
      this.#revision = etcd.revision
      out = this.#begin()
    }
    // A version that is still to come: nothing happens until it does.
    if (this.#revision >= etcd.revision) return out + this.#bookmark(clock.now())
    const events = etcd.since(this.#resource, this.#revision)
    if (!events) {
      this.#closed = true
      const { status } = expired(`too old resource version: ${this.#revision} (${etcd.revision})`)
      return `${out}${JSON.stringify({ type: 'ERROR', object: status })}\n`
    }
    const text = this.#plain ? this.#sharedText(events) : this.#textOf(events)
    this.#revision = etcd.revision
    return out + text + this.#bookmark(clock.now())
  }

  #textOf(events: readonly StoreEvent[]): string {
    let text = ''
    for (const event of events) text += this.#event(event)
    return text
  }

  /** Watchers of the same that have heard equally much hear the same next: it is written once for all of them. */
  #sharedText(events: readonly StoreEvent[]): string {
    const { etcd } = this.#api
    const { namespace } = this.#at
    const last = written.get(etcd)
    const isSame =
      last !== undefined &&
      last.from === this.#revision &&
      last.to === etcd.revision &&
      last.resource === this.#resource &&
      last.namespace === namespace
    if (isSame) return last.text
    const text = this.#textOf(events)
    written.set(etcd, { resource: this.#resource, namespace, from: this.#revision, to: etcd.revision, text })
    return text
  }

  #begin(): string {
    // Straight from the store: whoever only looks on leaves no trace in the server's own counts.
    const { etcd } = this.#api
    const entries = etcd.entries(this.#resource)
    let out = ''
    for (const key of etcd.keys(this.#resource)) {
      const { object } = entries.get(key)!
      if (this.#matches(object)) out += this.#line('ADDED', object)
    }
    const { allowWatchBookmarks, sendInitialEvents, resourceVersion } = this.#options
    const marked = sendInitialEvents ?? (resourceVersion === '' || resourceVersion === '0')
    return allowWatchBookmarks && marked ? out + this.#bookmarkLine({ 'k8s.io/initial-events-end': 'true' }) : out
  }

  #bookmark(now: number): string {
    if (!this.#options.allowWatchBookmarks || now < this.#nextBookmark) return ''
    this.#nextBookmark = this.#bookmarkAfter(now)
    return this.#bookmarkLine()
  }

  /** About once a minute, and shortly before the watch ends. */
  #bookmarkAfter(now: number): number {
    const last = this.#end - beforeTheEndMs
    return last > now ? Math.min(now + bookmarkPeriodMs, last) : now + bookmarkPeriodMs
  }

  #bookmarkLine(annotations?: Readonly<Record<string, string>>): string {
    const { kind } = this.#at
    const metadata = { resourceVersion: String(this.#revision), ...(annotations && { annotations }) }
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), ...emptyObject(kind.schema), metadata }
    return `${JSON.stringify({ type: 'BOOKMARK', object: this.#shown(object as unknown as KubeObject) })}\n`
  }

  #event({ type, object, previous }: StoreEvent): string {
    const was = type !== 'ADDED' && previous !== undefined && this.#matches(previous)
    const is = type !== 'DELETED' && this.#matches(object)
    if (is) return this.#line(was ? 'MODIFIED' : 'ADDED', object)
    if (!was) return ''
    if (type === 'DELETED') return this.#line('DELETED', object)
    // One that stops matching is gone for this watcher, in its old state under the new version.
    const { resourceVersion } = object.metadata
    return this.#line('DELETED', {
      ...previous!,
      metadata: { ...previous!.metadata, resourceVersion: resourceVersion! },
    })
  }

  #matches(stored: KubeObject): boolean {
    const { kind, namespace } = this.#at
    if (namespace !== undefined && stored.metadata.namespace !== namespace) return false
    const { matches } = this.#options
    return !matches || matches(kind.view ? kind.view.fromStored(stored) : stored)
  }

  #line(type: string, stored: KubeObject): string {
    const { view } = this.#at.kind
    if (!view && !this.#presentation.form.as) return `{"type":"${type}","object":${objectText(stored)}}\n`
    return `${JSON.stringify({ type, object: this.#shown(view ? view.fromStored(stored) : stored) })}\n`
  }

  #shown(object: KubeObject): unknown {
    const { form, includeObject } = this.#presentation
    if (!form.as) return object
    const { kind, version } = form.as
    if (kind !== 'Table') return partialMetadata(object, version)
    const withoutColumns = this.#hasColumns
    this.#hasColumns = true
    const metadata = { resourceVersion: object.metadata.resourceVersion! }
    const nowMs = this.#api.clock.wall()
    return tableOf(columnsOf(this.#at), [object], { nowMs, includeObject, version, withoutColumns, metadata })
  }
}
