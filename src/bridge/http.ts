import type { handleRequest } from '../sim/apiserver/http.ts'
import type { Cluster } from '../sim/cluster.ts'
import type { Action, Answers } from './protocol.ts'

/** The API server's handler of HTTP requests. The page fetches it when somebody first speaks HTTP. */
export type Handle = typeof handleRequest

export function loadHandle(): Promise<Handle> {
  return import('../sim/apiserver/http.ts').then((http) => http.handleRequest)
}

export type HttpCall = Omit<Extract<Action, { type: 'request' }>, 'type' | 'method'> & { readonly method: string }

/** Whoever sits at the page. */
const identity = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

/** Answers one request of the page's. A watch or a followed log is answered with what is there now. */
export function answerHttp(
  cluster: Cluster,
  handle: Handle,
  { method, path, contentType, accept, body }: HttpCall & { readonly accept?: string },
): Answers['http'] {
  const headers = { ...(contentType && { 'content-type': contentType }), accept: accept ?? 'application/json' }
  const { stream, ...answer } = handle(cluster.api, {
    method,
    path,
    headers,
    identity,
    ...(body !== undefined && { body }),
  })
  stream?.close()
  return answer
}

/** The action that a request is, when it is one that writes. */
export function writeOf({ method, path, contentType, body }: HttpCall): Action | undefined {
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH' && method !== 'DELETE') return undefined
  if (/[?&]dryRun=/.test(path)) return undefined
  return { type: 'request', method, path, ...(contentType && { contentType }), ...(body !== undefined && { body }) }
}
