import { storageOf } from '../../../kinds/kind.ts'
import { badRequest, expired, StatusError, timeout } from '../../../machinery/errors.ts'
import type { KubeObject, ObjectKey } from '../../../machinery/objects.ts'
import type { ResourcePath } from '../http-path.ts'
import type { ApiServer } from '../server.ts'
import { decodeContinue, encodeContinue } from './continue-token.ts'
import type { ListOptions } from './list-options.ts'
import { integerProblem } from './options.ts'
import type { ListMetadata } from './representations.ts'

/** The objects of one page, in key order, and what the list says of itself. */
export interface Page {
  readonly objects: readonly KubeObject[]
  readonly metadata: ListMetadata
}

const tooOldToList = 'The resourceVersion for the provided list is too old.'
const tooOldToContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.'

/** `strconv.ParseUint: parsing "abc": invalid syntax`, or undefined for a version that can be read. */
export function versionProblem(version: string): string | undefined {
  if (version === '') return undefined
  const problem = integerProblem(version, /^\d+$/)
  const text = JSON.stringify(version)
  return problem && `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: ${problem}`
}

/** 504: nothing is as new as that yet. */
export function tooLargeVersion(asked: number, current: number): StatusError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  return timeout(`Too large resource version: ${asked}, current: ${current}`, 1, causes)
}

/** Lists what a query's selectors choose, a page at a time. Upstream: storage/etcd3, GetList. */
export function listPage(api: ApiServer, at: Pick<ResourcePath, 'kind' | 'namespace'>, options: ListOptions): Page {
  const { kind, namespace } = at
  const resource = storageOf(kind)
  const { limit, matches } = options
  const from = startOf(api, resource, options)
  const { keys, objectOf } = snapshotAt(api, resource, from.revision)
  const prefix = namespace === undefined ? '' : `${namespace}/`
  const objects: KubeObject[] = []
  let last: ObjectKey | undefined
  let more = false
  let passed = 0
  for (const key of keys) {
    if (prefix && !key.startsWith(prefix)) continue
    if (from.start && key.slice(prefix.length) < from.start) continue
    passed++
    if (more) continue
    if (limit > 0 && objects.length >= limit) {
      more = true
      if (matches) break
      continue
    }
    const stored = objectOf(key)
    const object = kind.view ? kind.view.fromStored(stored) : stored
    last = key
    if (!matches || matches(object)) objects.push(object)
  }
  const metadata = {
    resourceVersion: String(from.revision),
    ...(more && { continue: encodeContinue({ revision: from.pinned, start: `${last!.slice(prefix.length)}\u0000` }) }),
    ...(more && !matches && { remainingItemCount: passed - limit }),
  }
  return { objects, metadata }
}

interface Start {
  readonly revision: number
  /** What the next page's token says. */
  readonly pinned: number
  readonly start: string
}

function startOf(api: ApiServer, resource: string, options: ListOptions): Start {
  const { resourceVersion, resourceVersionMatch, limit, continue: token } = options
  const { etcd } = api
  if (token) {
    if (resourceVersion && resourceVersion !== '0')
      throw badRequest('specifying resource version is not allowed when using continue')
    const { revision, start } = decodeContinue(token)
    if (revision < 0) return { revision: etcd.revision, pinned: etcd.revision, start }
    if (revision > etcd.revision) throw tooLargeVersion(revision, etcd.revision)
    if (etcd.since(resource, revision) === undefined) throw continueExpired(start)
    return { revision, pinned: revision, start }
  }
  const problem = versionProblem(resourceVersion)
  if (problem) throw badRequest(`invalid resource version: ${problem}`)
  const asked = Number(resourceVersion || '0')
  if (asked > etcd.revision) throw tooLargeVersion(asked, etcd.revision)
  const isExact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && limit > 0 && asked > 0)
  if (!isExact) return { revision: etcd.revision, pinned: etcd.revision, start: '' }
  if (etcd.since(resource, asked) === undefined) throw expired(tooOldToList)
  return { revision: asked, pinned: asked, start: '' }
}

function continueExpired(start: string): StatusError {
  const error = expired(tooOldToContinue)
  const status = { ...error.status, metadata: { continue: encodeContinue({ revision: -1, start }) } }
  return Object.assign(error, { status })
}

function snapshotAt(api: ApiServer, resource: string, revision: number) {
  const { etcd } = api
  if (revision === etcd.revision || etcd.since(resource, revision)!.length === 0) {
    const entries = etcd.entries(resource)
    return { keys: etcd.keys(resource), objectOf: (key: ObjectKey) => entries.get(key)!.object }
  }
  const entries = new Map(etcd.entriesAt(resource, revision))
  return { keys: [...entries.keys()].sort(), objectOf: (key: ObjectKey) => entries.get(key)!.object }
}
