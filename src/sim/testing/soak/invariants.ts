import { isFinished, isReady } from '../../../kinds/pod/conditions.ts'
import { holdsResources } from '../../../kinds/resourcequota/usage.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { matchesLabelSelector } from '../../../machinery/selectors.ts'
import { milliValue, wholeValue } from '../../../machinery/quantity.ts'
import type { Cluster } from '../../cluster.ts'
import { podInfoOf } from '../../scheduler/framework/pod-info.ts'

/** How long the garbage collector may take. */
const collectedWithinMs = 60_000

/** Watches a cluster's changes for what must never happen. */
export class Invariants {
  /** What was found, in words. */
  readonly broken: string[] = []
  /** Since when a pod's controller is gone, by the pod's uid. */
  private readonly orphanedSince = new Map<string, number>()
  private revision = 0
  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
    const before = cluster.api.etcd.onEvent
    cluster.api.etcd.onEvent = (resource, event) => {
      const revision = Number(event.object.metadata.resourceVersion)
      if (event.type !== 'DELETED' && revision <= this.revision)
        this.broken.push(`resourceVersion ${revision} of ${resource} ${event.key} after ${this.revision}`)
      this.revision = Math.max(this.revision, revision)
      before(resource, event)
    }
  }

  /** Looks at everything as it is now. */
  check(): void {
    const pods = this.cluster.api.list('pods')
    this.noLostPods(pods)
    this.addressesOnce(pods)
    this.quotasHold(pods)
    this.claimsAndVolumes()
    this.nodesHold(pods)
  }

  /** An eviction was let through: what its budgets keep available must still be there. */
  evicted(key: string): void {
    const [namespace, name] = key.split('/') as [string, string]
    const pods = this.cluster.api.list('pods', namespace)
    const evicted = pods.find(({ metadata }) => metadata.name === name)
    for (const budget of this.cluster.api.list('poddisruptionbudgets.policy', namespace)) {
      const { selector, minAvailable } = budget.spec
      const selected = (pod: KubeObject) => matchesLabelSelector(selector, pod.metadata.labels ?? {})
      if (!evicted || !selected(evicted) || !isReady(evicted) || isFinished(evicted)) continue
      const healthy = pods.filter(
        (pod) => selected(pod) && isReady(pod) && !isFinished(pod) && !pod.metadata.deletionTimestamp,
      )
      if (typeof minAvailable === 'number' && healthy.length < minAvailable)
        this.broken.push(
          `the eviction of ${key} leaves ${healthy.length} of ${minAvailable} to budget ${budget.metadata.name}`,
        )
    }
  }

  private noLostPods(pods: readonly KubeObject[]): void {
    const { api } = this.cluster
    const now = this.cluster.now()
    const lost = new Set<string>()
    for (const { metadata } of pods) {
      const owner = metadata.ownerReferences?.find((one) => one.controller)
      if (!owner || metadata.deletionTimestamp) continue
      const resource = api.kindOf(owner)
      const found = resource && api.find(resource, `${metadata.namespace}/${owner.name}`)
      if (found && found.metadata.uid === owner.uid) continue
      lost.add(metadata.uid)
      const since = this.orphanedSince.get(metadata.uid)
      if (since === undefined) this.orphanedSince.set(metadata.uid, now)
      else if (now - since > collectedWithinMs)
        this.broken.push(`pod ${metadata.namespace}/${metadata.name} outlives its ${owner.kind} ${owner.name}`)
    }
    for (const uid of this.orphanedSince.keys()) if (!lost.has(uid)) this.orphanedSince.delete(uid)
  }

  private addressesOnce(pods: readonly KubeObject[]): void {
    const holders = new Map<string, string>()
    const take = (address: string | undefined, holder: string) => {
      if (!address || address === 'None') return
      const other = holders.get(address)
      if (other) this.broken.push(`${address} is ${other}'s and ${holder}'s`)
      holders.set(address, holder)
    }
    for (const pod of pods)
      if (!isFinished(pod) && !pod.spec.hostNetwork)
        take(pod.status?.podIP, `pod ${pod.metadata.namespace}/${pod.metadata.name}`)
    for (const { metadata, spec } of this.cluster.api.list('services')) {
      const holder = `service ${metadata.namespace}/${metadata.name}`
      take(spec.clusterIP, holder)
      for (const { nodePort, protocol } of spec.ports ?? []) if (nodePort) take(`${protocol} ${nodePort}`, holder)
    }
  }

  private quotasHold(pods: readonly KubeObject[]): void {
    const now = this.cluster.clock.wall()
    for (const { metadata, spec, status } of this.cluster.api.list('resourcequotas')) {
      // A quota that came later than the pods only refuses more.
      if (status?.hard?.pods === undefined) continue
      const used = pods.filter((pod) => pod.metadata.namespace === metadata.namespace && holdsResources(pod, now))
      const older = used.filter((pod) => pod.metadata.creationTimestamp! <= metadata.creationTimestamp!)
      if (used.length > Math.max(Number(spec.hard.pods), older.length))
        this.broken.push(`${used.length} pods in ${metadata.namespace}, whose quota is ${spec.hard.pods}`)
    }
  }

  private claimsAndVolumes(): void {
    const claims = this.cluster.api.list('persistentvolumeclaims')
    const byVolume = new Map<string, string>()
    for (const { metadata, spec } of claims) {
      if (!spec.volumeName) continue
      const other = byVolume.get(spec.volumeName)
      if (other) this.broken.push(`volume ${spec.volumeName} is ${other}'s and ${metadata.name}'s`)
      byVolume.set(spec.volumeName, metadata.name)
    }
    const byClaim = new Map<string, string>()
    for (const { metadata, spec, status } of this.cluster.api.list('persistentvolumes')) {
      const uid = spec.claimRef?.uid
      if (!uid || status?.phase !== 'Bound') continue
      const other = byClaim.get(uid)
      if (other) this.broken.push(`claim ${spec.claimRef.name} has volumes ${other} and ${metadata.name}`)
      byClaim.set(uid, metadata.name)
    }
  }

  private nodesHold(pods: readonly KubeObject[]): void {
    const there = new Map<string, { milliCPU: number; memory: number; count: number }>()
    for (const pod of pods) {
      if (!pod.spec.nodeName || isFinished(pod)) continue
      const sum = there.get(pod.spec.nodeName) ?? { milliCPU: 0, memory: 0, count: 0 }
      const { requests } = podInfoOf(pod)
      sum.milliCPU += requests.milliCPU
      sum.memory += requests.memory
      sum.count++
      there.set(pod.spec.nodeName, sum)
    }
    for (const { metadata, status } of this.cluster.api.list('nodes')) {
      const sum = there.get(metadata.name)
      const has = status?.allocatable
      if (!sum || !has) continue
      if (sum.milliCPU > milliValue(has.cpu) || sum.memory > wholeValue(has.memory) || sum.count > Number(has.pods))
        this.broken.push(`node ${metadata.name} holds more than it has`)
    }
  }
}
