import { deepEqual } from '../../lib/deep-equal.ts'
import { rfc3339Micro } from '../../lib/time.ts'
import type { KubeletEnvironment } from './environment.ts'
import { imagesOf, nodeConditions, nodeObject, nodeStatus } from './node-object.ts'

const leases = 'leases.coordination.k8s.io'
/** Upstream: nodeLeaseDurationSeconds 40, renewed every quarter of it. */
const leaseSeconds = 40
const leasePeriodMs = 10_000
const ready = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' } as const
const starting = {
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
} as const

/** Renewals come a little apart, so that not all nodes' come at once. Upstream: the controller's JitterFactor of 0.04. */
export function leaseDelay({ api }: KubeletEnvironment): number {
  return leasePeriodMs + api.random.below(leasePeriodMs * 0.04)
}

/** Makes the Node, if there is none, and says that the kubelet is here. */
export function register(environment: KubeletEnvironment): void {
  const { client, name, machine } = environment
  const { events } = client
  if (!client.live('nodes', name)) client.create('nodes', nodeObject(machine()))
  const node = reference(name)
  events.normal(node, 'Starting', 'Starting kubelet.')
  if (machine().cgroups === 1) events.warning(node, 'CgroupV1', oldGroups)
  for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'])
    events.normal(node, reason, `Node ${name} status is now: ${reason}`)
  events.normal(node, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
  reportNode(environment, false)
  renewLease(environment)
}

const oldGroups =
  'cgroup v1 detected. cgroup v1 support is deprecated and will be removed in a future release. Please migrate to cgroup v2. More information at https://git.k8s.io/enhancements/keps/sig-node/5573-remove-cgroup-v1'

/** Says that the node is alive. */
export function renewLease({ client, clock, name }: KubeletEnvironment): void {
  const renewTime = rfc3339Micro(clock.wall())
  const lease = client.live(leases, `kube-node-lease/${name}`)
  if (lease) {
    client.update(leases, { ...lease, spec: { ...lease.spec, renewTime } })
    return
  }
  const node = client.live('nodes', name)
  if (!node) return
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid }
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime }
  client.create(
    leases,
    { metadata: { name, namespace: 'kube-node-lease', ownerReferences: [owner] }, spec },
    'kube-node-lease',
  )
}

/** Writes a Node's status. */
export function reportNode(environment: KubeletEnvironment, isReady: boolean): void {
  const { client, machine, name, state } = environment
  if (!environment.online()) return
  const node = client.live('nodes', name)
  if (!node) return
  const before = node.status?.conditions
  const isLow = state.pressureSince !== undefined
  const isFull = state.diskPressureSince !== undefined
  const conditions = nodeConditions(isReady ? ready : starting, { isLow, isFull }, client.timestamp(), before)
  const status = { ...node.status, ...nodeStatus(machine()), conditions }
  client.updateStatus('nodes', { ...node, status })
  const was = (type: string) => before?.find((one: any) => one.type === type)?.status
  const tell = (reason: string) =>
    client.events.normal(reference(name), reason, `Node ${name} status is now: ${reason}`)
  const wasLow = was('MemoryPressure')
  if (wasLow && (wasLow === 'True') !== isLow) tell(isLow ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory')
  const wasFull = was('DiskPressure')
  if (wasFull && (wasFull === 'True') !== isFull) tell(isFull ? 'NodeHasDiskPressure' : 'NodeHasNoDiskPressure')
  if (isReady && was('Ready') !== 'True') tell('NodeReady')
}

/** Writes the list of a node's images, if it changed. */
export function reportImages(environment: KubeletEnvironment): void {
  const { client, machine, name } = environment
  const node = environment.online() ? client.live('nodes', name) : undefined
  if (!node) return
  const images = imagesOf(machine())
  if (!deepEqual(images, node.status?.images))
    client.updateStatus('nodes', { ...node, status: { ...node.status, images } })
}

function reference(name: string) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } }
}
