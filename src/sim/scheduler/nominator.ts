import { keyOf, type KubeObject, type ObjectKey } from '../../machinery/objects.ts'
import type { Change } from '../client/cache.ts'
import type { Client } from '../client/client.ts'
import { podInfoOf, type PodInfo } from './framework/pod-info.ts'

/** A node on which a pod was promised room. */
export interface Nomination {
  readonly key: ObjectKey
  readonly uid: string
  readonly node: string
}

/** Which pods were promised room where, from the decision until they have a node or are gone. */
export class Nominator {
  private readonly client: Client
  private readonly byPod = new Map<ObjectKey, Nomination>()

  constructor(client: Client) {
    this.client = client
  }

  nodeOf(key: ObjectKey): string | undefined {
    return this.byPod.size === 0 ? undefined : this.byPod.get(key)?.node
  }

  /** No node takes the promise back. */
  set(key: ObjectKey, uid: string, node: string | undefined): void {
    if (node) this.byPod.set(key, { key, uid, node })
    else if (this.byPod.size > 0) this.byPod.delete(key)
  }

  /** Goes by what the pods' status says, when it changes. */
  podChanged({ type, key, object, old }: Change): void {
    if (type === 'DELETED' || object.spec.nodeName) this.set(key, object.metadata.uid, undefined)
    else if (object.status?.nominatedNodeName !== old?.status?.nominatedNodeName)
      this.set(key, object.metadata.uid, object.status?.nominatedNodeName)
  }

  /** Pods that were promised room on a node and matter at least as much as this one. */
  countedFor(node: string, { pod, key }: PodInfo): readonly PodInfo[] {
    // Asked for every node and pod, and most of the time nobody was promised anything.
    if (this.byPod.size === 0) return nobody
    return this.on(node).filter((one) => one.key !== key && priorityOf(one.pod) >= priorityOf(pod))
  }

  /** A pod gets the node: less important ones that were promised room there have to look elsewhere. */
  giveUpFor(pod: KubeObject, node: string): void {
    for (const { key, pod: other } of this.on(node)) {
      if (priorityOf(other) >= priorityOf(pod)) continue
      this.byPod.delete(key)
      const live = this.client.live('pods', key)
      if (!live?.status?.nominatedNodeName) continue
      const { nominatedNodeName: _given, ...status } = live.status
      this.client.updateStatus('pods', { ...live, status })
    }
  }

  /** Forgets what was promised, and believes the pods. */
  rebuild(pods: readonly KubeObject[]): void {
    this.byPod.clear()
    for (const pod of pods)
      if (!pod.spec.nodeName) this.set(keyOf(pod), pod.metadata.uid, pod.status?.nominatedNodeName)
  }

  snapshot(): readonly Nomination[] {
    return [...this.byPod.values()].sort(byKey)
  }

  restore(nominations: readonly Nomination[]): void {
    this.byPod.clear()
    for (const one of nominations) this.byPod.set(one.key, one)
  }

  private on(node: string): readonly PodInfo[] {
    const here = [...this.byPod.values()].filter((one) => one.node === node).sort(byKey)
    return here.flatMap(({ key, uid }) => {
      const pod = this.client.get('pods', key)
      return pod?.metadata.uid === uid ? [podInfoOf(pod)] : []
    })
  }
}

const nobody: readonly PodInfo[] = []

const byKey = (a: Nomination, b: Nomination): number => (a.key < b.key ? -1 : 1)

function priorityOf(pod: KubeObject): number {
  return pod.spec.priority ?? 0
}
