import type { Cluster } from '../sim/cluster.ts'
import type { Flow } from '../sim/network/types.ts'
import type { TrafficRoute } from './protocol.ts'

const bucketMs = 5_000
const buckets = 12
/** Rates are of so many whole buckets. */
const recent = 2
const routesKept = 400
const routesTold = 100
const timesKept = 200
const openKept = 5_000

interface Route {
  readonly from: string
  readonly to: TrafficRoute['to']
  readonly port: number
  readonly counts: number[]
  readonly failures: number[]
  /** Number of the last bucket that something was counted in. */
  bucket: number
  times: number[]
  last: string
}

interface Open {
  readonly route: Route
  readonly at: number
  answered: boolean
}

const words = { ECONNREFUSED: 'connection refused', ETIMEDOUT: 'timed out', EHOSTUNREACH: 'no route' } as const

const counters = new WeakMap<Cluster, Traffic>()

/** The one that counts what passes over a cluster's network, however many look on. */
export function trafficOf(cluster: Cluster): Traffic {
  let traffic = counters.get(cluster)
  if (!traffic) counters.set(cluster, (traffic = new Traffic(cluster)))
  return traffic
}

/** Counts what passes over a cluster's network. It looks on: a cluster that goes back in time is counted anew. */
class Traffic {
  private readonly cluster: Cluster
  private readonly routes = new Map<string, Route>()
  private readonly open = new Map<number, Open>()
  private readonly pods = new Map<string, string>()
  /** Counts changes. */
  version = 0

  constructor(cluster: Cluster) {
    this.cluster = cluster
    cluster.network.onFlow = (flow) => this.saw(flow)
  }

  /** The busiest routes of the last minute. */
  told(): TrafficRoute[] {
    const now = this.bucketNow()
    const found: TrafficRoute[] = []
    for (const [id, route] of this.routes) {
      advance(route, now)
      if (route.counts.every((count) => count === 0)) {
        this.routes.delete(id)
        continue
      }
      const { from, to, port, counts, failures, times, last } = route
      const sorted = [...times].sort((a, b) => a - b)
      const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null
      found.push({
        from,
        to,
        port,
        perSecond: rate(counts, this.cluster.now()),
        failedPerSecond: rate(failures, this.cluster.now()),
        p50: at(0.5),
        p95: at(0.95),
        counts: [...counts],
        failures: [...failures],
        last,
      })
    }
    return found.sort((a, b) => b.perSecond - a.perSecond || (a.from < b.from ? -1 : 1)).slice(0, routesTold)
  }

  private saw(flow: Flow): void {
    if (flow.what === 'asked') return this.asked(flow)
    const open = this.open.get(flow.id)
    if (!open) return
    const { route } = open
    const now = this.bucketNow()
    this.version++
    if (flow.what === 'connected') {
      route.last = 'OK'
      this.time(open)
    } else if (flow.what === 'failed') {
      this.open.delete(flow.id)
      advance(route, now)
      route.failures[buckets - 1]!++
      route.last = words[flow.errno!]
    } else if (flow.status !== undefined) {
      // Over a connection that is kept, each further answer is a request of its own.
      if (open.answered) {
        advance(route, now)
        route.counts[buckets - 1]!++
      } else {
        route.times.pop()
        this.time(open)
      }
      open.answered = true
      route.last = String(flow.status)
      if (flow.status >= 500) {
        advance(route, now)
        route.failures[buckets - 1]!++
      }
    }
  }

  private asked({ id, caller, port, service, callee }: Flow): void {
    // Probes are the kubelet's own business.
    if (caller.kind !== 'container') return
    const from = this.keyOf(caller.pod)
    if (!from) return
    const to: TrafficRoute['to'] = service
      ? { resource: 'services', key: service }
      : callee?.kind === 'container'
        ? { resource: 'pods', key: this.keyOf(callee.pod) ?? '' }
        : { host: '' }
    const name = `${from} ${JSON.stringify(to)} ${port}`
    let route = this.routes.get(name)
    if (!route) {
      if (this.routes.size >= routesKept) return
      const none = () => new Array<number>(buckets).fill(0)
      route = { from, to, port, counts: none(), failures: none(), bucket: this.bucketNow(), times: [], last: '' }
      this.routes.set(name, route)
    }
    advance(route, this.bucketNow())
    route.counts[buckets - 1]!++
    this.version++
    if (this.open.size >= openKept) this.open.delete(this.open.keys().next().value!)
    this.open.set(id, { route, at: this.cluster.now(), answered: false })
  }

  private time({ route, at }: Open): void {
    route.times.push(this.cluster.now() - at)
    if (route.times.length > timesKept) route.times.shift()
  }

  private bucketNow(): number {
    return Math.floor(this.cluster.now() / bucketMs)
  }

  private keyOf(uid: string): string | undefined {
    const known = this.pods.get(uid)
    if (known !== undefined) return known
    for (const [key, { object }] of this.cluster.api.etcd.entries('pods')) this.pods.set(object.metadata.uid, key)
    return this.pods.get(uid)
  }
}

/** Lets time pass in a route's counts. */
function advance(route: Route, now: number): void {
  for (const list of [route.counts, route.failures]) {
    const passed = Math.min(buckets, now - route.bucket)
    for (let count = 0; count < passed; count++) {
      list.shift()
      list.push(0)
    }
  }
  route.bucket = now
}

/** Over the last whole buckets and what there is of the current one. */
function rate(counts: readonly number[], now: number): number {
  const sum = counts.slice(-recent - 1).reduce((all, one) => all + one, 0)
  return Math.round((sum / ((recent * bucketMs + (now % bucketMs)) / 1000)) * 10) / 10
}
