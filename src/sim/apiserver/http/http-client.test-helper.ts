import type { Cluster } from '../../cluster.ts'
import { testCluster } from '../../testing/scenario.ts'
import { administrator } from '../authentication.ts'
import type { HttpExtras } from './messages.ts'
import type { ResponseStream } from './watch-stream.ts'
import { handleRequest } from '../http.ts'

export const maps = '/api/v1/namespaces/default/configmaps'
export const jsonPatch = { 'content-type': 'application/json-patch+json' }
export const mergePatch = { 'content-type': 'application/merge-patch+json' }
export const strategicPatch = { 'content-type': 'application/strategic-merge-patch+json' }
export const applyPatch = { 'content-type': 'application/apply-patch+yaml' }
export const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }

/** What came back: the body parsed where it is JSON. */
export interface Answer {
  readonly code: number
  readonly body: any
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly stream: ResponseStream | undefined
}

export class Client {
  readonly cluster: Cluster
  readonly #extras: HttpExtras
  constructor(cluster: Cluster = testCluster(0), extras: HttpExtras = {}) {
    this.cluster = cluster
    this.#extras = extras
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Answer {
    const sent =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const request = { identity: administrator, method, path, headers, ...(sent !== undefined && { body: sent }) }
    const response = handleRequest(this.cluster.api, request, this.#extras)
    let parsed: any = response.body
    const isJson = String(response.headers['content-type']).startsWith('application/json')
    if (isJson && !response.stream && response.body) parsed = JSON.parse(response.body)
    return { code: response.status, body: parsed, headers: response.headers, stream: response.stream }
  }

  get(path: string, headers: Record<string, string> = {}): Answer {
    return this.send('GET', path, undefined, headers)
  }

  /** Creates ConfigMaps of these names in `default`. */
  withMaps(...names: string[]): this {
    for (const name of names) this.send('POST', maps, configMap(name))
    return this
  }
}

export const configMap = (name: string, data: object = { a: '1' }) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: name } },
  data,
})

/** `ADDED a`, one a line of a watch. */
export function eventsOf(stream: ResponseStream): string[] {
  return linesOf(stream).map(({ type, object }) => `${type} ${object.metadata?.name ?? object.code ?? ''}`.trim())
}

export function linesOf(stream: ResponseStream): any[] {
  const text = stream.read()
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
}
