import { Cluster, createCluster } from '../../cluster.ts'
import { handleRequest } from '../http.ts'

export interface Answer {
  readonly code: number
  readonly body: any
  /** Texts of Warning headers, without their code. */
  readonly warnings: readonly string[]
}

/** A cluster and somebody who may do anything in it, over HTTP. */
export class TestClient {
  cluster: Cluster

  constructor() {
    this.cluster = createCluster({ seed: 1 })
    this.cluster.runFor(3000)
  }

  send(method: string, path: string, body?: unknown, contentType = 'application/json', user = 'admin'): Answer {
    const groups = user === 'admin' ? ['system:masters', 'system:authenticated'] : ['system:authenticated']
    const response = handleRequest(this.cluster.api, {
      method,
      path,
      headers: { 'content-type': contentType, 'user-agent': 'tester/1' },
      identity: { name: user, groups },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = String(response.body)
    const warnings = [response.headers.warning ?? []].flat() as string[]
    return {
      code: response.status,
      body: /^[{[]/.test(text) ? JSON.parse(text) : text,
      warnings: warnings.map((one) => JSON.parse(one.slice('299 - '.length))),
    }
  }

  post(path: string, body: unknown): Answer {
    return this.send('POST', path, body)
  }

  merge(path: string, patch: unknown): Answer {
    return this.send('PATCH', path, patch, 'application/merge-patch+json')
  }
}
