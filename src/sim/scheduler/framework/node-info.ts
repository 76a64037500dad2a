import { wholeValue } from '../../../machinery/quantity.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { SelectorCounts } from './selector-counts.ts'
import { likenessOf, resourcesOf, type PodInfo, type Resources } from './pod-info.ts'

/** Pods of a node that affinity terms cannot tell apart: of one namespace, with the same labels and the same terms. */
export interface AlikePods {
  readonly key: string
  /** One of them. */
  readonly info: PodInfo
  readonly count: number
}

/** A node as the scheduler sees it: the object, what its pods ask for, and what is left. */
export class NodeInfo {
  readonly name: string
  node: KubeObject
  readonly pods = new Map<string, PodInfo>()
  readonly requested: Resources = { milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: undefined }
  nonZeroMilliCPU = 0
  nonZeroMemory = 0
  allocatable: Resources
  allowedPods: number
  /** Pods here with any pod affinity or anti-affinity. */
  affinityPods = 0
  private images: Map<string, number> | undefined
  private groups: readonly AlikePods[] | undefined

  private readonly counts: SelectorCounts | undefined

  constructor(node: KubeObject, counts?: SelectorCounts) {
    this.counts = counts
    this.name = node.metadata.name
    this.node = node
    this.allocatable = resourcesOf(undefined)
    this.allowedPods = 0
    this.setNode(node)
  }

  setNode(node: KubeObject): void {
    if (node.status?.images !== this.node.status?.images) this.images = undefined
    this.node = node
    const allocatable: Record<string, string> | undefined = node.status?.allocatable
    this.allocatable = resourcesOf(allocatable)
    this.allowedPods = wholeValue(allocatable?.pods)
  }

  addPod(info: PodInfo): void {
    this.removePod(info.key)
    this.pods.set(info.key, info)
    this.count(info, 1)
  }

  removePod(key: string): void {
    const info = this.pods.get(key)
    if (!info) return
    this.pods.delete(key)
    this.count(info, -1)
  }

  /** The same node on paper, whose pods nobody counts. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.node)
    for (const info of this.pods.values()) copy.addPod(info)
    return copy
  }

  get labels(): Readonly<Record<string, string>> {
    return this.node.metadata.labels ?? empty
  }

  /** Image name → size in bytes. */
  imageSizes(): ReadonlyMap<string, number> {
    if (!this.images) {
      this.images = new Map()
      for (const image of this.node.status?.images ?? []) {
        for (const name of image.names ?? []) this.images.set(name, image.sizeBytes ?? 0)
      }
    }
    return this.images
  }

  /** The pods here, those that are alike together; worked out when asked for. */
  alikePods(): readonly AlikePods[] {
    if (this.groups) return this.groups
    const byKey = new Map<string, { key: string; info: PodInfo; count: number }>()
    for (const info of this.pods.values()) {
      const key = likenessOf(info)
      const group = byKey.get(key)
      if (group) group.count++
      else byKey.set(key, { key, info, count: 1 })
    }
    this.groups = [...byKey.values()]
    return this.groups
  }

  private count(info: PodInfo, sign: 1 | -1): void {
    const { requested } = this
    this.groups = undefined
    this.counts?.changed(this.name, info.pod, sign)
    requested.milliCPU += sign * info.requests.milliCPU
    requested.memory += sign * info.requests.memory
    requested.ephemeralStorage += sign * info.requests.ephemeralStorage
    for (const name in info.requests.scalar) {
      requested.scalar ??= {}
      requested.scalar[name] = (requested.scalar[name] ?? 0) + sign * info.requests.scalar[name]!
    }
    this.nonZeroMilliCPU += sign * info.nonZeroMilliCPU
    this.nonZeroMemory += sign * info.nonZeroMemory
    const affinity =
      info.requiredAffinity.length +
      info.requiredAntiAffinity.length +
      info.preferredAffinity.length +
      info.preferredAntiAffinity.length
    if (affinity === 0) return
    this.affinityPods += sign
    if (this.counts) this.counts.affinityPods += sign
  }
}

const empty: Readonly<Record<string, string>> = {}
