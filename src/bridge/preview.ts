import { endpointsIn, isEndpointReady, serviceOf } from '../kinds/endpointslice/endpoints.ts'
import type { KubeObject, ObjectKey } from '../machinery/objects.ts'
import { keyOf } from '../machinery/objects.ts'
import { Cluster } from '../sim/cluster.ts'
import { act } from './actions.ts'
import type { Handle } from './http.ts'
import type { Action, Fate, Preview } from './protocol.ts'

/** Upstream: the monitor's grace of 50 s, five minutes of toleration, and what a replacement takes to come up. */
const forMs = 420_000

interface Seen {
  readonly pod: KubeObject
  readonly owner: string | undefined
  /** When it got its node; the virtual time since the preview's beginning. */
  boundMs?: number
}

/** What would come of some actions, found out on a copy of a cluster in pieces. Nothing of it happens to the cluster itself. */
export class PreviewRun {
  private readonly cluster: Cluster
  private readonly start: number
  private readonly message: string | undefined
  private readonly before = new Map<string, KubeObject>()
  private readonly added = new Map<string, Seen>()
  private readonly empty = new Map<ObjectKey, { since: number | undefined; longest: number }>()

  constructor(cluster: Cluster, actions: readonly Action[], handle: Handle | undefined) {
    this.cluster = Cluster.restore(cluster.snapshot())
    this.start = this.cluster.now()
    for (const pod of this.cluster.api.list('pods')) this.before.set(pod.metadata.uid, pod)
    this.cluster.onEvent((resource, { type, object }) => {
      if (resource === 'pods' && type !== 'DELETED') this.saw(object)
      else if (resource === 'endpointslices.discovery.k8s.io') this.count(object)
    })
    const refused = actions.map((action) => act(this.cluster, action, handle)).find(({ ok }) => !ok)
    this.message = refused?.message
  }

  /** Goes on for a piece of real time; true when it is done. */
  step(isLate: () => boolean): boolean {
    const until = this.start + forMs
    for (let count = 0; this.cluster.clock.step(until); count++) if ((count & 15) === 15 && isLate()) return false
    return true
  }

  result(): Preview {
    const { api } = this.cluster
    const pods = new Map(api.list('pods').map((pod) => [pod.metadata.uid, pod]))
    const successors = new Map<string, Seen[]>()
    for (const seen of this.added.values()) {
      if (!seen.owner || !pods.has(seen.pod.metadata.uid)) continue
      const list = successors.get(seen.owner) ?? []
      list.push(seen)
      successors.set(seen.owner, list)
    }
    const fates: Fate[] = []
    for (const [uid, pod] of this.before) {
      const now = pods.get(uid)
      if (pod.metadata.deletionTimestamp || (now && !now.metadata.deletionTimestamp)) continue
      const owner = ownerOf(pod)
      const seen = owner && successors.get(owner)?.shift()
      fates.push({ pod: keyOf(pod), ...this.fateOf(now, seen || undefined, owner !== undefined) })
    }
    const services = [...this.empty]
      .map(([key, { since, longest }]) => ({
        key,
        emptyMs: since === undefined ? longest : this.cluster.now() - since,
      }))
      .filter(({ emptyMs }) => emptyMs > 0)
    return {
      pods: fates,
      services,
      budgets: this.budgets(),
      ...(this.message !== undefined && { refused: this.message }),
    }
  }

  private fateOf(now: KubeObject | undefined, seen: Seen | undefined, isOwned: boolean): Omit<Fate, 'pod'> {
    if (!seen) return { fate: now && isOwned ? 'held' : isOwned ? 'ends' : 'lost' }
    const { name, namespace = '' } = seen.pod.metadata
    const successor = this.cluster.api.etcd.get('pods', `${namespace}/${name}`)
    const to: string | undefined = successor?.spec?.nodeName
    if (to) return { fate: 'moves', to, afterMs: seen.boundMs ?? 0 }
    const scheduled = successor?.status?.conditions?.find((one: any) => one.type === 'PodScheduled')
    return { fate: 'waits', ...(scheduled?.message && { why: scheduled.message }) }
  }

  private saw(pod: KubeObject): void {
    const { uid } = pod.metadata
    if (this.before.has(uid)) return
    let seen = this.added.get(uid)
    if (!seen) this.added.set(uid, (seen = { pod, owner: ownerOf(pod) }))
    if (pod.spec.nodeName) seen.boundMs ??= this.cluster.now() - this.start
  }

  /** A Service that loses its last ready endpoint answers nobody from then on. */
  private count(slice: KubeObject): void {
    const key = serviceOf(slice)
    if (!key) return
    const isEmpty = !endpointsIn(slice).some(isEndpointReady)
    const known = this.empty.get(key)
    if (isEmpty && known?.since === undefined)
      this.empty.set(key, { since: this.cluster.now(), longest: known?.longest ?? 0 })
    else if (!isEmpty && known?.since !== undefined)
      this.empty.set(key, { since: undefined, longest: Math.max(known.longest, this.cluster.now() - known.since) })
  }

  /** Those that are broken afterwards. */
  private budgets(): Preview['budgets'] {
    return this.cluster.api
      .list('poddisruptionbudgets.policy')
      .map((budget) => ({
        key: keyOf(budget),
        healthy: budget.status?.currentHealthy ?? 0,
        wanted: budget.status?.desiredHealthy ?? 0,
      }))
      .filter(({ healthy, wanted }) => healthy < wanted)
  }
}

function ownerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find((one) => one.controller)?.uid
}
