import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import { parseQuantity } from '../../machinery/quantity.ts'
import { podStatus, type PodState } from './pod-status.ts'
import { controllerOf, workloadName } from './workload-name.ts'

/** Thousandths of a core, and bytes. */
export interface Amounts {
  readonly milliCPU: number
  readonly memoryBytes: number
}

/** What the graph draws of a pod; its identity changes only when something drawn changed. */
export interface PodView {
  readonly uid: string
  readonly key: ObjectKey
  readonly name: string
  readonly namespace: string
  /** Name of its workload. */
  readonly label: string
  /** kubectl's word. */
  readonly status: string
  readonly state: PodState
  /** One reason, for the largest tiles and for screen readers. */
  readonly reason: string
  readonly node: string | undefined
  /** What most nodes lack for it, in the scheduler's words; '' while it has a node or was not tried. */
  readonly waitsFor: string
  /** The group of pods that belong to the same controller. */
  readonly owned: string
  readonly requests: Amounts
  readonly limits: Amounts
  /** Names of the claims it mounts. */
  readonly claims: readonly string[]
  /** It is gone; its outline fades where it was. */
  readonly ghost?: boolean
}

/** Reads a pod. A pod on a node that nobody hears from is Unknown, whatever it said last. */
export function podView(pod: KubeObject, nodeLost: boolean): PodView {
  const { status, state, ready, containers, restarts } = podStatus(pod)
  const heardFrom = state !== 'Running' && state !== 'NotReady'
  return {
    uid: pod.metadata.uid,
    key: keyOf(pod),
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    label: workloadName(pod),
    status,
    state: nodeLost && !heardFrom ? 'Unknown' : state,
    reason: `${ready}/${containers}${restarts ? ` ↻${restarts}` : ''}`,
    node: pod.spec?.nodeName,
    waitsFor: waitsFor(pod),
    owned: ownedBy(pod),
    requests: amounts(pod.spec, 'requests'),
    limits: amounts(pod.spec, 'limits'),
    claims: claimsOf(pod.spec),
  }
}

/** The group of pods of a controller; without a name, of those in a namespace that have none. */
export function podsOf(kind: string, namespace: string, name: string): string {
  return `of ${kind} ${namespace}/${name}`
}

/** The group of pods that mount a claim. */
export function podsMounting(claim: ObjectKey): string {
  return `mounting ${claim}`
}

/** `0/4 nodes are available: 3 Insufficient cpu, 1 node(s) had untolerated taint(s). …` → `Insufficient cpu` */
function waitsFor({ spec, status }: KubeObject): string {
  if (spec?.nodeName) return ''
  const scheduled = status?.conditions?.find((condition: any) => condition.type === 'PodScheduled')
  if (scheduled?.reason !== 'Unschedulable') return ''
  const list = /available: ([^.]*)/.exec(scheduled.message ?? '')?.[1] ?? ''
  let [most, said] = [0, '']
  for (const [, count, reason] of list.matchAll(/(\d+) ([^,]+)/g)) {
    if (Number(count) > most) [most, said] = [Number(count), reason!.trim()]
  }
  return said
}

function ownedBy(pod: KubeObject): string {
  const namespace = pod.metadata.namespace ?? ''
  const owner = controllerOf(pod)
  // A static pod's mirror is owned by its Node, which is no workload.
  return owner && owner.kind !== 'Node' ? podsOf(owner.kind, namespace, owner.name) : podsOf('', namespace, '')
}

/** Every group a pod is shown in: its node's (`''` while it has none), its controller's, those of its claims. */
export function groupsOf(view: PodView): string[] {
  const claims = view.claims.map((claim) => podsMounting(`${view.namespace}/${claim}`))
  return [view.node ?? '', view.owned, ...claims]
}

function claimsOf(spec: any): readonly string[] {
  const names: string[] = []
  for (const volume of spec?.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName
    if (name) names.push(name)
  }
  return names
}

/** Upstream: resourcehelper.PodRequests: containers and sidecars together, or the largest init container. */
function amounts(spec: any, field: 'requests' | 'limits'): Amounts {
  return { milliCPU: amount(spec, field, 'cpu'), memoryBytes: amount(spec, field, 'memory') }
}

function amount(spec: any, field: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  const of = (container: any): number => {
    const quantity = parseQuantity(container.resources?.[field]?.[resource] ?? '0')
    return !quantity ? 0 : resource === 'cpu' ? quantity.milli : quantity.value
  }
  let running = 0
  for (const container of spec?.containers ?? []) running += of(container)
  let sidecars = 0
  let largestInit = 0
  for (const container of spec?.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars += of(container)
    largestInit = Math.max(largestInit, container.restartPolicy === 'Always' ? sidecars : sidecars + of(container))
  }
  const overhead = field === 'requests' ? of({ resources: { requests: spec?.overhead } }) : 0
  return Math.max(running + sidecars, largestInit) + overhead
}

/** Would these two be drawn alike? */
export function sameView(a: PodView, b: PodView): boolean {
  return (
    a.uid === b.uid &&
    a.state === b.state &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.node === b.node &&
    a.owned === b.owned &&
    a.waitsFor === b.waitsFor &&
    a.label === b.label &&
    a.requests.milliCPU === b.requests.milliCPU &&
    a.requests.memoryBytes === b.requests.memoryBytes
  )
}
