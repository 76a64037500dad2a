import type { IncomingMessage, ServerResponse } from 'node:http'
import { handleRequest } from '../sim/apiserver/http.ts'
import type { Cluster } from '../sim/cluster.ts'
import { httpExtras } from './http-extras.ts'
import { refusal } from './gate.ts'
import type { Journal } from './journal.ts'
import { StreamPump } from './streams.ts'

/** Upstream: limit of a request's body, 3 MiB. */
const longestBody = 3 * 1024 * 1024

/** Answers API requests of clients outside from a cluster that lives on. */
export class ApiRequests {
  readonly pump = new StreamPump()
  private readonly cluster: () => Cluster
  private readonly hosts: readonly string[]
  private readonly failed: (error: unknown) => void
  private readonly journal: Journal | undefined

  constructor(parts: {
    cluster: () => Cluster
    hosts: readonly string[]
    failed: (error: unknown) => void
    journal?: Journal | undefined
  }) {
    this.cluster = parts.cluster
    this.journal = parts.journal
    this.hosts = parts.hosts
    this.failed = parts.failed
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const refused = refusal(request.headers, this.hosts)
    if (refused) {
      // Whoever is refused gets to send nothing more.
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(`${refused}\n`)
      request.destroy()
      return
    }
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= longestBody) chunks.push(chunk)
      else if (!response.headersSent) this.tooLarge(request, response)
    })
    request.on('end', () => {
      if (!response.headersSent) this.answer(request, response, Buffer.concat(chunks))
    })
    request.on('error', () => response.destroy())
  }

  private tooLarge(request: IncomingMessage, response: ServerResponse): void {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `Request entity too large: limit is ${longestBody}`,
      reason: 'RequestEntityTooLarge',
      code: 413,
    }
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify(status), () => request.destroy())
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ')
    const path = request.url ?? '/'
    const { method = 'GET' } = request
    const content = body.length > 0 ? bodyOf(body) : undefined
    // Written down before it is done: what a client was told must outlast a crash.
    if (method !== 'GET' && method !== 'HEAD') this.journal?.request(this.cluster(), method, path, headers, content)
    const answered = handleRequest(
      this.cluster().api,
      { method, path, headers, ...(content !== undefined && { body: content }) },
      { ...httpExtras, failed: this.failed },
    )
    response.writeHead(answered.status, answered.headers as Record<string, string | string[]>)
    if (!answered.stream) {
      response.end(method === 'HEAD' ? undefined : answered.body)
      return
    }
    if (answered.body) response.write(answered.body)
    else response.flushHeaders()
    this.pump.add(response, answered.stream, timeoutOf(path))
  }
}

/** A protobuf body stays bytes; all else is text. */
function bodyOf(body: Buffer): string | Uint8Array {
  return body.subarray(0, 4).toString('latin1') === 'k8s\0' ? new Uint8Array(body) : body.toString('utf8')
}

/** How long a watch lasts, in milliseconds: what it asks for, or as upstream's minimum. */
function timeoutOf(path: string): number {
  const mark = path.indexOf('?')
  const asked = mark < 0 ? NaN : Number(new URLSearchParams(path.slice(mark)).get('timeoutSeconds') ?? NaN)
  return (asked > 0 ? Math.min(asked, 3600) : 1800) * 1000
}
