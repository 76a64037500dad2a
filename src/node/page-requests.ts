import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { extname, join, normalize, sep } from 'node:path'
import { WebSocketServer } from 'ws'
import type { Host } from '../bridge/host.ts'
import type { PageMessage } from '../bridge/protocol.ts'
import { refusal, sameSecret } from './gate.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}
/** A page's largest message: a text to apply and what stands around it. */
const longestMessage = 16 * 1024 * 1024
const mostPages = 32
/** The first word of the protocol under which a page speaks; its token is the second. */
const protocol = 'kubecosm'

/** Serves the built page, and lets it look at the cluster of this process through a WebSocket. */
export class PageRequests {
  private readonly root: string
  private readonly hosts: readonly string[]
  private readonly token: string
  private readonly host: Host
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    handleProtocols: () => protocol,
  })

  constructor(parts: { root: string; hosts: readonly string[]; token: string; host: Host }) {
    this.root = normalize(parts.root)
    this.hosts = parts.hosts
    this.token = parts.token
    this.host = parts.host
  }

  listenTo(server: Server): void {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.serve(request, response))
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    )
  }

  close(): void {
    for (const socket of this.sockets.clients) socket.close(1001, 'The server is going down.')
    this.sockets.close()
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const refused = refusal(request.headers, this.hosts)
    if (refused) return answer(response, 403, refused)
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'Only GET is answered.')
    const file = this.fileOf(request.url ?? '/')
    if (!file) return answer(response, 404, 'There is no such page.')
    response.writeHead(200, {
      'content-type': types[extname(file.path)] ?? 'application/octet-stream',
      'content-length': file.size,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': file.path.includes(`${sep}assets${sep}`) ? 'max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') response.end()
    else
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response)
  }

  /** A file below the root; nothing above it, whatever the path says. */
  private fileOf(url: string): { path: string; size: number } | undefined {
    let path: string
    try {
      path = decodeURIComponent(url.replace(/[?#].*$/s, ''))
    } catch {
      return undefined
    }
    if (path.includes('\0')) return undefined
    const full = normalize(join(this.root, path.endsWith('/') ? `${path}index.html` : path))
    if (!full.startsWith(this.root + sep)) return undefined
    const found = statSync(full, { throwIfNoEntry: false })
    return found?.isFile() ? { path: full, size: found.size } : undefined
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [first, token = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
    const isOurs = first === protocol && request.url === '/bridge' && sameSecret(token, this.token)
    // A page of another site can open a WebSocket to here, and says where it comes from.
    if (
      !isOurs ||
      !request.headers.origin ||
      refusal(request.headers, this.hosts) ||
      this.sockets.clients.size >= mostPages
    ) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      return
    }
    this.sockets.handleUpgrade(request, socket, head, (page) => {
      const view = this.host.connect((message) => page.send(JSON.stringify(message)))
      page.on('message', (data) => {
        const message = readMessage(String(data))
        if (message) this.host.receive(message, view)
        else page.close(1007, 'That was no message of a page.')
      })
      page.on('close', () => this.host.disconnect(view))
      page.on('error', () => page.terminate())
    })
  }
}

function readMessage(text: string): PageMessage | undefined {
  try {
    const message = JSON.parse(text)
    if (message?.frameAck === true) return { frameAck: true }
    return typeof message?.id === 'number' && typeof message.request?.type === 'string' ? message : undefined
  } catch {
    return undefined
  }
}

function answer(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
