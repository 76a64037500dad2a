import { apiVersionOf, storageOf } from '../../kinds/kind.ts'
import { expired } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { ResourcePath } from './http-path.ts'
import { matcherOf } from './list.ts'
import type { ApiServer } from './server.ts'

/** What a client outside reads of a watch. It is a view: the cluster does not know of it, and it closes on restore. */
export interface ResponseStream {
  /** What was sent since the last read, a JSON object a line. */
  read(): string
  readonly closed: boolean
  close(): void
}

/** Opens a watch for a client outside. Unset or "0" begins with what is there. */
export function openStream(api: ApiServer, at: ResourcePath, query: ReadonlyMap<string, string>): ResponseStream {
  const resource = storageOf(at.kind)
  const shown = (object: KubeObject) => at.kind.view?.fromStored(object) ?? object
  const matches = matcherOf(at.kind, query)
  const asked = query.get('resourceVersion')
  const initial = query.get('sendInitialEvents') === 'true' || !asked || asked === '0'
  const timeoutSeconds = Number(query.get('timeoutSeconds') ?? 0)
  const end = timeoutSeconds > 0 ? api.clock.now() + timeoutSeconds * 1000 : Infinity
  let revision = initial ? api.etcd.revision : Number(asked)
  let first = true
  let closed = false
  if (!initial && api.etcd.since(resource, revision) === undefined)
    throw expired(`too old resource version: ${asked} (${api.etcd.revision})`)
  const inScope = (object: KubeObject) =>
    (at.namespace === undefined || object.metadata.namespace === at.namespace) && matches(shown(object))
  const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`

  const begin = (): string => {
    let out = ''
    for (const object of api.list(resource, at.namespace))
      if (matches(shown(object))) out += line('ADDED', shown(object))
    if (query.get('sendInitialEvents') !== 'true') return out
    const annotations = { 'k8s.io/initial-events-end': 'true' }
    const metadata = { resourceVersion: String(revision), creationTimestamp: null, annotations }
    return out + line('BOOKMARK', { kind: at.kind.kind, apiVersion: apiVersionOf(at.kind), metadata })
  }

  return {
    get closed() {
      return closed || api.clock.now() >= end
    },
    close() {
      closed = true
    },
    read() {
      let out = first && initial ? begin() : ''
      if (first && initial) revision = api.etcd.revision
      first = false
      const events = api.etcd.since(resource, revision)
      if (!events) {
        closed = true
        return out + line('ERROR', expired(`too old resource version: ${revision} (${api.etcd.revision})`).status)
      }
      for (const { type, object, previous } of events) {
        const was = type !== 'ADDED' && previous !== undefined && inScope(previous)
        const is = type !== 'DELETED' && inScope(object)
        if (is) out += line(was ? 'MODIFIED' : 'ADDED', shown(object))
        // One that stops matching is gone for this watcher, in its old state under the new version.
        else if (was)
          out += line('DELETED', {
            ...shown(previous),
            metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion },
          })
      }
      revision = api.etcd.revision
      return out
    },
  }
}
