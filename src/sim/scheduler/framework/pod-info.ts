import { milliValue, wholeValue } from '../../../machinery/quantity.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { resizing } from './resizing.ts'

export interface Resources {
  milliCPU: number
  memory: number
  ephemeralStorage: number
  /** Extended resources and huge pages; undefined while there are none. */
  scalar: Record<string, number> | undefined
}

/** What a pod's spec asks for, computed once per spec. */
export interface Requests {
  readonly requests: Resources
  /** With upstream's assumption for containers that name nothing: 100m and 200 MB. Used for scores only. */
  readonly nonZeroMilliCPU: number
  readonly nonZeroMemory: number
  readonly hostPorts: readonly { readonly protocol: string; readonly ip: string; readonly port: number }[]
  readonly requiredAffinity: readonly any[]
  readonly requiredAntiAffinity: readonly any[]
  readonly preferredAffinity: readonly any[]
  readonly preferredAntiAffinity: readonly any[]
}

export interface PodInfo extends Requests {
  readonly pod: KubeObject
  readonly key: string
}

interface NonZero {
  milliCPU: number
  memory: number
}

/** What a container that names nothing is taken to ask for. */
const usual: NonZero = { milliCPU: 100, memory: 200 * 1024 * 1024 }
const nothing: NonZero = { milliCPU: 0, memory: 0 }

// A pure function's memo: specs are frozen and shared between a pod's states, and most pods of a workload differ only
// in their metadata.
const memo = new WeakMap<object, Requests>()

export function podInfoOf(pod: KubeObject): PodInfo {
  return { pod, key: keyOf(pod), ...askedBy(pod) }
}

/** What a pod asks for; while it is being resized, the most of what it has and what it wants. */
export function askedBy(pod: KubeObject): Requests {
  const resized = pod.status?.containerStatuses ? resizing(pod) : undefined
  if (resized) return requestsOf(resized)
  let requests = memo.get(pod.spec)
  if (!requests) memo.set(pod.spec, (requests = requestsOf(pod.spec)))
  return requests
}

const likenesses = new WeakMap<object, string>()

/** What affinity terms see of a pod: its namespace, its labels, and the terms it has itself. */
export function likenessOf({ pod }: PodInfo): string {
  const { namespace, labels } = pod.metadata
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  return `${namespace}|${labels ? textOf(labels) : ''}|${podAffinity ? textOf(podAffinity) : ''}|${podAntiAffinity ? textOf(podAntiAffinity) : ''}`
}

function textOf(part: object): string {
  let text = likenesses.get(part)
  if (text === undefined) likenesses.set(part, (text = JSON.stringify(part)))
  return text
}

function requestsOf(spec: any): Requests {
  const { requests, nonZero } = spec.resources?.requests
    ? ofWholePod(spec, spec.resources.requests)
    : ofContainers(spec, usual)
  if (spec.overhead) {
    nonZero.milliCPU += milliValue(spec.overhead.cpu)
    nonZero.memory += wholeValue(spec.overhead.memory)
    addList(requests, spec.overhead)
  }
  const hostPorts = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)].flatMap((container: any) =>
    (container.ports ?? [])
      .filter((port: any) => port.hostPort > 0)
      .map((port: any) => ({ protocol: port.protocol ?? 'TCP', ip: port.hostIP || '0.0.0.0', port: port.hostPort })),
  )
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {}
  return {
    requests,
    nonZeroMilliCPU: nonZero.milliCPU,
    nonZeroMemory: nonZero.memory,
    hostPorts,
    requiredAffinity: podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    requiredAntiAffinity: podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    preferredAffinity: podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    preferredAntiAffinity: podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
  }
}

function ofContainers(spec: any, defaults: NonZero): { requests: Resources; nonZero: NonZero } {
  const requests: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
  const nonZero = { milliCPU: 0, memory: 0 }
  for (const container of spec.containers) add(requests, nonZero, container.resources?.requests, defaults)
  addInitContainers(spec.initContainers ?? [], requests, nonZero, defaults)
  return { requests, nonZero }
}

/**
 * What the pod asks for as a whole takes the place of its containers' sum, for what can be asked for so. Containers are
 * then taken to ask for the usual only of what nobody asks for.
 */
function ofWholePod(spec: any, list: Record<string, string>): { requests: Resources; nonZero: NonZero } {
  const { requests } = ofContainers(spec, nothing)
  if (list.cpu !== undefined) requests.milliCPU = milliValue(list.cpu)
  if (list.memory !== undefined) requests.memory = wholeValue(list.memory)
  for (const name in list) if (name.startsWith('hugepages-')) (requests.scalar ??= {})[name] = wholeValue(list[name])
  const { nonZero } = ofContainers(spec, {
    milliCPU: requests.milliCPU === 0 ? usual.milliCPU : 0,
    memory: requests.memory === 0 ? usual.memory : 0,
  })
  return {
    requests,
    nonZero: { milliCPU: requests.milliCPU || nonZero.milliCPU, memory: requests.memory || nonZero.memory },
  }
}

function isSidecar(container: any): boolean {
  return container.restartPolicy === 'Always'
}

/** Upstream: resource.PodRequests. Sidecars add up; each init container runs beside the sidecars before it. */
function addInitContainers(containers: readonly any[], requests: Resources, nonZero: NonZero, defaults: NonZero): void {
  const sidecars: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
  const sidecarsNonZero = { milliCPU: 0, memory: 0 }
  const peak: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
  const peakNonZero = { milliCPU: 0, memory: 0 }
  for (const container of containers) {
    const own: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
    const ownNonZero = { milliCPU: 0, memory: 0 }
    add(own, ownNonZero, container.resources?.requests, defaults)
    if (isSidecar(container)) {
      add(requests, nonZero, container.resources?.requests, defaults)
      add(sidecars, sidecarsNonZero, container.resources?.requests, defaults)
      max(peak, sidecars)
      maxNonZero(peakNonZero, sidecarsNonZero)
    } else {
      sum(own, sidecars)
      ownNonZero.milliCPU += sidecarsNonZero.milliCPU
      ownNonZero.memory += sidecarsNonZero.memory
      max(peak, own)
      maxNonZero(peakNonZero, ownNonZero)
    }
  }
  max(requests, peak)
  maxNonZero(nonZero, peakNonZero)
}

function add(target: Resources, nonZero: NonZero, list: Record<string, string> | undefined, defaults: NonZero): void {
  nonZero.milliCPU += list?.cpu === undefined ? defaults.milliCPU : milliValue(list.cpu)
  nonZero.memory += list?.memory === undefined ? defaults.memory : wholeValue(list.memory)
  if (list) addList(target, list)
}

function addList(target: Resources, list: Record<string, string>): void {
  for (const name in list) {
    if (name === 'cpu') target.milliCPU += milliValue(list[name])
    else if (name === 'memory') target.memory += wholeValue(list[name])
    else if (name === 'ephemeral-storage') target.ephemeralStorage += wholeValue(list[name])
    else (target.scalar ??= {})[name] = (target.scalar?.[name] ?? 0) + wholeValue(list[name])
  }
}

function sum(target: Resources, other: Resources): void {
  target.milliCPU += other.milliCPU
  target.memory += other.memory
  target.ephemeralStorage += other.ephemeralStorage
  for (const name in other.scalar) (target.scalar ??= {})[name] = (target.scalar?.[name] ?? 0) + other.scalar[name]!
}

function max(target: Resources, other: Resources): void {
  target.milliCPU = Math.max(target.milliCPU, other.milliCPU)
  target.memory = Math.max(target.memory, other.memory)
  target.ephemeralStorage = Math.max(target.ephemeralStorage, other.ephemeralStorage)
  for (const name in other.scalar)
    (target.scalar ??= {})[name] = Math.max(target.scalar?.[name] ?? 0, other.scalar[name]!)
}

function maxNonZero(target: NonZero, other: NonZero): void {
  target.milliCPU = Math.max(target.milliCPU, other.milliCPU)
  target.memory = Math.max(target.memory, other.memory)
}

/** Reads a resource list, such as a node's allocatable. */
export function resourcesOf(list: Record<string, string> | undefined): Resources {
  const resources: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
  const { pods: _pods, ...others } = list ?? {}
  addList(resources, others)
  return resources
}
