import { dig, pick, sortedByJson } from './paths.ts'
import type { Session } from './session.ts'
import { substitute, summary } from './steps.ts'

interface LogEntry {
  readonly type: string
  readonly object: any
  readonly value: Record<string, unknown>
}

/** The change log of `watch` … `watchlog`. */
export class WatchLog {
  readonly #fields: Record<string, readonly string[]>
  readonly #last = new Map<string, string>()
  readonly #from: number

  constructor(session: Session, fields: Record<string, readonly string[]>) {
    this.#fields = fields
    session.drain()
    this.#from = session.history.length
    for (const resource of Object.keys(fields))
      for (const object of session.send('GET', session.listPath(resource)).body?.items ?? []) this.#last.set(`${resource}|${object.metadata.uid}`, JSON.stringify(pick(object, fields[resource]!)))
  }

  end(session: Session, options: { by?: string }): unknown {
    session.advance(300)
    session.learnAll()
    const byResource = new Map(Object.keys(this.#fields).map((resource) => [qualified(resource), resource]))
    const entries: LogEntry[] = []
    for (const { change } of session.history.slice(this.#from)) {
      const resource = byResource.get(change.resource)
      const { namespace } = change.object.metadata
      if (!resource || (namespace !== undefined && namespace !== 'demo')) continue
      const value = pick(change.object, this.#fields[resource]!)
      const text = JSON.stringify(value)
      const key = `${resource}|${change.object.metadata.uid}`
      if (change.type !== 'MODIFIED' || this.#last.get(key) !== text) entries.push({ type: change.type, object: change.object, value })
      this.#last.set(key, text)
    }
    const { normaliser } = session
    if (options.by !== 'object') return entries.map(({ type, object, value }) => [type, object.kind ?? '', normaliser.text(object.metadata.name), normaliser.value(value)])
    const logs = new Map<string, { object: string; log: unknown[] }>()
    for (const { type, object, value } of entries) {
      const { uid, name } = object.metadata
      if (!logs.has(uid)) logs.set(uid, { object: `${object.kind}/${normaliser.text(name)}`, log: [] })
      logs.get(uid)!.log.push([type, normaliser.value(value)])
    }
    return sortedByJson([...logs.values()])
  }
}

/** `apps/v1/deployments` → `deployments.apps`. */
function qualified(resource: string): string {
  const parts = resource.split('/')
  return parts.length === 3 ? `${parts[2]}.${parts[0]}` : parts[1]!
}

/** Core events since the case began, by first arrival. */
export function events(session: Session, step: any, hasOwnNodes: boolean): unknown {
  session.advance(300)
  const filter = step.events === true ? {} : step.events
  const seen = new Map<string, any>()
  for (const { change } of session.history.slice(session.started)) {
    if (change.resource !== 'events' || change.type === 'DELETED') continue
    const { namespace, uid } = change.object.metadata
    if (namespace === 'demo' || (hasOwnNodes && namespace === 'default')) seen.set(uid, change.object)
  }
  const list = (value: unknown) => ([] as unknown[]).concat(value)
  const source = (event: any) => event.source?.component || event.reportingComponent
  const rows = [...seen.values()]
    .filter(
      (event) =>
        (!filter.kind || list(filter.kind).includes(event.involvedObject.kind)) &&
        (!filter.name || event.involvedObject.name === filter.name) &&
        (!filter.reason || list(filter.reason).includes(event.reason)) &&
        (!filter.source || source(event) === filter.source),
    )
    .map((event) =>
      session.normaliser.value({
        type: event.type,
        reason: event.reason,
        regarding: `${event.involvedObject.kind}/${event.involvedObject.name}`,
        source: source(event),
        ...(filter.count && { count: event.count ?? event.series?.count ?? 1 }),
        message: event.message,
      }),
    )
  const unique = filter.unique ? [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()] : rows
  return filter.sorted ? sortedByJson(unique) : unique
}

/** The kubelet reports an outcome now. */
export function setPods(session: Session, { selector, name, outcome, count, terminating }: any): unknown {
  const query = selector ? `?labelSelector=${encodeURIComponent(selector)}` : ''
  const { items = [] } = session.send('GET', `/api/v1/namespaces/demo/pods${query}`).body ?? {}
  const chosen = items
    .filter((pod: any) => !name || pod.metadata.name === name)
    .filter((pod: any) => pod.spec.nodeName && !['Succeeded', 'Failed'].includes(pod.status.phase) && (terminating || !pod.metadata.deletionTimestamp))
    .sort((a: any, b: any) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .slice(0, count ?? items.length)
  for (const pod of chosen) session.kubelet.report(pod, outcome)
  return { set: chosen.length }
}

/** Evicts every matching pod. */
export function evict(session: Session, selector: string): unknown {
  const { items = [] } = session.send('GET', `/api/v1/namespaces/demo/pods?labelSelector=${encodeURIComponent(selector)}`).body ?? {}
  return items
    .filter((pod: any) => !pod.metadata.deletionTimestamp)
    .map(({ metadata: { name } }: any) => {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'demo' } }
      return summary(session, session.send('POST', `/api/v1/namespaces/demo/pods/${name}/eviction`, { body }), false)
    })
}

/** Polls until something holds. */
export function waitFor(session: Session, query: any): unknown {
  const end = session.cluster.now() + (query.timeout ?? 30) * 1000
  for (;;) {
    const { code, body } = session.send('GET', substitute(session, query.path))
    const holds = query.gone
      ? code === 404
      : code === 200 &&
        (query.count !== undefined
          ? (body.items ?? []).length === query.count
          : query.contains !== undefined
            ? String(dig(body, query.field) ?? '').includes(query.contains)
            : JSON.stringify(dig(body, query.field) ?? null) === JSON.stringify(query.equals ?? null))
    if (holds) return { held: true }
    if (session.cluster.now() >= end) return { held: false }
    session.advance(100)
  }
}

/** Kubelet passes one by one, with what is there after each. */
export function passes(session: Session, { max = 10, settle = 1, show }: any): unknown {
  session.kubelet.setMode('off')
  session.advance(200)
  const rows: unknown[] = []
  for (let index = 0; index < max; index++) {
    if (index > 0 && session.kubelet.pass('auto') === 0) break
    session.settle(settle)
    session.learnAll()
    const row: Record<string, unknown> = {}
    for (const [resource, fields] of Object.entries<string[]>(show)) {
      const { items = [] } = session.send('GET', session.listPath(resource)).body ?? {}
      for (const item of items) session.learn(item)
      row[resource] = sortedByJson(items.map((item: any) => session.normaliser.value(pick(item, fields))))
    }
    rows.push(row)
  }
  return rows
}
