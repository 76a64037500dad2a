import { bytesQuantity, wholeValue } from '../../machinery/quantity.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { memoryForPods } from '../machines/machine.ts'
import { later, type KubeletEnvironment } from './environment.ts'
import { terminate } from './pod-terminator.ts'
import type { ContainerState, PodState } from './state.ts'
import { isInMemory, overfullVolume, sizeOfTree } from './volumes.ts'

/** Upstream: the summary of a pod's volumes is worked out once a minute. */
const storagePeriodMs = 60_000
/** Upstream: monitoringInterval, evictionHard memory.available, evictionPressureTransitionPeriod. */
export const monitorMs = 10_000
const leastMemory = 100 * 1024 * 1024
export const transitionMs = 300_000
/** Seconds. Upstream: immediateEvictionGracePeriodSeconds. */
const atOnce = 1

/** Looks after what a pod stores, if anything limits that. */
export function watchStorage(environment: KubeletEnvironment, pod: PodState): void {
  const { spec } = pod.pod
  const isLimited =
    spec.volumes?.some(({ emptyDir }: any) => emptyDir?.sizeLimit !== undefined) ||
    [...spec.containers, ...(spec.initContainers ?? [])].some((one: any) => storageLimit(one) !== undefined)
  if (isLimited) later(environment, storagePeriodMs, { pod: pod.uid, step: 'storage' }, true)
}

const storageLimit = (spec: any): string | undefined => spec.resources?.limits?.['ephemeral-storage']

/** A pod's storage is measured again. Upstream: localStorageEviction. */
export function storageDue(environment: KubeletEnvironment, pod: PodState): void {
  if (pod.stage !== 'running') return
  const problem = storageProblem(pod)
  if (problem === undefined) return later(environment, storagePeriodMs, { pod: pod.uid, step: 'storage' }, true)
  evict(environment, pod, problem)
}

/** Which of its limits on local storage a pod is beyond, in upstream's words. */
export function storageProblem(pod: PodState): string | undefined {
  const volume = overfullVolume(pod)
  if (volume) return `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${volume.limit}". `
  const { spec } = pod.pod
  const limits = spec.containers.map(storageLimit)
  if (limits.every((limit: string | undefined) => limit !== undefined)) {
    const total = limits.reduce((sum: number, limit: string) => sum + wholeValue(limit), 0)
    const used = pod.containers.reduce((sum, one) => sum + storedBy(one), 0) + storedInVolumes(pod)
    if (used > total)
      return `Pod ephemeral local storage usage exceeds the total limit of containers ${bytesText(total)}. `
  }
  for (const one of pod.containers) {
    const limit = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }: any) => name === one.name)
    const most = limit && storageLimit(limit)
    if (most !== undefined && storedBy(one) > wholeValue(most))
      return `Container ${one.name} exceeded its local ephemeral storage limit "${most}". `
  }
  return undefined
}

/** What a container has written over its image, and its log. */
export function storedBy({ kernel, log }: ContainerState): number {
  return (kernel ? sizeOfTree(kernel.upper) : 0) + (log?.bytes ?? 0)
}

/** What a pod has in volumes on the node's disk. */
export function storedInVolumes({ pod, trees = {} }: PodState): number {
  let bytes = 0
  for (const volume of pod.spec.volumes ?? [])
    if (volume.emptyDir && !isInMemory(volume) && Object.hasOwn(trees, volume.name))
      bytes += sizeOfTree(trees[volume.name]!.node)
  return bytes
}

/** The node ends a pod: it has failed, and is not run again here. */
export function evict(environment: KubeletEnvironment, pod: PodState, message: string, isDisruption = false): void {
  environment.client.events.warning(pod.pod, 'Evicted', message)
  pod.eviction = { reason: 'Evicted', message, ...(isDisruption && { isDisruption }) }
  terminate(environment, pod, atOnce)
}

/** What all containers use has changed: is there enough left? */
export function memoryChanged(environment: KubeletEnvironment, usedBytes: number): void {
  const { state, clock, actor } = environment
  if (state.watchesMemory || memoryForPods(environment.machine()) - usedBytes >= leastMemory) return
  state.watchesMemory = true
  const due = (Math.floor(clock.now() / monitorMs) + 1) * monitorMs
  clock.schedule(actor, due - clock.now(), { memory: true, boot: state.boots }, { background: true })
}

/** The node's memory is looked at again. Upstream: managerImpl.synchronize: one pod goes at a time. */
export function memoryDue(environment: KubeletEnvironment): void {
  const { state, clock, client, name, containers } = environment
  const available = memoryForPods(environment.machine()) - containers.memoryUsed()
  const isLow = available < leastMemory
  if (isLow) {
    const isNew = state.pressureSince === undefined
    state.pressureSince = clock.now()
    if (isNew) environment.reportNode()
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } }
    client.events.warning(node, 'EvictionThresholdMet', 'Attempting to reclaim memory')
    const victim = rankedForMemory(environment)[0]
    if (victim) evict(environment, victim, memoryMessage(environment, victim, available), true)
  } else if (state.pressureSince === undefined || clock.now() - state.pressureSince >= transitionMs) {
    delete state.watchesMemory
    delete state.pressureSince
    return environment.reportNode()
  }
  clock.schedule(environment.actor, monitorMs, { memory: true, boot: state.boots }, { background: true })
}

/** Pods as they go when memory runs out. Upstream: rankMemoryPressure: beyond its requests, priority, how far beyond. */
export function rankedForMemory({ state, containers }: KubeletEnvironment): PodState[] {
  return ranked(state.pods, 'memory', (pod) => containers.memoryOf(pod))
}

/** Pods as they go when something runs out. Upstream: orderedBy. */
export function ranked(pods: readonly PodState[], resource: string, usedBy: (pod: PodState) => number): PodState[] {
  const candidates = pods
    .filter((pod) => pod.stage === 'running' && !isCritical(pod.pod))
    .map((pod) => {
      const requests = pod.pod.spec.containers.map((one: any) => requestOf(one, resource))
      const asked = requests.reduce((sum: number, one: number) => sum + one, 0)
      return { pod, beyond: usedBy(pod) - asked, priority: pod.pod.spec.priority ?? 0 }
    })
  candidates.sort(
    (a, b) => Number(b.beyond > 0) - Number(a.beyond > 0) || a.priority - b.priority || b.beyond - a.beyond,
  )
  return candidates.map(({ pod }) => pod)
}

/** Upstream: IsCriticalPod. */
export function isCritical({ metadata, spec }: KubeObject): boolean {
  return metadata.annotations?.['kubernetes.io/config.source'] === 'file' || (spec.priority ?? 0) >= 2_000_000_000
}

const requestOf = ({ resources }: any, resource: string): number => wholeValue(resources?.requests?.[resource] ?? '0')

function memoryMessage({ containers }: KubeletEnvironment, pod: PodState, available: number): string {
  return evictionMessage(pod, 'memory', '100Mi', available, (one) => containers.usage(pod, one)?.heldBytes ?? 0)
}

/** Why a pod goes, and which of its containers use more than they asked for. Upstream: evictionMessage. */
export function evictionMessage(
  pod: PodState,
  resource: string,
  threshold: string,
  available: number,
  usedBy: (container: ContainerState) => number,
): string {
  let text = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${bytesText(Math.max(0, available))}. `
  for (const spec of pod.pod.spec.containers) {
    const container = pod.containers.find(({ name }) => name === spec.name)
    const used = container ? usedBy(container) : 0
    if (used > requestOf(spec, resource))
      text += `Container ${spec.name} was using ${bytesText(used)}, request is ${spec.resources?.requests?.[resource] ?? 0}, has larger consumption of ${resource}. `
  }
  return text
}

/** A usage as a message tells it. */
export const bytesText = (bytes: number): string => bytesQuantity(Math.ceil(bytes / 1024) * 1024)
