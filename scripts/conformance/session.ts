import { adminToken, type Change, type ConformanceCluster } from './cluster.ts'
import { KubeletStandIn } from './kubelet-stand-in.ts'
import { Normaliser } from './normalise.ts'

export interface Answer {
  readonly code: number
  readonly body: any
  readonly warnings?: string
}

export interface SendOptions {
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  readonly token?: string
}

/** What settle watches: not Leases, Events, autoscalers or CronJobs. */
const settling = new Set([
  'pods', 'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch', 'endpointslices.discovery.k8s.io', 'persistentvolumeclaims', 'poddisruptionbudgets.policy',
  'resourcequotas', 'namespaces', 'nodes', 'persistentvolumes',
])
const namespace = 'demo'

/** One case's cluster with everything around it: requests, time, the stand-in kubelet, what changed. */
export class Session {
  readonly cluster: ConformanceCluster
  readonly normaliser: Normaliser
  readonly kubelet: KubeletStandIn
  readonly area: string
  /** Values that steps captured. */
  readonly captured: Record<string, string> = {}
  /** Everything written since the case began, first to last. */
  readonly history: { readonly change: Change; readonly at: number }[] = []
  readonly #resources = new Map<string, { path: string; namespaced: boolean; kind: string; groupVersion: string; plural: string }>()
  #lastSettlingChange = 0
  #started = 0

  constructor(cluster: ConformanceCluster, area: string, source: string) {
    this.cluster = cluster
    this.area = area
    this.normaliser = new Normaliser({ area, source })
    this.kubelet = new KubeletStandIn(this)
  }

  send(method: string, path: string, options: SendOptions = {}): Answer {
    const { body, contentType = 'application/json', accept = 'application/json', token } = options
    // What the recorder called itself: the field manager of requests that name none.
    const headers: Record<string, string> = { accept, 'user-agent': 'node' }
    // A step that names no token comes from the cluster's administrator.
    if (token !== 'none') headers.authorization = `Bearer ${token ?? adminToken}`
    if (body !== undefined) headers['content-type'] = contentType
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const response = this.cluster.handle({ method, path, headers, ...(text !== undefined && { body: text }) })
    let raw = response.body
    if (response.stream) {
      const seconds = Number(new URLSearchParams(path.split('?')[1] ?? '').get('timeoutSeconds') ?? 5)
      this.advance(seconds * 1000)
      raw += response.stream.read()
      response.stream.close()
    }
    const warning = response.headers['warning'] ?? response.headers['Warning']
    return { code: response.status, body: parsed(raw), ...(warning !== undefined && { warnings: typeof warning === 'string' ? warning : warning.join(', ') }) }
  }

  /** Lets virtual time pass, with the stand-in kubelet and the heartbeats working meanwhile. */
  advance(ms: number): void {
    const end = this.cluster.now() + ms
    while (this.cluster.now() < end) {
      const next = Math.min(end, this.kubelet.nextDue())
      this.cluster.runFor(Math.max(1, next - this.cluster.now()))
      this.drain()
      this.kubelet.tick()
      this.drain()
    }
  }

  /** Waits until nothing that settle watches changed for so many seconds, or at most `max`. */
  settle(seconds: number, max = 60): void {
    const start = this.cluster.now()
    this.drain()
    this.#lastSettlingChange = start
    while (this.cluster.now() - this.#lastSettlingChange < seconds * 1000 && this.cluster.now() - start < max * 1000) this.advance(100)
  }

  drain(): void {
    for (const change of this.cluster.changes()) {
      const now = this.cluster.now()
      this.history.push({ change, at: change.at ?? now })
      this.kubelet.noticed(change)
      this.learn(change.object)
      const own = change.object.metadata?.namespace
      if (settling.has(change.resource) && (own === namespace || (own === undefined && (change.resource !== 'namespaces' || change.object.metadata.name === namespace)))) this.#lastSettlingChange = now
    }
  }

  learn(object: any): void {
    this.normaliser.learn(object)
  }

  /** Numbers hashes by revision, as the recorder did before each step. */
  learnAll(): void {
    this.drain()
    const objects = ['/apis/apps/v1/namespaces/demo/replicasets', '/apis/apps/v1/namespaces/demo/controllerrevisions'].flatMap((path) => this.send('GET', path).body?.items ?? [])
    this.normaliser.learnRevisions(objects)
  }

  /** Where the history began for the case itself. */
  get started(): number {
    return this.#started
  }

  /** Namespace, its account, its nodes: what is there before the first step. */
  prepare(definition: { namespace?: object; nodes?: readonly any[]; kubelet?: string }): void {
    this.discover()
    this.advance(1000)
    this.send('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, ...definition.namespace } } })
    for (let tries = 0; tries < 40 && this.send('GET', '/api/v1/namespaces/demo/serviceaccounts/default').code !== 200; tries++) this.advance(100)
    this.drain()
    this.#started = this.history.length
    this.addNodes(definition.nodes ?? [])
    if (this.area !== 'kubelet') this.kubelet.setMode(definition.kubelet ?? 'off')
  }

  addNodes(nodes: readonly any[]): void {
    for (const node of nodes) this.kubelet.makeNode(node)
    const names = nodes.map((node) => node.name)
    for (let tries = 0; tries < 80 && names.length > 0 && this.#hasStartupTaint(names); tries++) this.advance(250)
  }

  #hasStartupTaint(names: readonly string[]): boolean {
    const { items = [] } = this.send('GET', '/api/v1/nodes').body ?? {}
    return items.some(
      (node: any) =>
        names.includes(node.metadata.name) &&
        node.spec?.taints?.some((taint: any) => taint.key === 'node.kubernetes.io/not-ready') &&
        node.status?.conditions?.some((condition: any) => condition.type === 'Ready' && condition.status === 'True'),
    )
  }

  /** Reads the resources that are served. */
  discover(): void {
    const versions = ['v1', ...(this.send('GET', '/apis').body?.groups ?? []).flatMap((group: any) => group.versions.map((version: any) => version.groupVersion))]
    for (const groupVersion of versions) {
      const path = `${groupVersion.includes('/') ? '/apis/' : '/api/'}${groupVersion}`
      for (const resource of this.send('GET', path).body?.resources ?? []) {
        if (resource.name.includes('/')) continue
        const entry = { path, namespaced: resource.namespaced, kind: resource.kind, groupVersion, plural: resource.name }
        this.#resources.set(`${groupVersion}/${resource.kind}`, entry)
        this.#resources.set(`${groupVersion}/${resource.name}`, entry)
      }
    }
  }

  /** Where an object is created, or with its name where it is. Undefined for a kind that is not served. */
  pathOf(object: any, withName: boolean): string | undefined {
    const entry = this.#resources.get(`${object.apiVersion}/${object.kind}`)
    if (!entry) return undefined
    const scope = entry.namespaced ? `/namespaces/${object.metadata?.namespace || namespace}` : ''
    return `${entry.path}${scope}/${entry.plural}${withName ? `/${object.metadata.name}` : ''}`
  }

  /** The list of a `group/version/plural`, with any query that follows it. */
  listPath(resource: string): string {
    const slash = resource.lastIndexOf('/')
    const groupVersion = resource.slice(0, slash)
    const plural = resource.slice(slash + 1).split('?')[0]!
    const entry = this.#resources.get(`${groupVersion}/${plural}`)
    const base = `${groupVersion.includes('/') ? '/apis/' : '/api/'}${groupVersion}`
    return `${base}${entry?.namespaced ? `/namespaces/${namespace}` : ''}/${resource.slice(slash + 1)}`
  }
}

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
