import { appendFileSync, closeSync, ftruncateSync, openSync } from 'node:fs'
import { act } from '../bridge/actions.ts'
import type { Action } from '../bridge/protocol.ts'
import { handleRequest } from '../sim/apiserver/http.ts'
import type { Cluster } from '../sim/cluster.ts'
import { readIfThere } from './files.ts'
import { httpExtras } from './http-extras.ts'

/** Something that came from outside and changed the cluster, in the words in which it can be done again. */
interface Entry {
  /** Virtual time. */
  readonly at: number
  /** Store revision before it. */
  readonly revision: number
  readonly request?: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    /** A character a byte where `bytes` says so. */
    readonly body?: string
    readonly bytes?: true
  }
  readonly action?: Action
}

/** The headers that decide what a request does. */
const telling = /^(accept|authorization|content-type|user-agent|impersonate-.*)$/

/**
 * What happened since the last save. A cluster is the same whenever the same is done to it at the same times, so a save
 * and what came after it are all that a crash must leave behind.
 */
export class Journal {
  private readonly file: number
  private readonly path: string

  constructor(path: string) {
    this.path = path
    this.file = openSync(path, 'a', 0o600)
  }

  request(
    cluster: Cluster,
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Uint8Array,
  ): void {
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => telling.test(name)))
    const bytes = typeof body === 'object'
    this.append(cluster, {
      request: {
        method,
        path,
        headers: kept,
        ...(body !== undefined && { body: bytes ? Buffer.from(body).toString('latin1') : body }),
        ...(bytes && { bytes }),
      },
    })
  }

  action(cluster: Cluster, action: Action): void {
    this.append(cluster, { action })
  }

  /** All of it is in a save. */
  clear(): void {
    ftruncateSync(this.file)
  }

  close(): void {
    closeSync(this.file)
  }

  /** Does again what a cluster that was read from a save has not seen. A last line that a crash cut off never was answered. */
  replay(cluster: Cluster): void {
    const saved = cluster.api.etcd.revision
    for (const line of (readIfThere(this.path) ?? '').split('\n')) {
      const entry = readEntry(line)
      if (!entry || entry.revision < saved || entry.at < cluster.now()) continue
      cluster.clock.runUntil(entry.at)
      if (entry.action) act(cluster, entry.action, handleRequest)
      else if (entry.request) {
        const { bytes, body, ...request } = entry.request
        handleRequest(
          cluster.api,
          {
            ...request,
            ...(body !== undefined && { body: bytes ? new Uint8Array(Buffer.from(body, 'latin1')) : body }),
          },
          httpExtras,
        )
      }
    }
  }

  private append(cluster: Cluster, what: Omit<Entry, 'at' | 'revision'>): void {
    const entry: Entry = { at: cluster.now(), revision: cluster.api.etcd.revision, ...what }
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`)
  }
}

function readEntry(line: string): Entry | undefined {
  try {
    return line === '' ? undefined : JSON.parse(line)
  } catch {
    return undefined
  }
}
