import type { Change } from './cluster.ts'
import type { Session } from './session.ts'

const passEveryMs = 150
const beatEveryMs = 3_000
const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
const micro = (ms: number) => new Date(ms).toISOString().replace(/(\.\d+)Z/, (_all, fraction: string) => `${fraction.padEnd(7, '0')}Z`)

/** Acts for nodes that are only API objects, as the recorder's own stand-in did. */
export class KubeletStandIn {
  readonly #session: Session
  readonly #live = new Set<string>()
  readonly #dead = new Set<string>()
  #mode = 'off'
  #nextPass = 0
  #nextBeat = 0
  /** Did pods change since the last pass? */
  #isStale = true

  constructor(session: Session) {
    this.#session = session
  }

  setMode(mode: string): void {
    this.#mode = mode
    this.#isStale = true
    this.#nextPass = this.#session.cluster.now() + passEveryMs
  }

  noticed(change: Change): void {
    if (change.resource === 'pods') this.#isStale = true
  }

  nextDue(): number {
    const now = this.#session.cluster.now()
    if (this.#nextPass <= now) this.#nextPass = now + passEveryMs
    if (this.#nextBeat <= now) this.#nextBeat = now + beatEveryMs
    const pass = this.#mode === 'auto' || this.#mode === 'hold' ? this.#nextPass : Number.POSITIVE_INFINITY
    return Math.min(pass, this.#live.size ? this.#nextBeat : Number.POSITIVE_INFINITY)
  }

  tick(): void {
    const now = this.#session.cluster.now()
    if (this.#live.size && now >= this.#nextBeat) {
      this.#nextBeat = now + beatEveryMs
      for (const name of this.#live) if (!this.#dead.has(name)) this.beat(name)
    }
    if ((this.#mode === 'auto' || this.#mode === 'hold') && now >= this.#nextPass) {
      this.#nextPass = now + passEveryMs
      if (this.#isStale) this.pass(this.#mode)
    }
  }

  /** One round over all pods; returns how many it changed. */
  pass(mode: string): number {
    this.#isStale = false
    let count = 0
    const { items = [] } = this.#session.send('GET', '/api/v1/namespaces/demo/pods').body ?? {}
    for (const pod of items) {
      if (!pod.spec.nodeName || this.#dead.has(pod.spec.nodeName)) continue
      if (pod.metadata.deletionTimestamp) {
        if (mode === 'hold') continue
        const body = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } }
        this.#session.send('DELETE', `/api/v1/namespaces/demo/pods/${pod.metadata.name}`, { body })
        count++
        continue
      }
      const outcome = pod.metadata.annotations?.['test/outcome'] ?? 'ready'
      if (pod.status.phase !== 'Pending' || outcome === 'pending') continue
      this.report(pod, outcome)
      count++
    }
    return count
  }

  /** Writes a pod's status for that outcome. */
  report(pod: any, outcome: string): void {
    const status = podStatus(pod, outcome, this.#session.cluster.now(), this.#session.area)
    this.#session.send('PATCH', `/api/v1/namespaces/demo/pods/${pod.metadata.name}/status`, { contentType: 'application/merge-patch+json', body: { status } })
  }

  heartbeat(change: { stop?: readonly string[]; start?: readonly string[] }): void {
    for (const name of change.stop ?? []) this.#dead.add(name)
    for (const name of change.start ?? []) {
      this.#dead.delete(name)
      this.#live.add(name)
      this.beat(name)
    }
    this.#isStale = true
  }

  beat(name: string): void {
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: micro(this.#session.cluster.now()) }
    const answer = this.#session.send('PATCH', `${path}/${name}`, { contentType: 'application/merge-patch+json', body: { spec } })
    if (answer.code !== 404) return
    const metadata = { name, namespace: 'kube-node-lease' }
    this.#session.send('POST', path, { body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } })
  }

  /** A bare Node, Ready unless it says otherwise. */
  makeNode(node: any): void {
    const session = this.#session
    if (session.area === 'controllers' && node.heartbeat !== false) {
      this.#dead.delete(node.name)
      this.beat(node.name)
      this.#live.add(node.name)
    }
    const labels = { 'kubernetes.io/hostname': node.name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', ...node.labels }
    const spec = { ...(node.taints && { taints: node.taints }), ...(node.unschedulable && { unschedulable: true }) }
    session.send('POST', '/api/v1/nodes', { body: { apiVersion: 'v1', kind: 'Node', metadata: { name: node.name, labels, annotations: node.annotations }, spec } })
    const capacity = { cpu: String(node.cpu ?? 4), memory: node.memory ?? '8Gi', pods: String(node.pods ?? 110), 'ephemeral-storage': node.storage ?? '100Gi', ...node.capacity }
    const now = seconds(session.cluster.now())
    const condition = (type: string, status: string, reason: string) => ({ type, status, reason, lastHeartbeatTime: now, lastTransitionTime: now })
    const status = {
      capacity,
      allocatable: { ...capacity, ...node.allocatable },
      ...(node.images && { images: node.images }),
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
        node.ready === false ? condition('Ready', 'False', 'KubeletNotReady') : condition('Ready', 'True', 'KubeletReady'),
      ],
    }
    session.send('PATCH', `/api/v1/nodes/${node.name}/status`, { contentType: 'application/merge-patch+json', body: { status } })
  }
}

let addresses = 0

function podStatus(pod: any, outcome: string, nowMs: number, area: string): unknown {
  const now = seconds(nowMs)
  const of = (container: any, state: object, ready: boolean) => ({ name: container.name, image: container.image, imageID: '', ready, started: ready, restartCount: 0, state, lastState: {} })
  const running = { running: { startedAt: now } }
  const exited = (exitCode: number, reason: string) => ({ terminated: { exitCode, reason, startedAt: now, finishedAt: now } })
  const init = (pod.spec.initContainers ?? []).map((container: any) => of(container, container.restartPolicy === 'Always' ? running : exited(0, 'Completed'), true))
  let phase = 'Running'
  let state: object = running
  let isReady = true
  if (outcome === 'succeed') [phase, state, isReady] = ['Succeeded', exited(0, 'Completed'), false]
  else if (outcome === 'fail' || outcome.startsWith('fail:')) [phase, state, isReady] = ['Failed', exited(Number(outcome.split(':')[1] ?? 1), 'Error'), false]
  else if (outcome === 'notready') isReady = false
  const containers = pod.spec.containers.map((container: any) => of(container, state, isReady))
  const ready = isReady ? 'True' : 'False'
  const before = new Map<string, any>((pod.status.conditions ?? []).map((one: any) => [one.type, one]))
  // Only the recorder of the controllers kept transition times.
  const since = (type: string, status: string) => (area === 'controllers' && before.get(type)?.status === status ? before.get(type).lastTransitionTime : now)
  const condition = (type: string, status: string, extra: object = {}) => ({ type, status, lastTransitionTime: since(type, status), lastProbeTime: null, ...extra })
  const reason = isReady ? {} : { reason: phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady' }
  const kept = (pod.status.conditions ?? []).filter((one: any) => one.type === 'PodScheduled' || one.type === 'DisruptionTarget')
  addresses = (addresses + 1) % 60_000
  return {
    phase,
    startTime: (area === 'controllers' && pod.status.startTime) || now,
    hostIP: '10.0.0.1',
    hostIPs: [{ ip: '10.0.0.1' }],
    podIP: (area === 'controllers' && pod.status.podIP) || `10.244.${Math.floor(addresses / 250)}.${1 + (addresses % 250)}`,
    conditions: [
      ...kept,
      condition('PodReadyToStartContainers', phase === 'Running' ? 'True' : 'False'),
      condition('Initialized', 'True'),
      condition('Ready', ready, reason),
      condition('ContainersReady', ready, reason),
    ],
    containerStatuses: containers,
    ...(init.length && { initContainerStatuses: init }),
  }
}
