import type { ObjectKey } from '../../machinery/objects.ts'

/** A node on which a pod was promised room. */
export interface Nomination {
  readonly key: ObjectKey
  readonly uid: string
  readonly node: string
}

/** Which pods were promised room where, from the decision until they are bound or gone. */
export class Nominator {
  private readonly byPod = new Map<ObjectKey, Nomination>()

  /** Most of the time nobody was promised anything. */
  get size(): number {
    return this.byPod.size
  }

  nodeOf(key: ObjectKey): string | undefined {
    return this.byPod.get(key)?.node
  }

  /** In the order of their keys. */
  on(node: string): Nomination[] {
    return [...this.byPod.values()].filter((one) => one.node === node).sort(byKey)
  }

  /** No node takes a promise back. */
  set(key: ObjectKey, uid: string, node: string | undefined): void {
    if (node) this.byPod.set(key, { key, uid, node })
    else this.byPod.delete(key)
  }

  clear(): void {
    this.byPod.clear()
  }

  snapshot(): readonly Nomination[] {
    return [...this.byPod.values()].sort(byKey)
  }

  restore(nominations: readonly Nomination[]): void {
    this.byPod.clear()
    for (const one of nominations) this.byPod.set(one.key, one)
  }
}

const byKey = (a: Nomination, b: Nomination): number => (a.key < b.key ? -1 : 1)
