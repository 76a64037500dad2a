import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminToken, type ResponseStream } from './cluster.ts'
import type { Session } from './session.ts'
import { substitute } from './steps.ts'

/** Runs a real kubectl against a session's cluster, over a loopback socket. */
export interface KubectlRunner {
  run(session: Session, step: any): Promise<unknown>
  close(): void
}

/** The fetched kubectl, or undefined when there is none. */
export function openKubectl(path: string): KubectlRunner | undefined {
  if (!existsSync(path)) return undefined
  const home = mkdtempSync(join(tmpdir(), 'kubecosm-conformance-'))
  return {
    run: (session, step) => runStep(path, home, session, step),
    close: () => rmSync(home, { recursive: true, force: true }),
  }
}

async function runStep(path: string, home: string, session: Session, step: any): Promise<unknown> {
  const bridge = new Bridge(session)
  const port = await bridge.listen()
  const config = join(home, `config-${port}`)
  const cluster = { server: `http://127.0.0.1:${port}` }
  writeFileSync(
    config,
    JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user: {} }], contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], 'current-context': 'c' }),
  )
  const words: string[] = (substitute(session, step.kubectl as string).match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/s, '$2'))
  try {
    const { exit, stdout, stderr } = await new Promise<{ exit: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, HOME: join(home, String(port)), KUBECONFIG: config, KUBE_EDITOR: 'true' }
      const child = execFile(path, ['-n', 'demo', ...words], { timeout: step.timeout ?? 30_000, maxBuffer: 1 << 24, env }, (error, out, err) => {
        resolve({ exit: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout: out, stderr: err })
      })
      if (step.stdin !== undefined) child.stdin!.write(substitute(session, step.stdin))
      child.stdin!.end()
    })
    const { normaliser } = session
    return { exit, stdout: normaliser.console(byTheClusterOf(session, stdout)), ...(stderr && { stderr: normaliser.console(stderr) }) }
  } finally {
    bridge.close()
  }
}

/** kubectl reads its own clock, by which all times of a cluster are over: of a pod's end that is still to come it says `<invalid>`. */
function byTheClusterOf(session: Session, text: string): string {
  return text.replace(/^(Name: +(\S+)\n(?:(?!Name: ).*\n){0,20}?Status: +Terminating \(lasts )[^)]*/gm, (all, before: string, name: string) => {
    const until = Date.parse(session.send('GET', `/api/v1/namespaces/demo/pods/${name}`).body?.metadata?.deletionTimestamp)
    return until > session.cluster.now() ? `${before}<invalid>` : all
  })
}

/** Turns of the timer without a word from kubectl after which it waits for the cluster: with a watch open, and without. */
const quietTurns = { watching: 6, idle: 60 }

/** While kubectl waits, virtual time moves on; while a request is in flight, it does not. */
class Bridge {
  readonly #session: Session
  readonly #server: Server
  readonly #streams = new Map<ServerResponse, { stream: ResponseStream; until: number }>()
  #quiet = 0
  #spoken = false
  readonly #timer: NodeJS.Timeout

  constructor(session: Session) {
    this.#session = session
    this.#server = createServer((request, response) => this.#serve(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      this.#quiet = 0
      this.#spoken = true
      request.headers.authorization ??= `Bearer ${adminToken}`
      this.#session.cluster.upgrades?.upgrade(request, socket, head)
      socket.on('data', () => (this.#quiet = 0))
    })
    this.#timer = setInterval(() => this.#tick(), 5)
  }

  listen(): Promise<number> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port)))
  }

  close(): void {
    clearInterval(this.#timer)
    this.#session.cluster.upgrades?.close()
    for (const { stream } of this.#streams.values()) stream.close()
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#quiet = 0
    this.#spoken = true
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      this.#quiet = 0
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value
      // kubectl sends no token without TLS: whoever can reach the bridge is the administrator.
      headers.authorization ??= `Bearer ${adminToken}`
      const body = Buffer.concat(chunks)
      const answer = this.#session.cluster.handle({ method: request.method ?? 'GET', path: request.url ?? '/', headers, ...(body.length && { body: body.toString('latin1').startsWith('k8s\0') ? body.toString('latin1') : body.toString('utf8') }) })
      response.writeHead(answer.status, answer.headers as Record<string, string>)
      if (!answer.stream) {
        response.end(answer.body)
        return
      }
      response.write(answer.body)
      const seconds = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('timeoutSeconds') ?? 3600)
      this.#streams.set(response, { stream: answer.stream, until: this.#session.cluster.now() + seconds * 1000 })
      response.on('close', () => {
        answer.stream?.close()
        this.#streams.delete(response)
      })
    })
  }

  #tick(): void {
    const { upgrades } = this.#session.cluster
    upgrades?.pump()
    // Starting up and reading answers take real time, of which the cluster must not notice anything.
    if (!this.#spoken || ++this.#quiet < (this.#streams.size + (upgrades?.size ?? 0) > 0 ? quietTurns.watching : quietTurns.idle)) return
    this.#session.advance(100)
    for (const [response, { stream, until }] of this.#streams) {
      const text = stream.read()
      if (text) {
        response.write(text)
        this.#quiet = 0
      }
      if (!stream.closed && this.#session.cluster.now() < until) continue
      response.end()
      this.#streams.delete(response)
    }
  }
}
