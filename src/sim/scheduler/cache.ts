import { isFinished } from '../../kinds/pod/conditions.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import type { Change } from '../client/cache.ts'
import type { Client } from '../client/client.ts'
import { NodeInfo } from './framework/node-info.ts'
import { zonesInTurn } from './framework/node-order.ts'
import { SelectorCounts } from './framework/selector-counts.ts'
import { podInfoOf } from './framework/pod-info.ts'

/** A pod that was given a node and is not seen there yet. */
export interface AssumedPod {
  readonly key: string
  readonly uid: string
  readonly node: string
}

/**
 * Nodes with their pods, kept up to date change by change. Derived: it is rebuilt from the informers' caches and
 * the assumed pods, and must then be the same.
 */
export class SchedulerCache {
  readonly counts = new SelectorCounts()
  private readonly infos = new Map<string, NodeInfo>()
  private list: NodeInfo[] | undefined
  private readonly assumed = new Map<string, AssumedPod>()
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
    client.cache('nodes').onChange((change) => this.nodeChanged(change))
    client.cache('pods').onChange((change) => this.podChanged(change))
    this.rebuild([])
  }

  /** In the order in which the nodes were created; from many nodes up one zone after the other has its turn. */
  nodes(): readonly NodeInfo[] {
    this.list ??= zonesInTurn(
      this.client
        .cache('nodes')
        .list()
        .map((node) => this.infos.get(node.metadata.name)!),
    )
    return this.list
  }

  node(name: string): NodeInfo | undefined {
    return this.infos.get(name)
  }

  isAssumed(key: string): boolean {
    return this.assumed.has(key)
  }

  /** Counts a pod on a node before its binding is seen. */
  assume(pod: KubeObject, node: string): void {
    const key = keyOf(pod)
    this.assumed.set(key, { key, uid: pod.metadata.uid, node })
    this.infos.get(node)?.addPod(podInfoOf(pod))
  }

  /** The binding failed. */
  forget(key: string): void {
    const assumed = this.assumed.get(key)
    if (!assumed) return
    this.assumed.delete(key)
    this.infos.get(assumed.node)?.removePod(key)
  }

  snapshot(): readonly AssumedPod[] {
    return [...this.assumed.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  rebuild(assumed: readonly AssumedPod[]): void {
    this.counts.clear()
    this.infos.clear()
    this.assumed.clear()
    this.list = undefined
    for (const node of this.client.cache('nodes').list())
      this.infos.set(node.metadata.name, new NodeInfo(node, this.counts))
    const pods = this.client.cache('pods')
    for (const pod of pods.list()) this.place(pod)
    for (const one of assumed) {
      this.assumed.set(one.key, one)
      const pod = pods.get(one.key)
      if (pod && pod.metadata.uid === one.uid) this.infos.get(one.node)?.addPod(podInfoOf(pod))
    }
  }

  private nodeChanged({ type, object }: Change): void {
    const { name } = object.metadata
    this.list = undefined
    if (type === 'DELETED') {
      for (const key of [...(this.infos.get(name)?.pods.keys() ?? [])]) this.infos.get(name)!.removePod(key)
      this.infos.delete(name)
      return
    }
    const info = this.infos.get(name)
    if (info) {
      info.setNode(object)
      return
    }
    this.infos.set(name, new NodeInfo(object, this.counts))
    for (const pod of this.client.cache('pods').byIndex('node', name)) this.place(pod)
  }

  private podChanged({ type, key, object, old }: Change): void {
    const assumed = this.assumed.get(key)
    if (assumed && (type === 'DELETED' || object.spec.nodeName || object.metadata.uid !== assumed.uid)) {
      this.assumed.delete(key)
      if (object.spec.nodeName !== assumed.node || type === 'DELETED') this.infos.get(assumed.node)?.removePod(key)
    }
    if (old?.spec.nodeName && (type === 'DELETED' || old.spec.nodeName !== object.spec.nodeName)) {
      this.infos.get(old.spec.nodeName)?.removePod(key)
    }
    if (type === 'DELETED') return
    if (isFinished(object)) this.infos.get(object.spec.nodeName)?.removePod(key)
    else this.place(object)
  }

  private place(pod: KubeObject): void {
    if (pod.spec.nodeName && !isFinished(pod)) this.infos.get(pod.spec.nodeName)?.addPod(podInfoOf(pod))
  }
}
