import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createPageServer } from 'node:http'
import { createServer as createApiServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clusterOf } from '../bridge/actions.ts'
import { Host } from '../bridge/host.ts'
import type { ClusterShape } from '../bridge/protocol.ts'
import { administrator } from '../sim/apiserver/authentication.ts'
import { Cluster } from '../sim/cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../sim/snapshot.ts'
import { ApiRequests } from './api-requests.ts'
import { credentialsFor, kubeconfigText } from './credentials.ts'
import { readIfThere, writeWhole } from './files.ts'
import { shapeOf } from './shape.ts'
import { Journal } from './journal.ts'
import { PageRequests } from './page-requests.ts'
import { Upgrades } from './streaming/upgrades.ts'

export interface ServeOptions {
  /** Port of the API; the page has the next one. 0: any two that are free. */
  readonly port: number
  /** What is listened on, loopback unless asked otherwise. */
  readonly address: string
  readonly nodes: number
  readonly speed: number
  /** Where the cluster is kept, if it is. */
  readonly state?: string
  readonly kubeconfig?: string
  /** Directory of the built page. */
  readonly page?: string
}

export interface Serving {
  readonly server: string
  readonly page: string | undefined
  readonly kubeconfig: string
  readonly token: string
  /** Saves, lets clients go, and closes. */
  close(): Promise<void>
}

const saveEveryMs = 5_000
const startUpMs = 20_000
const mostConnections = 2_000

/** Starts a cluster and serves it until it is closed. Throws when a port is taken or the state cannot be read. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const hosts = [
    ...new Set(['127.0.0.1', 'localhost', '::1', ...(isWildcard(options.address) ? [] : [options.address])]),
  ]
  const credentials = await credentialsFor(hosts, options.state && `${options.state}.credentials`)
  const shape = shapeOf(options.nodes)
  const cluster = openCluster(options.state, shape, credentials.token)
  const journal = options.state ? new Journal(`${options.state}.journal`) : undefined
  journal?.replay(cluster)
  const host = new Host({ now: () => performance.now(), later: (run, ms) => void setTimeout(run, ms) })
  host.share(cluster, shape, options.speed)
  const requests = new ApiRequests({
    cluster: () => host.cluster,
    journal,
    hosts,
    failed: (error) => console.error(error instanceof Error ? error.stack : error),
  })
  host.onAct((action) => journal?.action(host.cluster, action))
  const upgrades = new Upgrades({ cluster: () => host.cluster, sessions: () => host.cluster.sessions, hosts })
  host.onTick(() => {
    requests.pump.flush()
    upgrades.pump()
  })
  const api = createApiServer({ key: credentials.key, cert: credentials.certificate }, (request, response) =>
    requests.serve(request, response),
  )
  api.on('upgrade', (request, socket, head) => upgrades.upgrade(request, socket, head))
  api.maxConnections = mostConnections
  const port = await listen(api, options.port, options.address)
  const server = `https://${hostOf(options.address)}:${port}`
  let page: string | undefined
  let pageRequests: PageRequests | undefined
  const pages = createPageServer()
  if (options.page) {
    pageRequests = new PageRequests({ root: options.page, hosts, token: credentials.token, host })
    pageRequests.listenTo(pages)
    const pagePort = await listen(pages, options.port === 0 ? 0 : port + 1, options.address)
    page = `http://${hostOf(options.address)}:${pagePort}/#server=${credentials.token}`
  }
  const own = options.kubeconfig ? undefined : mkdtempSync(join(tmpdir(), 'kubecosm-'))
  const kubeconfig = options.kubeconfig ?? join(own!, 'kubeconfig')
  mkdirSync(dirname(kubeconfig), { recursive: true })
  writeWhole(kubeconfig, kubeconfigText(server, credentials))
  const saver = options.state ? keepSaved(host, options.state, journal!) : undefined
  return {
    server,
    page,
    kubeconfig,
    token: credentials.token,
    close: async () => {
      host.stop()
      saver?.stop()
      requests.pump.close()
      upgrades.close()
      pageRequests?.close()
      await Promise.all([closed(api), closed(pages)])
      if (own) rmSync(own, { recursive: true, force: true })
    },
  }
}

/** The cluster of an earlier run, or a new one that has come up. */
function openCluster(file: string | undefined, shape: ClusterShape, token: string): Cluster {
  const tokens = [{ token, user: administrator }]
  const text = file && readIfThere(file)
  if (text) {
    try {
      const snapshot = parseSnapshot(text)
      return Cluster.restore({ ...snapshot, options: { ...(snapshot.options as object), tokens } })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`the cluster in ${file} cannot be read: ${why}. Move the file away to begin anew.`, {
        cause: error,
      })
    }
  }
  // Clients reckon ages by their own clocks.
  const cluster = clusterOf(shape, { tokens, epoch: Date.now() - startUpMs })
  cluster.runFor(startUpMs)
  return cluster
}

/** Saves what changed every few seconds, and once more at the end. */
function keepSaved(host: Host, file: string, journal: Journal): { stop(): void } {
  let saved = -1
  const save = () => {
    const { revision } = host.cluster.api.etcd
    if (revision === saved) return
    writeWhole(file, serialiseSnapshot(host.cluster.snapshot()))
    journal.clear()
    saved = revision
  }
  save()
  const timer = setInterval(save, saveEveryMs)
  return {
    stop: () => {
      clearInterval(timer)
      save()
      journal.close()
    },
  }
}

type Listening = ReturnType<typeof createPageServer> | ReturnType<typeof createApiServer>

function listen(server: Listening, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken; choose another with --port`) : error),
    )
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port))
  })
}

function closed(server: Listening): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve()
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 500)
  })
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

function hostOf(address: string): string {
  return isWildcard(address) ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address
}
