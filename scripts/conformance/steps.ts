import { parseAllDocuments } from 'yaml'
import { pick as pickPaths, dig, sortedByJson, unordered } from './paths.ts'
import type { Answer, Session } from './session.ts'

/** What one step gave: answers per result key, and whether the order of its lists counts. */
export interface StepOutcome {
  results?: unknown[]
  result?: unknown
  skipped?: string
  /** The result's lists are sorted by JSON text: sort again after nodes are renamed. */
  isSorted?: boolean
}

const pause = 5

/** POST or server-side apply of each document. */
export function writeDocuments(session: Session, step: any): unknown[] {
  const isCreate = step.create !== undefined
  const results: unknown[] = []
  for (const document of parseAllDocuments(substitute(session, isCreate ? step.create : step.apply))) {
    const object = document.toJSON()
    if (!object) continue
    const query = new URLSearchParams(step.query ?? {})
    if (!session.pathOf(object, false)) {
      session.advance(2000)
      session.discover()
    }
    const base = session.pathOf(object, false)
    if (!base) {
      results.push({ error: `no resource for ${object.apiVersion} ${object.kind}` })
      continue
    }
    let answer: Answer
    if (isCreate) answer = session.send('POST', base + (query.size ? `?${query}` : ''), { body: object })
    else {
      query.set('fieldManager', step.fieldManager ?? 'tester')
      if (step.force) query.set('force', 'true')
      answer = session.send('PATCH', `${session.pathOf(object, true)}?${query}`, { body: object, contentType: 'application/apply-patch+yaml' })
    }
    session.advance(pause)
    const result: any = summary(session, answer, step.full !== false && step.full !== undefined)
    capture(session, step, answer)
    if (step.full === 'managed' && answer.body?.metadata) result.managedFields = managedFields(session, answer)
    results.push(result)
    if (isCreate && object.kind === 'Namespace') session.advance(200)
  }
  return step.unordered ? unordered(results) : results
}

/** A plain request. */
export function request(session: Session, step: any): unknown {
  const { method = 'GET', path, body, contentType, accept, token, full, pick } = step.request
  const isWatch = /[?&]watch=(1|true)/.test(path)
  const answer = session.send(method, substitute(session, path), { body: body === undefined ? undefined : substitute(session, body), contentType, accept, token })
  session.advance(pause)
  let value = answer.body
  if (isWatch && typeof value === 'string') value = value.split('\n').filter(Boolean).map(parseLine)
  else if (isWatch && value?.type && value.object) value = [value]
  if (Array.isArray(value)) for (const event of value) session.learn(event?.object)
  else if (value?.items) for (const item of value.items) session.learn(item)
  const whole = { ...answer, body: value }
  const wantsFull = session.area === 'api' ? (full === undefined ? true : full) : full !== false
  const result: any = summary(session, whole, wantsFull, pick)
  if (full === 'managed' && value?.metadata) result.managedFields = managedFields(session, whole)
  capture(session, step, whole)
  return step.unordered ? unordered(result) : result
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}

/** What the recorder kept of an answer. */
export function summary(session: Session, answer: Answer, full: unknown, pick?: readonly string[]): unknown {
  const { code, body, warnings } = answer
  const { normaliser } = session
  const warned = warnings === undefined ? {} : { warnings: normaliser.text(warnings) }
  if (body?.kind === 'Status' && body.status === 'Failure') {
    return {
      code,
      ...(body.reason !== undefined && { reason: body.reason }),
      message: normaliser.text(body.message ?? ''),
      ...(body.details?.causes && { causes: normaliser.value(body.details.causes) }),
      ...(session.area === 'api' && body.details?.retryAfterSeconds && { retryAfterSeconds: body.details.retryAfterSeconds }),
      ...(full === 'raw' && { status: normaliser.value(body) }),
      ...warned,
    }
  }
  if (body?.metadata && body.kind !== 'Status') session.learn(body)
  return { code, ...(pick ? { picked: normaliser.value(pickPaths(body, pick)) } : full ? { object: normaliser.value(body) } : {}), ...warned }
}

function managedFields(session: Session, answer: Answer): unknown {
  return session.normaliser.value((answer.body.metadata.managedFields ?? []).map(({ time: _time, ...entry }: any) => entry))
}

function capture(session: Session, step: any, answer: Answer): void {
  for (const [name, path] of Object.entries(step.capture ?? {})) session.captured[name] = String(dig(answer.body, path as string))
}

/** Captured values, times relative to the present, uids of objects that exist. */
export function substitute<T>(session: Session, input: T): T {
  if (typeof input !== 'string') return JSON.parse(substitute(session, JSON.stringify(input))) as T
  const now = session.cluster.now()
  const text = input
    .replace(/\{\{now([+-])(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?\}\}/g, (_all, sign, days = 0, hours = 0, minutes = 0, seconds = 0) => {
      const offset = 1000 * (Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
      return new Date(now + (sign === '-' ? -offset : offset)).toISOString().replace(/\.\d+Z/, 'Z')
    })
    .replace(/\{\{(\w+)\}\}/g, (all, name) => session.captured[name] ?? all)
    .replace(/\$\{uid:([^}]+)\}/g, (_all, path) => session.send('GET', path).body?.metadata?.uid ?? 'missing')
  return text as T & string
}

/** Lists of the namespace. */
export function snapshot(session: Session, step: any): unknown {
  const result: Record<string, unknown> = {}
  for (const resource of step.snapshot as string[]) {
    const plural = resource.slice(resource.lastIndexOf('/') + 1).split('?')[0]!
    const { items = [] } = session.send('GET', session.listPath(resource)).body ?? {}
    const own = items.filter(({ metadata }: any) => !(plural === 'serviceaccounts' && metadata.name === 'default') && !(plural === 'configmaps' && ['kube-root-ca.crt', 'openshift-service-ca.crt'].includes(metadata.name)))
    own.sort(byCreation)
    if (plural === 'replicasets') own.sort((a: any, b: any) => revision(a) - revision(b))
    for (const item of own) session.learn(item)
    const paths: string[] | undefined = Array.isArray(step.pick) ? step.pick : step.pick?.[resource]
    result[resource] = sortedByJson(own.map((item: any) => (paths ? picked(session, item, paths) : session.normaliser.value(item))))
  }
  return step.unordered ? unordered(result) : result
}

function picked(session: Session, item: any, paths: readonly string[]): unknown {
  if (session.area === 'controllers') return session.normaliser.value(pickPaths(item, paths))
  const value = session.normaliser.value(item)
  return JSON.parse(JSON.stringify(Object.fromEntries(paths.map((path) => [path, path.split('.').reduce((inner: any, key) => inner?.[key], value)]))))
}

function byCreation(a: any, b: any): number {
  const key = ({ metadata }: any) => metadata.creationTimestamp + String(metadata.resourceVersion).padStart(20, '0')
  return key(a) < key(b) ? -1 : 1
}

const revision = (object: any) => Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
